/** Small parts that the desk's statements share: conditions with numbered values, times as answers write them, pages. */
import { foldName } from "../../domain/index.ts";
import type { Queryable } from "../statement.ts";

export type Db = Queryable;

/** RFC 3339 UTC with milliseconds, written by Postgres: independent of how `pg` reads timestamps. */
export const rfc3339 = (column: string): string =>
  `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** A jsonb value that holds a time as milliseconds, in the same form; anything else as it is. */
export const rfc3339OfJson = (value: string): string =>
  `case when jsonb_typeof(${value}) = 'number'
    then to_jsonb(${rfc3339(`to_timestamp((${value})::float8 / 1000)`)}) else ${value} end`;

/** Conditions joined by `and`; values never stand in the text of the statement. */
export class Conditions {
  readonly values: unknown[] = [];
  readonly #parts: string[] = [];

  /** `sql` gets the placeholder: `status = any($1)`. Left out when `value` is undefined or an empty list. */
  add(value: unknown, sql: (placeholder: string) => string): this {
    if (value === undefined || (Array.isArray(value) && value.length === 0)) return this;
    this.#parts.push(`(${sql(this.value(value))})`);
    return this;
  }

  value(value: unknown): string {
    return `$${this.values.push(value)}`;
  }

  where(): string {
    return this.#parts.length === 0 ? "" : `where ${this.#parts.join(" and ")}`;
  }
}

/** Newest first: ids sort by time, so a page is what lies before the last id of the page before, whatever came meanwhile. */
export interface PageRequest {
  readonly limit: number;
  /** The id's sortable part after its prefix. */
  readonly before: string | undefined;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  /** For the next `before`; undefined at the end. */
  readonly next: string | undefined;
}

/** Rows were asked for with one more than `limit`. */
export function toPage<Row extends { readonly id: string }, Item>(
  rows: readonly Row[],
  limit: number,
  toItem: (row: Row) => Item,
): Page<Item> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map(toItem),
    next: rows.length > limit && last !== undefined ? sortablePart(last.id) : undefined,
  };
}

/** `tk_01J...` -> `01J...` */
export function sortablePart(id: string): string {
  return id.slice(id.indexOf("_") + 1);
}

/** Words of a filter as typed and folded: Postgres folds by its own collation, so the typed form must find itself. */
export function foldedToo(words: readonly string[] | undefined): readonly string[] | undefined {
  return words === undefined ? undefined : [...new Set([...words, ...words.map(foldName)])];
}
