/** When a schedule or a maintenance window comes next. Pure: the present is an argument. */
import type { Instant } from "../domain/index.ts";
import { CALENDAR_HORIZON_DAYS, openIntervals } from "./open-time.ts";
import type { Schedule, WindowTimes } from "./types.ts";
import { dayAt, instantOf, isClosed, nextDay, weekdayOf } from "./wall-clock.ts";

/** The first time strictly after `after`; undefined when none comes within the horizon. */
export function nextOccurrence(schedule: Schedule, after: Instant): Instant | undefined {
  if (schedule.kind === "interval") return (Math.floor(after / schedule.ms) + 1) * schedule.ms;
  const { zone, days, calendar } = schedule;
  const times = [...schedule.times].sort((a, b) => a - b);
  let day = dayAt(after, zone);
  for (let looked = 0; looked <= CALENDAR_HORIZON_DAYS; looked++) {
    const runs = days.has(weekdayOf(day)) && !(calendar !== undefined && isClosed(day, calendar.closed));
    if (runs) {
      for (const time of times) {
        const at = instantOf(day, time, zone);
        if (at > after) return at;
      }
    }
    day = nextDay(day);
  }
  return undefined;
}

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
