/** Makes a rule set ready to run: index to find, json-rules-engine to confirm. Knows nothing of what rules then do. */
import type { RuleSetIr } from "../compiler/index.ts";
import { buildConfirm } from "./json-rules/confirm-rule.ts";
import { buildRuleIndex } from "./rule-index.ts";
import type { RunnableRules } from "./types.ts";

export function buildRunnableRules(ir: RuleSetIr): RunnableRules {
  return {
    ir,
    match: buildRuleIndex(ir),
    confirm: buildConfirm(ir.rules.length),
  };
}
