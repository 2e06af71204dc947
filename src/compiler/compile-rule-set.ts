/** Check and compile in one step: what publishing, the server and tests call. Knows nothing of where files come from. */
import { checkFiles, type CheckInput, type CheckOptions } from "../checker/index.ts";
import type { Diagnostic } from "../diagnostics/index.ts";
import type { RuleFile } from "../../grammar/ast.ts";
import { compileRules } from "./compile-rules.ts";
import type { RuleSetIr } from "./rule-ir.ts";

export interface CompiledRuleSet {
  readonly diagnostics: readonly Diagnostic[];
  /** Undefined when there are errors. */
  readonly ir: RuleSetIr | undefined;
  /** The trees that `ir` was made from; none when there are errors. */
  readonly files: readonly RuleFile[];
}

export function compileRuleSet(files: readonly CheckInput[], options: CheckOptions = {}): CompiledRuleSet {
  const { diagnostics, checked } = checkFiles(files, options);
  if (checked === undefined) return { diagnostics, ir: undefined, files: [] };
  return { diagnostics, ir: compileRules(checked), files: checked.files };
}
