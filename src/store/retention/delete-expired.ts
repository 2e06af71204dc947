/**
 * Deletes what is kept for a time only: alerts with their firings, links and delivery ids, refused alerts, finished
 * outbox rows, keys that nothing compares any more. One call deletes one bounded batch; whoever calls goes on until nothing is left. Tickets stay.
 */
import type { Instant } from "../../domain/index.ts";
import type { Queryable } from "../statement.ts";

/** Rows of alerts in one statement: small enough to end well inside the statement's time limit. */
const EXPIRED_BATCH_MAX = 500;

export interface Expiry {
  /** Alerts received before this go, and what hangs on them; refused ones and disagreements likewise. */
  readonly alertsBefore: Instant;
  /** Outbox rows that were done before this go. */
  readonly outboxBefore: Instant;
  /** Dedup keys that no alert has had since go. */
  readonly dedupKeysBefore: Instant;
  /** The last ticket of a `once per` from before this is forgotten: no rule may look back further. */
  readonly onceKeysBefore: Instant;
}

/** Ids sort by receipt, so the oldest are the first by id and no index on the time is needed. */
const DELETE_ALERTS = `
with oldest as (
  select id, delivery_key, received_at from alerts order by id limit ${EXPIRED_BATCH_MAX}
), expired as (
  select id, delivery_key from oldest where received_at < $1
), firings_gone as (
  delete from firings where alert_id in (select id from expired)
), links_gone as (
  delete from ticket_alerts where alert_id in (select id from expired)
), deliveries_gone as (
  delete from alert_deliveries where key in (select delivery_key from expired where delivery_key is not null)
)
delete from alerts where id in (select id from expired) returning id`;

const DELETE_DONE = `
with oldest as (
  select id from outbox where done_at < $1 order by done_at limit ${EXPIRED_BATCH_MAX}
)
delete from outbox where id in (select id from oldest) returning id`;

/**
 * A key is there to be locked: one that somebody holds is in use, whatever its time says, and is not waited for. Read
 * in the order of the table, since an index on `used_at` would cost every alert more than this reading costs an hour.
 */
const DELETE_DEDUP_KEYS = `
with unused as (
  select key from dedup_keys where used_at < $1 limit ${EXPIRED_BATCH_MAX} for update skip locked
)
delete from dedup_keys where key in (select key from unused) returning key`;

/** A key without a ticket was only locked: its rule opened none. */
const DELETE_ONCE_KEYS = `
with unused as (
  select key from once_keys where created_at is null or created_at < $1 limit ${EXPIRED_BATCH_MAX}
  for update skip locked
)
delete from once_keys where key in (select key from unused) returning key`;

/** How many rows went; 0 means that nothing more is expired. */
export async function deleteExpired(db: Queryable, expiry: Expiry): Promise<number> {
  const remove = async (text: string, before: Instant): Promise<number> =>
    (await db.query({ text, values: [new Date(before).toISOString()] })).length;
  const alerts = await remove(DELETE_ALERTS, expiry.alertsBefore);
  const done = await remove(DELETE_DONE, expiry.outboxBefore);
  const keys =
    (await remove(DELETE_DEDUP_KEYS, expiry.dedupKeysBefore)) +
    (await remove(DELETE_ONCE_KEYS, expiry.onceKeysBefore));
  const refused = await remove(deleteOld("refused_alerts"), expiry.alertsBefore);
  const disagreements = await remove(deleteOld("disagreements"), expiry.alertsBefore);
  return alerts + done + keys + refused + disagreements;
}

function deleteOld(table: "refused_alerts" | "disagreements"): string {
  return `with oldest as (select id, at from ${table} order by id limit ${EXPIRED_BATCH_MAX})
    delete from ${table} where id in (select id from oldest where at < $1) returning id`;
}
