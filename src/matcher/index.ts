/** The door of matcher: which rules hold for what happened, and why. Pure; knows no effect, store or clock. */
export { formatTime, evaluateExpr, renderText } from "./evaluate-expr.ts";
export { evaluateCondition, solveRule } from "./evaluate-condition.ts";
export { explainRule } from "./explain-rule.ts";
export type { RuleExplanation } from "./explain-rule.ts";
export { momentOf } from "./stateless-tests.ts";
export { buildRunnableRules } from "./runnable-rules.ts";
export { NO_BINDINGS } from "./types.ts";
export type { ConditionResult, Confirmation, EvaluationContext, RuleMatch, RunnableRules } from "./types.ts";
