/** Times as programs write them. `Date.parse` alone takes far too much ("1", "May"). Knows no clock. */
import type { Instant } from "../domain/index.ts";

const RFC3339 = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:[Zz]|[+-]\d{2}:\d{2})$/u;

/** Four-digit years: what answers and Postgres can write. */
const EARLIEST = Date.parse("0001-01-01T00:00:00.000Z");
const LATEST = Date.parse("9999-12-31T23:59:59.999Z");

export function parseRfc3339(text: string): Instant | undefined {
  if (!RFC3339.test(text)) return undefined;
  const at = Date.parse(text.replace(" ", "T").toUpperCase());
  return at >= EARLIEST && at <= LATEST ? at : undefined;
}
