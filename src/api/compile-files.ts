/** Rule files -> what they mean, or what is wrong with them, by the settings of this server. */
import type { Config } from "../config/index.ts";
import { toRecord } from "../diagnostics/index.ts";
import { RULES_COMPILE_ASIDE_UNITS_MIN } from "../domain/index.ts";
import { compileAside } from "./compile-aside.ts";
import { compileHere, type CompileSettings } from "./compile-here.ts";
import type { CompileFiles } from "./rule-sets.ts";

/** Small sets are compiled at once; above a size in a thread, so that alerts are taken meanwhile. */
export function compileFiles(
  config: Pick<Config, "secrets" | "egressAllow" | "mailEdition">,
  asideFrom = RULES_COMPILE_ASIDE_UNITS_MIN,
): CompileFiles {
  const settings: CompileSettings = {
    secretNames: [...config.secrets.keys()],
    egressAllow: config.egressAllow,
    mailEdition: config.mailEdition,
  };
  return async (files, purpose) => {
    const isAnalysed = purpose === "told";
    const units = files.reduce((sum, { text }) => sum + text.length, 0);
    if (units >= asideFrom) {
      return await compileAside({
        files: files.map(({ path, text }) => ({ path, text })),
        settings,
        isAnalysed,
      });
    }
    const { diagnostics, ir } = compileHere(files, settings, isAnalysed);
    return { diagnostics: diagnostics.map(toRecord), ir };
  };
}
