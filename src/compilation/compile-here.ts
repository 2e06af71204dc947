/** Rule files -> what they mean, in this thread, by settings that are plain data. Knows no server and no other thread. */
import { buildEgressPolicy, refusedAddress } from "../callouts/index.ts";
import type { CheckOptions } from "../checker/index.ts";
import { compileRuleSet, type CompiledRuleSet } from "../compiler/index.ts";
import type { SourceFile } from "./compiled-files.ts";

/** What of a server's settings the checker asks for. */
export interface CompileSettings {
  readonly secretNames: readonly string[];
  readonly egressAllow: readonly string[];
  readonly mailEdition: "advanced" | "basic";
}

/** Not yet analysed. `isTold`: somebody publishes or asks, and hears of all that this process would not take. */
export function compileHere(
  files: readonly SourceFile[],
  { secretNames, egressAllow, mailEdition }: CompileSettings,
  isTold: boolean,
): CompiledRuleSet {
  const policy = buildEgressPolicy(egressAllow);
  const options: CheckOptions = {
    knownSecrets: new Set(secretNames),
    // A set that is in force stays so in another edition: its mailboxes are judged where mail comes in (IEP-13).
    mailEdition: isTold ? mailEdition : undefined,
    refusedAddress: (url) => refusedAddress(policy, url),
  };
  return compileRuleSet(files, options);
}
