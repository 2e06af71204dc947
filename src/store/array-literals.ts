/**
 * Columns of a batch as Postgres array literals, one text a column for `unnest($1::text[], ...)`. Written here and not
 * left to pg, because these few lines are a large part of what an alert costs: pg tests every element for its type
 * and escapes by two regular expressions. Knows no tables.
 */
const NEEDS_ESCAPE = /["\\]/u;

function quote(text: string): string {
  return NEEDS_ESCAPE.test(text) ? `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"` : `"${text}"`;
}

export function textArray<Item>(items: readonly Item[], column: (item: Item) => string | undefined): string {
  let literal = "{";
  for (let i = 0; i < items.length; i++) {
    const text = column(items[i] as Item);
    if (i > 0) literal += ",";
    literal += text === undefined ? "NULL" : quote(text);
  }
  return `${literal}}`;
}

/** For columns of which we know that they need no escape: numbers, booleans, our own ids, hex. */
export function plainArray<Item>(
  items: readonly Item[],
  column: (item: Item) => string | number | boolean | undefined,
): string {
  let literal = "{";
  for (let i = 0; i < items.length; i++) {
    if (i > 0) literal += ",";
    literal += String(column(items[i] as Item) ?? "NULL");
  }
  return `${literal}}`;
}

export function timeArray<Item>(items: readonly Item[], column: (item: Item) => number | undefined): string {
  return plainArray(items, (item) => {
    const at = column(item);
    return at === undefined ? undefined : `"${new Date(at).toISOString()}"`;
  });
}

/** Hex to bytea[]. */
export function bytesArray<Item>(items: readonly Item[], column: (item: Item) => string | undefined): string {
  return plainArray(items, (item) => {
    const hex = column(item);
    return hex === undefined ? undefined : `"\\\\x${hex}"`;
  });
}

/** Values as json; undefined is SQL null. */
export function jsonArray<Item>(items: readonly Item[], column: (item: Item) => unknown): string {
  return textArray(items, (item) => {
    const value = column(item);
    return value === undefined ? undefined : JSON.stringify(value);
  });
}

/** A text[] per row: an array of array literals as text[], cast to text[] by the statement. */
export function textListArray<Item>(
  items: readonly Item[],
  column: (item: Item) => readonly string[],
): string {
  return textArray(items, (item) => textArray(column(item), (text) => text));
}
