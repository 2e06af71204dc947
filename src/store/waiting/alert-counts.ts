/**
 * Receipts of alerts by the key of a count: locked and read before a batch is decided, written whole after it, so that
 * sliding counts are exact over all processes. Knows keys and times, no rules.
 *
 *   batch A: lock rows in key order -> times -> decide -> times + own, the newest kept -> commit
 *   batch B:        waits ------------------------------------------------------------> times of A ...
 *
 * In a storm the keys that everybody hits are above their thresholds, whatever others add meanwhile: such a batch reads
 * without a lock and adds its receipts at its very end (`isSettled` of decision, `addAlertCounts`).
 */
import type { Instant } from "../../domain/index.ts";
import { bytesArray, plainArray, textArray, timeArray } from "../array-literals.ts";
import type { Queryable, Transaction } from "../statement.ts";

const MAKE = `insert into alert_counts (key) select key from unnest($1::bytea[]) as k (key) order by key
on conflict (key) do nothing`;

const LOCK = `select key, times::text from alert_counts where key = any($1::bytea[]) order by key for update`;

/** `keys` (hex) in order, each once. Ascending times by key. */
export async function lockAlertCounts(
  db: Transaction,
  keys: readonly string[],
): Promise<ReadonlyMap<string, readonly Instant[]>> {
  if (keys.length === 0) return new Map();
  const values = [bytesArray(keys, (key) => key)];
  for (;;) {
    db.send({ name: "make-alert-counts", text: MAKE, values });
    const rows = await db.query<{ key: string; times: string }>({
      name: "lock-alert-counts",
      text: LOCK,
      values,
    });
    // One may have been deleted as expired between the two: it is made again.
    if (rows.length >= keys.length) return new Map(rows.map(({ key, times }) => [key, parseTimes(times)]));
  }
}

const READ = "select key, times::text from alert_counts where key = any($1::bytea[])";

/** As they were committed last, without waiting for whoever counts now. */
export async function readAlertCounts(
  db: Queryable,
  keys: readonly string[],
): Promise<ReadonlyMap<string, readonly Instant[]>> {
  if (keys.length === 0) return new Map();
  const rows = await db.query<{ key: string; times: string }>({
    name: "read-alert-counts",
    text: READ,
    values: [bytesArray(keys, (key) => key)],
  });
  return new Map(rows.map(({ key, times }) => [key, parseTimes(times)]));
}

/** `{1,2}`: read here and not by pg, which tests every element. */
function parseTimes(literal: string): readonly Instant[] {
  return literal === "{}" ? [] : (JSON.parse(`[${literal.slice(1, -1)}]`) as readonly Instant[]);
}

export interface CountedTimes {
  /** Hex. */
  readonly key: string;
  readonly times: readonly Instant[];
  readonly expiresAt: Instant;
}

const WRITE = `update alert_counts c set times = w.times::bigint[], expires_at = w.expires_at
from unnest($1::bytea[], $2::text[], $3::timestamptz[]) as w (key, times, expires_at) where c.key = w.key`;

export function writeAlertCounts(db: Transaction, counted: readonly CountedTimes[]): void {
  if (counted.length === 0) return;
  db.send({
    name: "write-alert-counts",
    text: WRITE,
    values: [
      bytesArray(counted, ({ key }) => key),
      textArray(counted, ({ times }) => plainArray(times, (time) => time)),
      timeArray(counted, ({ expiresAt }) => expiresAt),
    ],
  });
}

/** In order of the keys. What another transaction added meanwhile is there: the row is read again once it is locked. */
const ADD = `insert into alert_counts as c (key, times, expires_at)
select key, times::bigint[], expires_at from unnest($1::bytea[], $2::text[], $3::timestamptz[]) as w (key, times, expires_at)
order by key
on conflict (key) do update set expires_at = greatest(c.expires_at, excluded.expires_at), times = (
  array(select time from unnest(c.times || excluded.times) as t (time) order by time))[
  greatest(cardinality(c.times) + cardinality(excluded.times) + 1
    - (select w.newest from unnest($1::bytea[], $4::integer[]) as w (key, newest) where w.key = c.key), 1) : ]`;

export interface AddedTimes extends CountedTimes {
  /** As many of the newest are kept. */
  readonly newest: number;
}

/** Adds to rows that were not locked. Last of a transaction: others wait for it from here to the commit. */
export function addAlertCounts(db: Transaction, added: readonly AddedTimes[]): void {
  if (added.length === 0) return;
  db.send({
    name: "add-alert-counts",
    text: ADD,
    values: [
      bytesArray(added, ({ key }) => key),
      textArray(added, ({ times }) => plainArray(times, (time) => time)),
      timeArray(added, ({ expiresAt }) => expiresAt),
      plainArray(added, ({ newest }) => newest),
    ],
  });
}
