/**
 * Why a rule holds or not: the authored tree without index and without short cut, every leaf with the value that it
 * saw. For `explain`, nearest misses and failing rule tests. Knows nothing of the index.
 */
import type { ConditionIr, RuleIr } from "../compiler/index.ts";
import { toRfc3339 } from "../domain/index.ts";
import type { FieldValue, Snapshot } from "../domain/index.ts";
import {
  contextBehindAny,
  contextBehindLike,
  contextOf,
  evaluateLeaf,
  findChange,
  isForRule,
  isInScope,
  organizationInScope,
  triggerHolds,
} from "./evaluate-condition.ts";
import { evaluateExpr } from "./evaluate-expr.ts";
import { countOf, isTime, timeOfTest } from "./stateless-tests.ts";
import type { ConditionResult, EvaluationContext, LeafIr } from "./types.ts";
import { walkCondition } from "./walk-condition.ts";
import type { ConditionReader } from "./walk-condition.ts";

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
  const condition = walkCondition(rule.condition, context, reader);
  const exceptions = rule.exceptions.map(
    (exception) => walkCondition(exception, condition.names, reader).read,
  );
  const exempted = exceptions.some((exception) => exception.holds);
  const conditions = [
    ...scopeResult(rule, snapshot, inScope),
    ...condition.read.results,
    ...exceptions.flatMap(({ results }) => results),
  ];
  const holds = condition.read.holds && triggered && inScope && rule.active;
  return {
    result: holds && !exempted,
    active: rule.active,
    triggered,
    excepted: holds && exempted,
    conditions,
  };
}

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

/** A part of a condition: whether it holds, and its leaves in written order. */
interface ReadPart {
  readonly holds: boolean;
  readonly results: readonly ConditionResult[];
}

/** Every leaf is told. `is not` is lowered to the negation of one test and is told as one leaf, in the words of the negation. */
const reader: ConditionReader<EvaluationContext, ReadPart> = {
  leaf: (test, context) => {
    const { text, file, line } = test.origin;
    const holds = evaluateLeaf(test, context);
    const actual = shownValue(test, actualOf(test, context));
    return { holds, results: [{ text, file, line, result: holds, actual }] };
  },
  all: (parts) => ({ holds: parts.every(({ holds }) => holds), results: resultsOf(parts) }),
  any: (parts) => ({ holds: parts.some(({ holds }) => holds), results: resultsOf(parts) }),
  not: (condition, { holds, results }) => {
    const [leaf] = results;
    if (leaf === undefined || !isLeaf(condition.of)) return { holds: !holds, results };
    const { text, file, line } = condition.origin;
    return { holds: !holds, results: [{ text, file, line, result: !holds, actual: leaf.actual }] };
  },
  behindLike: contextBehindLike,
  behindAny: (branches, before) => contextBehindAny(branches, before, ({ holds }) => holds),
};

function resultsOf(parts: readonly ReadPart[]): readonly ConditionResult[] {
  return parts.flatMap(({ results }) => results);
}

/** As a reason shows it: a time as RFC 3339, not as the milliseconds that it is compared by. */
export function shownValue(test: LeafIr, value: FieldValue): FieldValue {
  if (typeof value !== "number" || !isTime(value)) return value;
  const isOfTime =
    test.kind === "calendar" ||
    (test.kind === "test" && test.left.kind === "field" && test.left.field.type === "time");
  return isOfTime ? toRfc3339(value) : value;
}
