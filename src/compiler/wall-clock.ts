/** Turns a date as written into an instant of a zone. Knows no clock: the date comes from the text. */
import type { Instant } from "../domain/index.ts";
import type { DateNode } from "../../grammar/ast.ts";

/** In a gap of daylight saving the time after it; of two equal times the first. */
export function instantOf(date: DateNode, zone: string | undefined): Instant {
  const { hour = 0, minute = 0, second = 0 } = date.time ?? {};
  const utc = Date.UTC(date.year, date.month - 1, date.day, hour, minute, second);
  if (zone === undefined) return utc;
  const earlier = utc - offsetAt(utc - 86_400_000, zone);
  const later = utc - offsetAt(utc + 86_400_000, zone);
  return [earlier, later].find((at) => at + offsetAt(at, zone) === utc) ?? earlier;
}

/** Milliseconds that the zone's clock is ahead of UTC. */
function offsetAt(at: Instant, zone: string): number {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  }).formatToParts(at);
  const part = (type: string): number => Number(parts.find((p) => p.type === type)?.value ?? 0);
  const shown = Date.UTC(
    part("year"),
    part("month") - 1,
    part("day"),
    part("hour"),
    part("minute"),
    part("second"),
  );
  return shown - (at - (((at % 1000) + 1000) % 1000));
}
