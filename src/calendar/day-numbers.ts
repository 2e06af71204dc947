/**
 * Days as whole numbers, so that a walk over years makes no dates: 0 is 1970-01-01. What a day's ranges are in instants is
 * looked up once for each day, hours and zone, since only that needs the zone's clock changes. Pure: a cache of what never changes.
 */
import { Temporal } from "temporal-polyfill";
import { DAY, type Instant } from "../domain/index.ts";
import type { ClosedDays, DayRange, PlainDay, Weekday } from "./types.ts";
import { dayAt, instantOf } from "./wall-clock.ts";

export interface OpenInterval {
  readonly from: Instant;
  readonly to: Instant;
}

type Hours = ReadonlyMap<Weekday, readonly DayRange[]>;

export function dayNumberAt(at: Instant, zone: string): number {
  return numberOf(dayAt(at, zone));
}

export function numberOf({ year, month, day }: PlainDay): number {
  // `Date.UTC` takes the years below a hundred for those of the last century.
  return new Date(0).setUTCFullYear(year, month - 1, day) / DAY;
}

/** 1970-01-01 was a Thursday. */
export function weekdayOfNumber(day: number): Weekday {
  return (((((day + 3) % 7) + 7) % 7) + 1) as Weekday;
}

export function instantOfNumber(day: number, seconds: number, zone: string): Instant {
  const date = new Date(day * DAY);
  const plain = new Temporal.PlainDate(date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate());
  return instantOf(plain, seconds, zone);
}

/** The last closed day in a row that begins with `day`; undefined when it is not closed. */
export function closedUntil(day: number, closed: readonly ClosedDays[]): number | undefined {
  let until: number | undefined;
  for (const range of rangesOf(closed)) {
    const next = until === undefined ? day : until + 1;
    if (range.from <= next && next <= range.to) until = range.to;
  }
  return until;
}

interface NumberRange {
  readonly from: number;
  readonly to: number;
}

const closedRanges = new WeakMap<readonly ClosedDays[], readonly NumberRange[]>();

/** Ascending by their beginning. */
function rangesOf(closed: readonly ClosedDays[]): readonly NumberRange[] {
  const known = closedRanges.get(closed);
  if (known !== undefined) return known;
  const ranges = closed
    .map(({ from, to }) => ({ from: numberOf(from), to: numberOf(to) }))
    .sort((a, b) => a.from - b.from);
  closedRanges.set(closed, ranges);
  return ranges;
}

/** Days that are remembered of one calendar; beyond it is begun anew. */
const DAYS_REMEMBERED_MAX = 10_000;

const intervalsByHours = new WeakMap<Hours, Map<string, Map<number, readonly OpenInterval[]>>>();

/** The ranges that begin on the day, holidays not looked at, ascending by their beginning. */
export function intervalsOn(day: number, hours: Hours, zone: string): readonly OpenInterval[] {
  const ranges = hours.get(weekdayOfNumber(day));
  if (ranges === undefined || ranges.length === 0) return NONE;
  const byZone = intervalsByHours.get(hours) ?? new Map<string, Map<number, readonly OpenInterval[]>>();
  intervalsByHours.set(hours, byZone);
  const byDay = byZone.get(zone) ?? new Map<number, readonly OpenInterval[]>();
  byZone.set(zone, byDay);
  const known = byDay.get(day);
  if (known !== undefined) return known;
  const intervals = ranges
    .map(({ from, to }) => ({ from: instantOfNumber(day, from, zone), to: instantOfNumber(day, to, zone) }))
    .filter((interval) => interval.to > interval.from)
    .sort((a, b) => a.from - b.from);
  if (byDay.size >= DAYS_REMEMBERED_MAX) byDay.clear();
  byDay.set(day, intervals);
  return intervals;
}

const NONE: readonly OpenInterval[] = [];
