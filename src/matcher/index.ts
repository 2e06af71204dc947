/** The door of matcher: which rules hold for what happened, and why. Pure; knows no effect, store or clock. */
export { describeExpr, evaluateExpr, formatTime, renderText, scalarsOf } from "./evaluate-expr.ts";
export {
  contextBehindAny,
  contextBehindLike,
  contextOf,
  evaluateCondition,
  isForRule,
  isInScope,
  organizationInScope,
  solveRule,
  triggerHolds,
} from "./evaluate-condition.ts";
export { actualOf, explainRule, shownValue } from "./explain-rule.ts";
export type { RuleExplanation } from "./explain-rule.ts";
export { walkCondition } from "./walk-condition.ts";
export type { ConditionReader } from "./walk-condition.ts";
export { momentOf } from "./stateless-tests.ts";
export { buildRunnableRules } from "./runnable-rules.ts";
export { publishRules, type LeftOut } from "./json-rules/publish-rules.ts";
export { NO_BINDINGS } from "./types.ts";
export type {
  ConditionResult,
  Confirmation,
  EvaluationContext,
  LeafIr,
  RuleMatch,
  RunnableRules,
} from "./types.ts";
