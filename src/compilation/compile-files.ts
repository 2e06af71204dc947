/** Rule files -> what they mean, or what is wrong with them, by the settings of this process. */
import { withAnalysis } from "../analysis/index.ts";
import type { Config } from "../config/index.ts";
import { toRecord } from "../diagnostics/index.ts";
import {
  RULES_ANALYSIS_MS_MAX,
  RULES_COMPILE_ASIDE_MS_MAX,
  RULES_COMPILE_ASIDE_UNITS_MIN,
} from "../domain/index.ts";
import { compileAside } from "./compile-aside.ts";
import { compileHere, type CompileSettings } from "./compile-here.ts";
import type { CompileFiles } from "./compiled-files.ts";

export interface CompileFilesOptions {
  /** Files of so many characters together go to a thread. */
  readonly asideFrom?: number;
  /** How long analysis may take in a thread. */
  readonly analysisMs?: number;
  /** Somebody wanted to be told, and hears of the checker's findings alone. */
  readonly onAnalysisGivenUp?: () => void;
}

/** Small sets are compiled at once; above a size in a thread, so that alerts are taken meanwhile. */
export function compileFiles(
  config: Pick<Config, "secrets" | "egressAllow" | "mailEdition">,
  {
    asideFrom = RULES_COMPILE_ASIDE_UNITS_MIN,
    analysisMs = RULES_ANALYSIS_MS_MAX,
    onAnalysisGivenUp,
  }: CompileFilesOptions = {},
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
      const request = { files: files.map(({ path, text }) => ({ path, text })), settings, isAnalysed };
      const compiled = await compileAside(request, { compileMs: RULES_COMPILE_ASIDE_MS_MAX, analysisMs });
      if (compiled.isAnalysisGivenUp) onAnalysisGivenUp?.();
      return compiled;
    }
    const compiled = compileHere(files, settings, isAnalysed);
    const { diagnostics, ir } = isAnalysed ? withAnalysis(compiled) : compiled;
    return { diagnostics: diagnostics.map(toRecord), ir, isAnalysisGivenUp: false };
  };
}
