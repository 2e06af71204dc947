/**
 * What of the alert a condition looks at, so that a change of it could turn the condition. Knows how tests are written,
 * not how changes are put together.
 */
import { openIntervals } from "../calendar/index.ts";
import type { CalendarTestIr, ExprIr, TestIr } from "../compiler/index.ts";
import type { FieldValue, Instant, Snapshot } from "../domain/index.ts";
import { evaluateExpr, momentOf, scalarsOf } from "../matcher/index.ts";
import type { EvaluationContext } from "../matcher/index.ts";
import { isEditable, type EditedPath } from "./edit-event.ts";
import { proposeValues } from "./propose-values.ts";
import type { Leaf } from "./rule-reading.ts";

type Scalar = string | number | boolean;

export interface Aim {
  /** Undefined: no single value of the alert can turn it. */
  readonly path: EditedPath | undefined;
  readonly isTime: boolean;
  /** What the test compares with, as values. */
  readonly right: readonly Scalar[];
  /** Values of the path that may make the test hold or not hold, given what is there. */
  readonly propose: (wanted: boolean, current: FieldValue) => readonly FieldValue[];
  readonly read: (snapshot: Snapshot) => FieldValue;
}

/** `wanted` of the proposals is about the test, not about its written negation. */
export function aimOf(leaf: Leaf): Aim {
  const { test, context } = leaf;
  if (test === undefined) return scopeAim(leaf);
  if (test.kind === "calendar") return calendarAim(test, context);
  if (test.kind === "count") {
    const least = test.comparator === "more-than" ? test.count + 1 : test.count;
    return {
      path: context.snapshot.counts === undefined ? undefined : test.key,
      isTime: false,
      right: [least],
      propose: (wanted) => [wanted ? least : least - 1],
      read: ({ counts }) => counts?.get(test.key) ?? 0,
    };
  }
  return testAim(test, context);
}

function scopeAim({ context: { snapshot } }: Leaf): Aim {
  const path = snapshot.alert === undefined ? undefined : "alert.organization.name";
  return {
    path,
    isTime: false,
    right: [],
    propose: () => [],
    read: (edited) => edited.alert?.organization.name,
  };
}

/** The names are the rule's, not the leaf's. */
export function scopeAimOf(leaf: Leaf, organizations: ReadonlySet<string>): Aim {
  const right = [...organizations];
  return { ...scopeAim(leaf), right, propose: (wanted) => (wanted ? right : []) };
}

function calendarAim({ calendar, inside, at }: CalendarTestIr, { snapshot }: EvaluationContext): Aim {
  const propose = (wanted: boolean, current: FieldValue): readonly FieldValue[] => {
    // A field may hold any number; calendars are walked from instants only.
    if (typeof current !== "number" || !Number.isInteger(current) || Math.abs(current) > 8e15) return [];
    const [interval] = openIntervals(calendar, current).take(1);
    if (interval === undefined) return [];
    return [wanted === inside ? Math.max(interval.from, current) : interval.to];
  };
  const field = at?.kind === "field" ? at.field : undefined;
  if (at === undefined) {
    // Of the other events only their own moment is known, and that is not the alert's.
    const isOfAlert = snapshot.alert !== undefined && momentOf(snapshot) === snapshot.alert.receivedAt;
    return {
      path: isOfAlert ? "alert.received_at" : undefined,
      isTime: true,
      right: [],
      propose,
      read: (edited): Instant => momentOf(edited),
    };
  }
  return {
    path: field !== undefined && isEditable(field.path, snapshot) ? field.path : undefined,
    isTime: true,
    right: [],
    propose,
    read: (edited) => field?.read(edited),
  };
}

function testAim(test: TestIr, context: EvaluationContext): Aim {
  const right = test.right.flatMap((expr) => scalarsOf(evaluateExpr(expr, context, typeOfField(test.left))));
  const subject = subjectIn(test.left, context);
  if (subject?.kind === "field" && isEditable(subject.field.path, context.snapshot)) {
    return fieldAim(test, subject, right);
  }
  if (subject?.kind === "lookup") return lookupAim(subject, right);
  const [only] = test.right;
  const other = test.right.length === 1 && only !== undefined ? subjectIn(only, context) : undefined;
  if (other?.kind === "field" && isEditable(other.field.path, context.snapshot)) {
    const asked = scalarsOf(evaluateExpr(test.left, context));
    const near = asked.flatMap((value): readonly Scalar[] =>
      typeof value === "number" ? [value, value + 1, value - 1] : [value],
    );
    return fieldAimWith(other, right, () => near);
  }
  return { path: undefined, isTime: false, right, propose: () => [], read: () => undefined };
}

type FieldExpr = Extract<ExprIr, { readonly kind: "field" }>;
type LookupExpr = Extract<ExprIr, { readonly kind: "lookup" }>;

/** The field that gives the value; for `a or b` the one that is there. */
function subjectIn(expr: ExprIr, context: EvaluationContext): FieldExpr | LookupExpr | undefined {
  if (expr.kind === "field") return expr;
  if (expr.kind === "lookup") return expr.index.kind === "field" ? expr : undefined;
  if (expr.kind !== "first") return undefined;
  const present = expr.of.find((part) => evaluateExpr(part, context) !== undefined);
  const chosen = present ?? expr.of[0];
  return chosen === undefined ? undefined : subjectIn(chosen, context);
}

function fieldAim(test: TestIr, subject: FieldExpr, right: readonly Scalar[]): Aim {
  const isList = subject.field.type === "list";
  return fieldAimWith(subject, right, (wanted, current) =>
    proposeValues({ test, right, wanted, current, isList }),
  );
}

function fieldAimWith({ field }: FieldExpr, right: readonly Scalar[], propose: Aim["propose"]): Aim {
  return { path: field.path, isTime: field.type === "time", right, propose, read: field.read };
}

/** Entries that are tried; a table of thousands is told as a condition instead. */
const ENTRIES_MAX = 200;

function lookupAim({ table, index }: LookupExpr, right: readonly Scalar[]): Aim {
  if (index.kind !== "field") throw new Error("a lookup is asked by a field here");
  const words = [...table.entries.keys()].slice(0, ENTRIES_MAX);
  return fieldAimWith(index, right, () => [...words, undefined]);
}

function typeOfField(expr: ExprIr): "time" | undefined {
  return expr.kind === "field" && expr.field.type === "time" ? "time" : undefined;
}
