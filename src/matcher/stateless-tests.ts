/**
 * The two tests that are not comparisons: open hours and counts. Both read the snapshot alone: whoever raised it has
 * counted. Knows no clock and no desk.
 */
import { isOpen } from "../calendar/index.ts";
import type { CalendarTestIr, CountTestIr } from "../compiler/index.ts";
import type { FieldValue, Instant, Snapshot } from "../domain/index.ts";
import { evaluateExpr } from "./evaluate-expr.ts";
import type { EvaluationContext } from "./types.ts";

/**
 * The moment that a bare `during` looks at. The `if` of `no alert for` says which alerts are expected, so there it is
 * the moment when the alert came; else an alarm would depend on the hour in which the silence ends.
 */
export function momentOf({ kind, at, alert }: Pick<Snapshot, "kind" | "at" | "alert">): Instant {
  return kind === "no-alert" && alert !== undefined ? alert.receivedAt : at;
}

/** What a calendar test looks at; undefined when it is no time. */
export function timeOfTest(test: CalendarTestIr, context: EvaluationContext): FieldValue {
  return test.at === undefined ? momentOf(context.snapshot) : evaluateExpr(test.at, context, "time");
}

/** A missing time is neither inside nor outside. */
export function calendarHolds(test: CalendarTestIr, context: EvaluationContext): boolean {
  const at = timeOfTest(test, context);
  return isTime(at) && isOpen(test.calendar, at) === test.inside;
}

/** Instants that calendars can walk from; a number that some field holds may be anything. */
const TIME_MAX = 8e15;

export function isTime(value: unknown): value is Instant {
  return Number.isInteger(value) && Math.abs(value as number) <= TIME_MAX;
}

export function countOf(test: CountTestIr, snapshot: Snapshot): number {
  return snapshot.counts?.get(test.key) ?? 0;
}

export function countHolds(test: CountTestIr, snapshot: Snapshot): boolean {
  const count = countOf(test, snapshot);
  return test.comparator === "more-than" ? count > test.count : count >= test.count;
}
