/**
 * Wall-clock days in a zone, and back to instants. A wall time that a clock change skips is taken as much later as
 * the clock jumped; one that comes twice is its first coming (RFC 5545's and Temporal's "compatible" reading).
 */
import { Temporal } from "temporal-polyfill";
import type { Instant } from "../domain/index.ts";
import type { Weekday } from "./types.ts";

export type Day = Temporal.PlainDate;

export function isZone(zone: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone);
    // Offsets are zones to Temporal, but they know no clock change; an admin means a place.
    return /^[A-Za-z]/.test(zone);
  } catch {
    return false;
  }
}

export function dayAt(at: Instant, zone: string): Day {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate();
}

export function weekdayOf(day: Day): Weekday {
  return day.dayOfWeek as Weekday;
}

/** `seconds` since midnight of `day`, also beyond the day's end: 26 hours is two o'clock on the next day. */
export function instantOf(day: Day, seconds: number, zone: string): Instant {
  const days = Math.floor(seconds / 86_400);
  const rest = seconds - days * 86_400;
  const date = days === 0 ? day : day.add({ days });
  return date.toZonedDateTime({ timeZone: zone, plainTime: Temporal.PlainTime.from(timeOf(rest)) })
    .epochMilliseconds;
}

function timeOf(seconds: number): { hour: number; minute: number; second: number } {
  return {
    hour: Math.floor(seconds / 3600),
    minute: Math.floor((seconds % 3600) / 60),
    second: Math.floor(seconds % 60),
  };
}
