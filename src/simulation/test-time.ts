/** Times as tests write them: on the virtual day, in the test's zone (language.md 4). Knows no steps. */
import { dayAt, instantOf } from "../calendar/index.ts";
import { DAY } from "../domain/index.ts";
import type { FieldType, FieldValue, Instant } from "../domain/index.ts";
import type { ClockNode, DateNode, Expression, TestDeclaration } from "../../grammar/ast.ts";

/** Monday 2026-01-05, where a test that names no day begins. */
const FIRST_DAY = Date.UTC(2026, 0, 5, 12);

export interface TestTime {
  readonly now: Instant;
  readonly zone: string;
}

/** A bare time that lies before the clock is on the next day. */
export function momentOf(time: ClockNode | DateNode, { now, zone }: TestTime): Instant {
  if (time.kind === "date") return dateOf(time, zone);
  const today = onDayOf(time, { now, zone });
  return today < now ? onDayOf(time, { now: now + DAY, zone }) : today;
}

/** Where the clock starts: the first time that the test names, a given ticket's creation included. */
export function firstMoment(test: TestDeclaration, zone: string): Instant {
  for (const step of test.steps) {
    if (step.kind === "given ticket" && step.created !== undefined) return firstOf(step.created, zone);
    if ("when" in step && step.when?.kind === "at") return firstOf(step.when.time, zone);
  }
  return instantOf(dayAt(FIRST_DAY, "UTC"), 0, zone);
}

/** A value as a test file writes it: nothing is filled in or looked up. */
export function literalOf(node: Expression, time: TestTime, wanted?: FieldType): FieldValue {
  switch (node.kind) {
    case "string":
      return wanted === "time" ? timeOfText(node.value) : node.value;
    case "number":
    case "boolean":
      return node.value;
    case "duration":
      return wanted === "time" ? time.now + node.ms : node.ms;
    case "date":
      return dateOf(node, time.zone);
    case "clock":
      return onDayOf(node, time);
    case "list":
      return node.items.flatMap((item) => {
        const value = literalOf(item, time);
        return value === undefined || typeof value === "object" ? [] : [value];
      });
    default:
      return undefined;
  }
}

/** `09:30` in the test's zone, with the day where it is not the first one; for what a failure says. */
export function clockWords(at: Instant, zone: string): string {
  const parts = new Map(
    new Intl.DateTimeFormat("en-GB", {
      timeZone: zone,
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
      hourCycle: "h23",
    })
      .formatToParts(at)
      .map(({ type, value }) => [type, value] as const),
  );
  const of = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? "";
  const day = `${of("year")}-${of("month")}-${of("day")}`;
  const clock = `${of("hour")}:${of("minute")}${of("second") === "00" ? "" : `:${of("second")}`}`;
  return day === "2026-01-05" ? clock : `${day} ${clock}`;
}

function firstOf(time: ClockNode | DateNode, zone: string): Instant {
  if (time.kind === "date") return dateOf(time, zone);
  return instantOf(dayAt(FIRST_DAY, "UTC"), secondsOf(time), zone);
}

function onDayOf(time: ClockNode, { now, zone }: TestTime): Instant {
  return instantOf(dayAt(now, zone), secondsOf(time), zone);
}

function dateOf(date: DateNode, zone: string): Instant {
  const day = dayAt(Date.UTC(date.year, date.month - 1, date.day, 12), "UTC");
  return instantOf(day, date.time === undefined ? 0 : secondsOf(date.time), zone);
}

function secondsOf({ hour, minute, second }: ClockNode): number {
  return (hour * 60 + minute) * 60 + second;
}

function timeOfText(text: string): Instant | undefined {
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : at;
}
