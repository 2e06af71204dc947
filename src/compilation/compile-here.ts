/** Rule files -> what they mean, in this thread, by settings that are plain data. Knows no server and no other thread. */
import { compileAndAnalyze } from "../analysis/index.ts";
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

export function compileHere(
  files: readonly SourceFile[],
  { secretNames, egressAllow, mailEdition }: CompileSettings,
  isAnalysed: boolean,
): CompiledRuleSet {
  const policy = buildEgressPolicy(egressAllow);
  const options: CheckOptions = {
    knownSecrets: new Set(secretNames),
    // A set that is in force stays so in another edition: its mailboxes are judged where mail comes in (IEP-13).
    mailEdition: isAnalysed ? mailEdition : undefined,
    refusedAddress: (url) => refusedAddress(policy, url),
  };
  return isAnalysed ? compileAndAnalyze(files, options) : compileRuleSet(files, options);
}
