/** Makes a rule set ready to run: index to find, json-rules-engine to confirm. Knows nothing of what rules then do. */
import type { RuleIr, RuleSetIr } from "../compiler/index.ts";
import type { Snapshot } from "../domain/index.ts";
import { explainRule } from "./explain-rule.ts";
import { matchByReference } from "./reference-matcher.ts";
import type { Confirmation, RunnableRules } from "./types.ts";

export function buildRunnableRules(ir: RuleSetIr): RunnableRules {
  return {
    ir,
    match: (snapshot) => matchByReference(ir, snapshot),
    confirm: (rule, snapshot) => Promise.resolve(confirmByTree(rule, snapshot, ir.zone)),
  };
}

function confirmByTree(rule: RuleIr, snapshot: Snapshot, zone: string | undefined): Confirmation {
  const { result, conditions } = explainRule(rule, snapshot, zone);
  return { holds: result, conditions };
}
