/** The door of checker: rule files become CheckedRules, or diagnostics in the admin's words. Knows nothing of tickets in a database. */
export { checkFiles, type CheckInput, type CheckOptions, type CheckResult } from "./check-files.ts";
export { RuleSetChecker, type RecheckOptions } from "./rule-set-checker.ts";
export type { CheckedRules, Declarations, UdfEntry, Vocabulary } from "./checked-rules.ts";
export { inFiringOrder, orderOf } from "./firing-order.ts";
export { addFindings, compareCodePoints } from "./report.ts";
export { hasAlertAtHand, rootsAtHand } from "./event-place.ts";
export { secondsOf, weekdaysOf } from "./weekdays.ts";
export { nameOfHole } from "./check-like.ts";
