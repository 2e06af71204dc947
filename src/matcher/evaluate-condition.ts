/**
 * Whether a condition holds (language.md 3.2): the tree, read straight. The meaning that index and emission must
 * reproduce. Two-valued: a test with a missing value is false, its negation true. Knows nothing of indexes.
 */
import type { ConditionIr, ExprIr, RuleIr, TestIr, TriggerIr } from "../compiler/index.ts";
import { exactText, foldName, isEmpty, unreachable } from "../domain/index.ts";
import type { FieldChange, FieldType, FieldValue, Snapshot } from "../domain/index.ts";
import * as compare from "./compare.ts";
import { evaluateExpr, scalarsOf } from "./evaluate-expr.ts";
import { matchLike } from "./like-pattern.ts";
import { searchRegex } from "./regex.ts";
import { calendarHolds, countHolds } from "./stateless-tests.ts";
import { NO_BINDINGS } from "./types.ts";
import type { EvaluationContext, LeafIr } from "./types.ts";
import { namesOfLike, namesTaken, walkCondition } from "./walk-condition.ts";
import type { Branch, ConditionReader } from "./walk-condition.ts";

/** True when the condition holds in the context. */
export function evaluateCondition(condition: ConditionIr, context: EvaluationContext): boolean {
  return walkCondition(condition, context, reader).read;
}

/** The names bound once the condition holds (`walkCondition`), undefined when it does not. */
function solveCondition(
  condition: ConditionIr,
  context: EvaluationContext,
): ReadonlyMap<string, string> | undefined {
  const { read, names } = walkCondition(condition, context, reader);
  return read ? names.bindings : undefined;
}

/** Reads no further than it must. */
const reader: ConditionReader<EvaluationContext, boolean> = {
  leaf: evaluateLeaf,
  all: (parts) => parts.every(Boolean),
  any: (parts) => parts.some(Boolean),
  not: (_, part) => !part,
  behindLike: contextBehindLike,
  behindAny: (branches, before) => contextBehindAny(branches, before, (read) => read),
  settles: (kind, part) => part === (kind === "any"),
};

export function evaluateLeaf(leaf: LeafIr, context: EvaluationContext): boolean {
  switch (leaf.kind) {
    case "calendar":
      return calendarHolds(leaf, context);
    case "count":
      return countHolds(leaf, context.snapshot);
    case "test":
      return evaluateTest(leaf, context);
    default:
      return unreachable(leaf);
  }
}

/* ---------- names: what walkCondition asks of those who have the texts at hand ---------- */

export function contextBehindLike(test: TestIr, before: EvaluationContext): EvaluationContext {
  const bindings = new Map(before.bindings);
  for (const name of namesOfLike(test)) bindings.delete(name);
  for (const [name, text] of textsTaken(test, before) ?? []) bindings.set(name, text);
  return { ...before, bindings };
}

export function contextBehindAny<Read>(
  branches: readonly Branch<EvaluationContext, Read>[],
  before: EvaluationContext,
  holds: (read: Read) => boolean,
): EvaluationContext {
  const first = branches.find(({ read }) => holds(read));
  if (first !== undefined) return first.names;
  const bindings = new Map(before.bindings);
  for (const { condition } of branches) for (const name of namesTaken(condition)) bindings.delete(name);
  return { ...before, bindings };
}

/** The texts of the names of a `like`, undefined when it fails. */
function textsTaken(test: TestIr, context: EvaluationContext): ReadonlyMap<string, string> | undefined {
  const value = evaluateExpr(test.left, context);
  if (test.pattern === undefined || value === undefined || compare.isList(value)) return undefined;
  return matchLike(test.pattern, compare.textOf(value), test.exactly);
}

/** One test. Several right sides: any of them; a right side that is a list stands for its elements. */
export function evaluateTest(test: TestIr, context: EvaluationContext): boolean {
  const left = (): FieldValue => evaluateExpr(test.left, context);
  const exactly = test.exactly;
  switch (test.operator) {
    case "equals":
      return anyRight(test, context, left(), (value, right) =>
        compare.isList(value) ? false : compare.equalScalars(value, right, exactly),
      );
    case "contains":
      return anyRight(test, context, left(), (value, right) => compare.containsValue(value, right, exactly));
    case "starts-with":
      return anyRight(test, context, left(), (value, right) =>
        compare.startsWithValue(value, right, exactly),
      );
    case "ends-with":
      return anyRight(test, context, left(), (value, right) => compare.endsWithValue(value, right, exactly));
    case "matches":
      return anyRight(test, context, left(), (value, right) =>
        compare.isList(value) ? false : searchRegex(compare.textOf(right), compare.textOf(value), exactly),
      );
    case "like":
      return textsTaken(test, context) !== undefined;
    case "empty":
      return isEmpty(left());
    case "at-least":
      return anyOrder(test, context, (order) => order >= 0);
    case "at-most":
      return anyOrder(test, context, (order) => order <= 0);
    case "more-than":
      return anyOrder(test, context, (order) => order > 0);
    case "less-than":
      return anyOrder(test, context, (order) => order < 0);
    case "between":
      return isBetween(test, context);
    case "changed":
      return findChange(test.change, context) !== undefined;
    default:
      return unreachable(test.operator);
  }
}

