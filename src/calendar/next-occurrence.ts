/** When a schedule or a maintenance window comes next. Pure: the present is an argument. */
import { CALENDAR_REACH_DAYS, type Instant } from "../domain/index.ts";
import { closedUntil, dayNumberAt, instantOfNumber, weekdayOfNumber } from "./day-numbers.ts";
import { openIntervals } from "./open-time.ts";
import type { Schedule, WindowTimes } from "./types.ts";

/** The first time strictly after `after`; undefined when none comes within the calendar's reach. */
export function nextOccurrence(schedule: Schedule, after: Instant): Instant | undefined {
  if (schedule.kind === "interval") return (Math.floor(after / schedule.ms) + 1) * schedule.ms;
  const { zone, days, calendar } = schedule;
  const times = [...schedule.times].sort((a, b) => a - b);
  const today = dayNumberAt(after, zone);
  for (let day = today; day <= today + CALENDAR_REACH_DAYS; day++) {
    day = (closedUntil(day, calendar?.closed ?? NEVER_CLOSED) ?? day - 1) + 1;
    if (!days.has(weekdayOfNumber(day))) continue;
    for (const time of times) {
      const at = instantOfNumber(day, time, zone);
      if (at > after) return at;
    }
  }
  return undefined;
}

const NEVER_CLOSED: readonly never[] = [];

/** The window that is in force at `at`, as instants; `to` is its end, exclusive. */
export function windowAt(
  times: WindowTimes,
  at: Instant,
): { readonly from: Instant; readonly to: Instant } | undefined {
  if (times.kind === "span")
    return times.from <= at && at < times.to ? { from: times.from, to: times.to } : undefined;
  const first = openIntervals({ name: "", zone: times.zone, hours: times.hours, closed: [] }, at).next();
  if (first.done === true || first.value.from > at) return undefined;
  return first.value;
}
