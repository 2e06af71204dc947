/**
 * A schedule beside one that matches the wall clock literally (Temporal's calendars): literal matching leaves out a time
 * that a clock change skips, and runs one twice that comes twice. Pure; knows no server.
 */
import { Temporal } from "temporal-polyfill";
import type { Instant } from "../domain/index.ts";
import { nextOccurrence } from "./next-occurrence.ts";
import type { PlainDay, Schedule } from "./types.ts";
import { closedUntil, numberOf } from "./day-numbers.ts";
import { dayAt, instantOf, weekdayOf, type Day } from "./wall-clock.ts";

/** It runs at exactly this instant. */
export function isOccurrence(schedule: Schedule, at: Instant): boolean {
  return nextOccurrence(schedule, at - 1) === at;
}

/** The wall clock shows one of its times, on one of its weekdays: holidays and clock changes are not looked at. */
export function isWallTime(schedule: Schedule, at: Instant): boolean {
  if (schedule.kind === "interval") return at % schedule.ms === 0;
  const { zone, days, times } = schedule;
  return at % 1000 === 0 && days.has(weekdayOf(dayAt(at, zone))) && times.includes(wallSecond(at, zone));
}

/** Seconds since midnight. */
export interface WallTime extends PlainDay {
  readonly second: number;
}

/** What the wall clock shows where a time runs that a clock change skipped; of the years `from` to `to`, both in. */
export function movedTimes(schedule: Schedule, from: number, to: number): readonly WallTime[] {
  if (schedule.kind === "interval") return [];
  const { zone, days, times, calendar } = schedule;
  return daysOfClockChanges(zone, from, to)
    .filter(
      (day) => days.has(weekdayOf(day)) && closedUntil(numberOf(day), calendar?.closed ?? []) === undefined,
    )
    .flatMap((day) =>
      times.flatMap((time) => {
        const at = instantOf(day, time, zone);
        const second = wallSecond(at, zone);
        const { year, month, day: date } = dayAt(at, zone);
        return second === time ? [] : [{ year, month, day: date, second }];
      }),
    );
}

function daysOfClockChanges(zone: string, from: number, to: number): readonly Day[] {
  const end = Date.UTC(to + 1, 0, 1);
  const days: Day[] = [];
  let at = Temporal.Instant.fromEpochMilliseconds(Date.UTC(from, 0, 1)).toZonedDateTimeISO(zone);
  for (;;) {
    const next = at.getTimeZoneTransition("next");
    if (next === null || next.epochMilliseconds >= end) return days;
    // A clock that jumps at midnight skips the end of the day before.
    days.push(next.toPlainDate().subtract({ days: 1 }), next.toPlainDate());
    at = next;
  }
}

function wallSecond(at: Instant, zone: string): number {
  const time = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
  return time.hour * 3600 + time.minute * 60 + time.second;
}
