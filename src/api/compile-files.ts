/** Rule files -> what they mean, or what is wrong with them, by the settings of this server. */
import { compileRuleSet } from "../compiler/index.ts";
import type { Config } from "../config/index.ts";
import { toRecord } from "../diagnostics/index.ts";
import type { RuleFile } from "../store/desk/index.ts";
import type { CompiledFiles } from "./rule-sets.ts";

export function compileFiles(config: Pick<Config, "secrets">): (files: readonly RuleFile[]) => CompiledFiles {
  const knownSecrets = new Set(config.secrets.keys());
  return (files) => {
    const { diagnostics, ir } = compileRuleSet(files, { knownSecrets, runsLive: true });
    return { diagnostics: diagnostics.map(toRecord), ir };
  };
}
