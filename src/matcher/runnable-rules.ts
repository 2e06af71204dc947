/** Makes a rule set ready to run: index to find, json-rules-engine to confirm. Knows nothing of what rules then do. */
import type { RuleSetIr } from "../compiler/index.ts";
import { buildConfirm } from "./json-rules/confirm-rule.ts";
import { matchByReference } from "./reference-matcher.ts";
import type { RunnableRules } from "./types.ts";

export function buildRunnableRules(ir: RuleSetIr): RunnableRules {
  return {
    ir,
    match: (snapshot) => matchByReference(ir, snapshot),
    confirm: buildConfirm(ir.rules.length),
  };
}
