/** Checked, compiled and analysed in one step, with comments that allow applied. What people who check and publish see. */
import { addFindings, type CheckInput, type CheckOptions } from "../checker/index.ts";
import { compileRuleSet, type CompiledRuleSet } from "../compiler/index.ts";
import { analyzeRuleSet } from "./analyze-rule-set.ts";

/** A set with errors is not analysed: what it means is not known. */
export function compileAndAnalyze(files: readonly CheckInput[], options: CheckOptions = {}): CompiledRuleSet {
  return withAnalysis(compileRuleSet(files, options));
}

/** What was compiled, with what analysis finds in it. */
export function withAnalysis(compiled: CompiledRuleSet): CompiledRuleSet {
  if (compiled.ir === undefined) return compiled;
  const found = analyzeRuleSet(compiled.ir, compiled.files);
  return { ...compiled, diagnostics: addFindings(compiled.diagnostics, found, compiled.files) };
}
