/**
 * Open hours: is it open, when has so much open time passed, how much has. All walk the same list of intervals:
 *
 *   day     Fri            Sat     Sun             Mon (closed)
 *   hours   |08====18|     -       |22========04|  x
 *   ranges  [from, to) as instants, merged where they touch, ascending
 *
 * Open ranges are half-open: at 18:00 sharp it is closed.
 */
import { CALENDAR_REACH_DAYS, DAY, type Instant } from "../domain/index.ts";
import { closedUntil, dayNumberAt, intervalsOn, type OpenInterval } from "./day-numbers.ts";
import type { Calendar } from "./types.ts";

export function isOpen(calendar: Calendar, at: Instant): boolean {
  const first = openIntervals(calendar, at).next();
  return first.done !== true && first.value.from <= at;
}

/**
 * The first instant at which `ms` of open time have passed since `from`; undefined when that is further away than
 * `CALENDAR_REACH_DAYS`: such a time never comes. Nothing to wait is `from` itself, open or not.
 */
export function addOpenTime(calendar: Calendar, from: Instant, ms: number): Instant | undefined {
  if (ms <= 0) return from;
  let left = ms;
  for (const interval of openIntervals(calendar, from)) {
    const start = Math.max(interval.from, from);
    if (interval.to - start >= left) return start + left;
    left -= interval.to - start;
  }
  return undefined;
}

/** The instant `ms` of open time before `to`: for `due in 1 hour during "business hours"`. */
export function subtractOpenTime(calendar: Calendar, to: Instant, ms: number): Instant | undefined {
  if (ms <= 0) return to;
  // Intervals are found forwards only: step back until the window holds enough open time.
  const reach = CALENDAR_REACH_DAYS * DAY;
  for (let back = Math.min(7 * DAY + 2 * ms, reach); ; back = Math.min(back * 2, reach)) {
    let left = ms;
    for (const interval of openUntil(calendar, to - back, to).toReversed()) {
      if (interval.to - interval.from >= left) return interval.to - left;
      left -= interval.to - interval.from;
    }
    if (back === reach) return undefined;
  }
}

/** Open milliseconds between two instants. */
export function openTimeBetween(calendar: Calendar, from: Instant, to: Instant): number {
  return openUntil(calendar, from, to).reduce((sum, interval) => sum + interval.to - interval.from, 0);
}

function openUntil(calendar: Calendar, from: Instant, to: Instant): OpenInterval[] {
  const found: OpenInterval[] = [];
  for (const interval of openIntervals(calendar, from)) {
    if (interval.from >= to) break;
    found.push({ from: Math.max(interval.from, from), to: Math.min(interval.to, to) });
  }
  return found;
}

/** Open intervals that end after `from`, ascending and merged; none that begins further away than the calendar's reach. */
export function* openIntervals(calendar: Calendar, from: Instant): Generator<OpenInterval> {
  yield* mergeTouching(rangesByDay(calendar, from), from);
}

function* rangesByDay({ zone, hours, closed }: Calendar, from: Instant): Generator<readonly OpenInterval[]> {
  const today = dayNumberAt(from, zone);
  // A range that began up to two days before may still be open: 48 hours is the longest that can be written.
  let day = today - 2;
  while (day <= today + CALENDAR_REACH_DAYS) {
    const until = closedUntil(day, closed);
    if (until === undefined) yield intervalsOn(day, hours, zone);
    day = (until ?? day) + 1;
  }
}

/** An interval is cut when it is longer: hours without a gap would else be merged for ever. Its parts touch, so sums stay right. */
const INTERVAL_MS_MAX = 8 * DAY;

/** Ranges begin on their day, so they arrive ordered by their beginning and one open range is enough to merge by. */
function* mergeTouching(days: Generator<readonly OpenInterval[]>, from: Instant): Generator<OpenInterval> {
  let open: OpenInterval | undefined;
  for (const ranges of days) {
    for (const range of ranges) {
      if (open === undefined) open = range;
      else if (range.from <= open.to && open.to - open.from < INTERVAL_MS_MAX)
        open = { from: Math.min(open.from, range.from), to: Math.max(open.to, range.to) };
      else {
        if (open.to > from) yield open;
        // Ranges of one day may overlap: what was yielded is not told again.
        open = { from: Math.max(range.from, open.to), to: Math.max(range.to, open.to) };
      }
    }
  }
  if (open !== undefined && open.to > from) yield open;
}
