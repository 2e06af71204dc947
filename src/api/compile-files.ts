/** Rule files -> what they mean, or what is wrong with them, by the settings of this server. */
import { compileAndAnalyze } from "../analysis/index.ts";
import { buildEgressPolicy, refusedAddress } from "../callouts/index.ts";
import { compileRuleSet } from "../compiler/index.ts";
import type { Config } from "../config/index.ts";
import { toRecord } from "../diagnostics/index.ts";
import type { CompileFiles } from "./rule-sets.ts";

export function compileFiles(config: Pick<Config, "secrets" | "egressAllow" | "mailEdition">): CompileFiles {
  const knownSecrets = new Set(config.secrets.keys());
  const policy = buildEgressPolicy(config.egressAllow);
  return (files, purpose) => {
    const compile = purpose === "told" ? compileAndAnalyze : compileRuleSet;
    const { diagnostics, ir } = compile(files, {
      knownSecrets,
      runsLive: true,
      mailEdition: config.mailEdition,
      refusedAddress: (url) => refusedAddress(policy, url),
    });
    return { diagnostics: diagnostics.map(toRecord), ir };
  };
}
