/** Times as people and programs write them, read into milliseconds. `Date.parse` alone takes far too much ("1", "May"). Knows no clock. */
import type { FieldValue, Instant } from "./values.ts";

const RFC3339 = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:[Zz]|[+-]\d{2}:\d{2})$/u;
const DATE = /^\d{4}-\d{2}-\d{2}$/u;
const WITHOUT_ZONE = /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2})(:\d{2}(?:\.\d{1,9})?)?$/u;

const DATE_LENGTH = "2026-11-22".length;

/** Four-digit years: what answers and Postgres can write. */
const EARLIEST = Date.parse("0001-01-01T00:00:00.000Z");
const LATEST = Date.parse("9999-12-31T23:59:59.999Z");

export function parseRfc3339(text: string): Instant | undefined {
  if (!RFC3339.test(text) || dayOf(text.slice(0, DATE_LENGTH)) === undefined) return undefined;
  return withinYears(Date.parse(text.replace(" ", "T").toUpperCase()));
}

/** What a field of times can hold: milliseconds, an RFC 3339 time, `2026-11-22` or `2026-11-22 18:00` (both UTC). */
export function readInstant(value: FieldValue): Instant | undefined {
  if (typeof value === "number") return withinYears(value);
  if (typeof value !== "string") return undefined;
  const text = value.trim();
  if (DATE.test(text)) return withinYears(dayOf(text));
  const [, day, minute, second] = WITHOUT_ZONE.exec(text) ?? [];
  if (day === undefined || minute === undefined) return parseRfc3339(text);
  return dayOf(day) === undefined ? undefined : parseRfc3339(`${day}T${minute}${second ?? ":00"}Z`);
}

/** `Date.parse` reads 31 February as 3 March. */
function dayOf(text: string): Instant | undefined {
  const at = Date.parse(`${text}T00:00:00.000Z`);
  return Number.isFinite(at) && new Date(at).toISOString().startsWith(text) ? at : undefined;
}

function withinYears(at: Instant | undefined): Instant | undefined {
  return at !== undefined && at >= EARLIEST && at <= LATEST ? at : undefined;
}