type Present = Exclude<FieldValue, undefined>;

function anyRight(
  test: TestIr,
  context: EvaluationContext,
  left: FieldValue,
  holds: (left: Present, right: compare.Scalar) => boolean,
): boolean {
  if (left === undefined) return false;
  const wanted = typeOf(test.left);
  return test.right.some((expr) =>
    scalarsOf(evaluateExpr(expr, context, wanted)).some((right) => holds(left, right)),
  );
}

function anyOrder(test: TestIr, context: EvaluationContext, holds: (order: number) => boolean): boolean {
  const left = evaluateExpr(test.left, context, typeOf(test.right[0]));
  const wanted = typeOf(test.left);
  return test.right.some((expr) =>
    scalarsOf(evaluateExpr(expr, context, wanted)).some((right) => {
      const difference = order(test, left, right);
      return difference !== undefined && holds(difference);
    }),
  );
}

/** Both ends in. */
function isBetween(test: TestIr, context: EvaluationContext): boolean {
  const [low, high] = test.right;
  if (low === undefined || high === undefined) return false;
  const wanted = typeOf(test.left);
  const left = evaluateExpr(test.left, context, typeOf(low));
  const fromLow = order(test, left, evaluateExpr(low, context, wanted));
  const fromHigh = order(test, left, evaluateExpr(high, context, wanted));
  return fromLow !== undefined && fromHigh !== undefined && fromLow >= 0 && fromHigh <= 0;
}

/** Left against right: by rank where the field's values are declared in order, else as numbers. */
function order(test: TestIr, left: FieldValue, right: FieldValue): number | undefined {
  if (test.ranks === undefined) return compare.compareOrder(left, right);
  const leftRank = compare.rankOf(left, test.ranks);
  const rightRank = compare.rankOf(right, test.ranks);
  return leftRank === undefined || rightRank === undefined ? undefined : leftRank - rightRank;
}

/** What type the other side of a comparison asks for; only time matters: `ticket.due_at less than 2 hours`. */
export function typeOf(expr: ExprIr | undefined): FieldType | undefined {
  if (expr?.kind === "field") return expr.field.type;
  if (expr?.kind === "first") return typeOf(expr.of[0]);
  return undefined;
}

/** The change of the asked field that this event brings, from and to values that were asked for. */
export function findChange(asked: TestIr["change"], context: EvaluationContext): FieldChange | undefined {
  if (asked === undefined) return undefined;
  return context.snapshot.changes.find(
    (change) =>
      change.field === asked.apiName &&
      isAmong(change.from, asked.from, context) &&
      isAmong(change.to, asked.to, context),
  );
}

function isAmong(value: FieldValue, asked: readonly ExprIr[], context: EvaluationContext): boolean {
  if (asked.length === 0) return true;
  if (value === undefined || compare.isList(value)) return false;
  return asked.some((expr) =>
    scalarsOf(evaluateExpr(expr, context)).some((right) => compare.equalScalars(value, right, false)),
  );
}

/* ---------- the whole rule ---------- */

/** The organization that `for organization` looks at, as written in the data. */
export function organizationInScope(snapshot: Snapshot): string | undefined {
  return snapshot.alert?.organization.name ?? snapshot.ticket?.organization.name;
}

export function isInScope(rule: RuleIr, snapshot: Snapshot): boolean {
  if (rule.organizations === undefined) return true;
  const name = organizationInScope(snapshot);
  return name !== undefined && rule.organizations.has(foldName(name));
}

/** Time has come for one rule only; every other event is for all. */
export function isForRule(rule: RuleIr, snapshot: Snapshot): boolean {
  return snapshot.dueRule === undefined || snapshot.dueRule === rule.name;
}

export function triggerHolds(trigger: TriggerIr, context: EvaluationContext): boolean {
  const { snapshot } = context;
  if (trigger.kind !== snapshot.kind) return false;
  if (trigger.by.length > 0) {
    if (snapshot.actor === undefined || !trigger.by.includes(snapshot.actor.kind)) return false;
  }
  if (trigger.callout !== undefined) {
    if (snapshot.callout === undefined) return false;
    if (exactText(snapshot.callout.name) !== exactText(trigger.callout)) return false;
  }
  return trigger.change === undefined || findChange(trigger.change, context) !== undefined;
}

/** The context of a snapshot before anything is bound. Now is the moment of the event. */
export function contextOf(snapshot: Snapshot, zone: string | undefined): EvaluationContext {
  return { snapshot, bindings: NO_BINDINGS, now: snapshot.at, zone };
}

/** The names bound when the rule's stateless part holds for the snapshot, undefined when it does not. */
export function solveRule(
  rule: RuleIr,
  snapshot: Snapshot,
  zone: string | undefined,
): ReadonlyMap<string, string> | undefined {
  const context = contextOf(snapshot, zone);
  if (!rule.active || !isForRule(rule, snapshot) || !isInScope(rule, snapshot)) return undefined;
  if (!rule.triggers.some((trigger) => triggerHolds(trigger, context))) return undefined;
  const bindings = solveCondition(rule.condition, context);
  if (bindings === undefined) return undefined;
  const bound = { ...context, bindings };
  return rule.exceptions.some((exception) => evaluateCondition(exception, bound)) ? undefined : bindings;
}
