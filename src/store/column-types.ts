/** How columns become values of ours: Instants, hex, numbers. Knows the types of Postgres, none of its tables. */
import { types } from "pg";

const BYTEA = 17;
const INT8 = 20;
const DATE = 1082;
const TIMESTAMPTZ = 1184;

/** `2026-11-22 23:05:00.123+00`: sessions run in UTC, so the offset is almost always `+00`. */
export function parseTimestamp(text: string): number {
  const day = text.slice(0, 10);
  return text.endsWith("+00")
    ? Date.parse(`${day}T${text.slice(11, -3)}Z`)
    : Date.parse(text.replace(" ", "T").replace(/([+-]\d\d)$/u, "$1:00"));
}

const parsers: ReadonlyMap<number, (text: string) => unknown> = new Map<number, (text: string) => unknown>([
  [BYTEA, (text) => text.slice(2)],
  [INT8, Number],
  [DATE, String],
  [TIMESTAMPTZ, parseTimestamp],
]);

export const columnTypes = {
  getTypeParser(oid: number, format?: "text" | "binary"): (text: string) => unknown {
    const own = format === "binary" ? undefined : parsers.get(oid);
    return own ?? types.getTypeParser(oid, format);
  },
};
