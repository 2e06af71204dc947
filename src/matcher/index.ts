/** The door of matcher: which rules hold for what happened, and why. Pure; knows no effect, store or clock. */
export { describeExpr, evaluateExpr, formatTime, renderText, scalarsOf } from "./evaluate-expr.ts";
export {
  contextOf,
  evaluateCondition,
  isForRule,
  isInScope,
  organizationInScope,
  solveCondition,
  solveRule,
  triggerHolds,
} from "./evaluate-condition.ts";
export { actualOf, explainRule, isLeaf, shownValue } from "./explain-rule.ts";
export type { LeafIr, RuleExplanation } from "./explain-rule.ts";
export { momentOf } from "./stateless-tests.ts";
export { buildRunnableRules } from "./runnable-rules.ts";
export { publishRules, type LeftOut } from "./json-rules/publish-rules.ts";
export { NO_BINDINGS } from "./types.ts";
export type { ConditionResult, Confirmation, EvaluationContext, RuleMatch, RunnableRules } from "./types.ts";
