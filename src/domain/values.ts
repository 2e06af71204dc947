/** What a field can hold at run time. Times are milliseconds since 1970 UTC; the field's type tells them from numbers. */

/** `undefined` is a missing value. Lists are tags and list-valued alert fields. */
export type FieldValue = string | number | boolean | readonly (string | number | boolean)[] | undefined;

export type FieldType = "text" | "number" | "boolean" | "time" | "list" | "entity";

/** Milliseconds since 1970 UTC. */
export type Instant = number;

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** RFC 3339 UTC with milliseconds, the only form in answers. */
export function toRfc3339(at: Instant): string {
  return new Date(at).toISOString();
}

/** `2026-11-22`, the UTC day that ticket numbers count in. */
export function utcDay(at: Instant): string {
  return new Date(at).toISOString().slice(0, 10);
}

/**
 * A value that the language calls empty: missing, blank text, empty list. 0 and false are values (domain.md A10).
 */
export function isEmpty(value: FieldValue): boolean {
  if (value === undefined) return true;
  if (typeof value === "string") return value.trim() === "";
  return Array.isArray(value) && value.length === 0;
}
