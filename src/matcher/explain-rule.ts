/**
 * Why a rule holds or not: the authored tree without index and without short cut, every leaf with the value that it
 * saw. For `explain`, nearest misses and failing rule tests. Knows nothing of the index.
 */
import type { CalendarTestIr, ConditionIr, CountTestIr, RuleIr, TestIr } from "../compiler/index.ts";
import { toRfc3339, unreachable } from "../domain/index.ts";
import type { FieldValue, Snapshot } from "../domain/index.ts";
import {
  contextOf,
  evaluateCondition,
  findChange,
  isForRule,
  isInScope,
  organizationInScope,
  solveCondition,
  triggerHolds,
} from "./evaluate-condition.ts";
import { evaluateExpr } from "./evaluate-expr.ts";
import { countOf, isTime, timeOfTest } from "./stateless-tests.ts";
import type { ConditionResult, EvaluationContext } from "./types.ts";

export interface RuleExplanation {
  /** The stateless part holds: what index and json-rules-engine must say too. */
  readonly result: boolean;
  readonly active: boolean;
  /** One of the rule's events is this event. */
  readonly triggered: boolean;
  /** The condition holds and an `except when` exempts. */
  readonly excepted: boolean;
  /** Every leaf in written order; `for organization` stands first where a rule has one. */
  readonly conditions: readonly ConditionResult[];
}

export function explainRule(rule: RuleIr, snapshot: Snapshot, zone?: string): RuleExplanation {
  const context = contextOf(snapshot, zone);
  const triggered =
    isForRule(rule, snapshot) && rule.triggers.some((trigger) => triggerHolds(trigger, context));
  const inScope = isInScope(rule, snapshot);
  const bindings = solveCondition(rule.condition, context);
  const bound = bindings === undefined ? context : { ...context, bindings };
  const exempted = rule.exceptions.some((exception) => evaluateCondition(exception, bound));
  const conditions = [
    ...scopeResult(rule, snapshot, inScope),
    ...leafResults(rule.condition, context),
    ...rule.exceptions.flatMap((exception) => leafResults(exception, bound)),
  ];
  const holds = bindings !== undefined && triggered && inScope && rule.active;
  return {
    result: holds && !exempted,
    active: rule.active,
    triggered,
    excepted: holds && exempted,
    conditions,
  };
}

/** What is told as one line of a reason. */
export type LeafIr = TestIr | CalendarTestIr | CountTestIr;

export function isLeaf(condition: ConditionIr): condition is LeafIr {
  return condition.kind === "test" || condition.kind === "calendar" || condition.kind === "count";
}

/** `for organization` as a line of the reason; the rule file gives it no line of its own in the IR. */
export function scopeResult(rule: RuleIr, snapshot: Snapshot, result: boolean): readonly ConditionResult[] {
  if (rule.organizations === undefined) return [];
  const { file, line } = rule;
  return [{ text: "for organization", file, line, result, actual: organizationInScope(snapshot) }];
}

/** What a leaf looked at, for reasons. */
export function actualOf(test: LeafIr, context: EvaluationContext): FieldValue {
  if (test.kind === "calendar") return timeOfTest(test, context);
  if (test.kind === "count") return countOf(test, context.snapshot);
  if (test.operator !== "changed") return evaluateExpr(test.left, context);
  const { change } = test;
  const found = findChange(
    change === undefined ? undefined : { apiName: change.apiName, from: [], to: [] },
    context,
  );
  return found === undefined ? evaluateExpr(test.left, context) : found.to;
}

/**
 * Leaves as written: `is not` is lowered to the negation of one test and is told as one leaf, with the words of the
 * negation. Names bound on the left are known on the right, also past a leaf that fails.
 */
function leafResults(condition: ConditionIr, context: EvaluationContext): readonly ConditionResult[] {
  switch (condition.kind) {
    case "always":
      return [];
    case "all": {
      let inner = context;
      return condition.of.flatMap((part) => {
        const results = leafResults(part, inner);
        const bindings = solveCondition(part, inner);
        if (bindings !== undefined) inner = { ...inner, bindings };
        return results;
      });
    }
    case "any":
      return condition.of.flatMap((part) => leafResults(part, context));
    case "not":
      return isLeaf(condition.of)
        ? [leaf(condition, condition.of, context)]
        : leafResults(condition.of, context);
    case "calendar":
    case "count":
    case "test":
      return [leaf(condition, condition, context)];
    default:
      return unreachable(condition);
  }
}

function leaf(written: ConditionIr, test: LeafIr, context: EvaluationContext): ConditionResult {
  const { text, file, line } = written.origin;
  const actual = shownValue(test, actualOf(test, context));
  return { text, file, line, result: evaluateCondition(written, context), actual };
}

/** As a reason shows it: a time as RFC 3339, not as the milliseconds that it is compared by. */
export function shownValue(test: LeafIr, value: FieldValue): FieldValue {
  if (typeof value !== "number" || !isTime(value)) return value;
  const isOfTime =
    test.kind === "calendar" ||
    (test.kind === "test" && test.left.kind === "field" && test.left.field.type === "time");
  return isOfTime ? toRfc3339(value) : value;
}
