/**
 * Deletes what is kept for a time only: raw mail and mails, alerts with their firings, links and delivery ids, refused alerts, finished
 * outbox rows, what waited and has ended, keys and counts that nothing compares any more. One call deletes one bounded batch; whoever calls goes on until nothing is left. Tickets stay.
 */
import type { Instant } from "../../domain/index.ts";
import type { Queryable } from "../statement.ts";

/** Rows of alerts in one statement: small enough to end well inside the statement's time limit. */
const EXPIRED_BATCH_MAX = 500;

export interface Expiry {
  /** Alerts received before this go, and what hangs on them; refused ones and disagreements likewise. */
  readonly alertsBefore: Instant;
  /** Raw messages of decided mails received before this go (TOCSIN_RETENTION_RAW_MAIL); their rows go with the alerts'. */
  readonly rawMailBefore?: Instant;
  /** Outbox rows that were done before this go. */
  readonly outboxBefore: Instant;
  /** Dedup keys that no alert has had since go. */
  readonly dedupKeysBefore: Instant;
  /** The last ticket of a `once per` from before this is forgotten: no rule may look back further. */
  readonly onceKeysBefore: Instant;
  /** Receipts that counts could look at until this go. */
  readonly countsBefore: Instant;
}

/**
 * Ids sort by receipt, so the oldest are the first by id and no index on the time is needed. An alert that something
 * waits with is kept as long as that waits.
 */
const DELETE_ALERTS = `
with oldest as (
  select id, delivery_key, received_at from alerts
  where id not in (
    select alert_id from holds where state = 'waiting'
    union all select alert_id from absences where state = 'waiting'
    union all select alert_id from deferred_alerts
  )
  order by id limit ${EXPIRED_BATCH_MAX}
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

/** Raw messages are large: few at a time. */
const EXPIRED_RAW_MAIL_MAX = 100;

const DELETE_RAW_MAIL = `
with oldest as (
  select r.mail_id, m.received_at, m.state from (
    select mail_id from mail_raw order by mail_id limit ${EXPIRED_RAW_MAIL_MAX}) r join mails m on m.id = r.mail_id
)
delete from mail_raw where mail_id in (select mail_id from oldest where received_at < $1 and state <> 'received')
returning mail_id`;

/** A mail whose raw message is kept longer than alerts are stays until that is gone. */
const DELETE_MAILS = `
with oldest as (
  select m.id, m.received_at from mails m where m.state <> 'received'
    and not exists (select from mail_raw r where r.mail_id = m.id) order by m.id limit ${EXPIRED_BATCH_MAX}
)
delete from mails where id in (select id from oldest where received_at < $1) returning id`;

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

/** A count that nobody looks at any more; one that somebody just counts with is left alone. */
const DELETE_COUNTS = `
with unused as (
  select key from alert_counts where expires_at < $1 limit ${EXPIRED_BATCH_MAX} for update skip locked
)
delete from alert_counts where key in (select key from unused) returning key`;

const deleteEnded = (table: "holds" | "absences"): string => `
with oldest as (
  select id from ${table} where ended_at < $1 order by ended_at limit ${EXPIRED_BATCH_MAX}
)
delete from ${table} where id in (select id from oldest) returning id`;

const DELETE_WINDOWS = `
with oldest as (
  select id from maintenance_windows where to_at < $1 order by to_at limit ${EXPIRED_BATCH_MAX}
)
delete from maintenance_windows where id in (select id from oldest) returning id`;

/** How many rows went; 0 means that nothing more is expired. */
export async function deleteExpired(db: Queryable, expiry: Expiry): Promise<number> {
  const remove = async (text: string, before: Instant): Promise<number> =>
    (await db.query({ text, values: [new Date(before).toISOString()] })).length;
  const alerts = await remove(DELETE_ALERTS, expiry.alertsBefore);
  const raw = expiry.rawMailBefore === undefined ? 0 : await remove(DELETE_RAW_MAIL, expiry.rawMailBefore);
  const mails = await remove(DELETE_MAILS, expiry.alertsBefore);
  const done = await remove(DELETE_DONE, expiry.outboxBefore);
  const keys =
    (await remove(DELETE_DEDUP_KEYS, expiry.dedupKeysBefore)) +
    (await remove(DELETE_ONCE_KEYS, expiry.onceKeysBefore));
  const refused = await remove(deleteOld("refused_alerts"), expiry.alertsBefore);
  const disagreements = await remove(deleteOld("disagreements"), expiry.alertsBefore);
  const waited =
    (await remove(deleteEnded("holds"), expiry.alertsBefore)) +
    (await remove(deleteEnded("absences"), expiry.alertsBefore)) +
    (await remove(DELETE_WINDOWS, expiry.alertsBefore)) +
    (await remove(DELETE_COUNTS, expiry.countsBefore));
  return alerts + raw + mails + done + keys + refused + disagreements + waited;
}

function deleteOld(table: "refused_alerts" | "disagreements"): string {
  return `with oldest as (select id, at from ${table} order by id limit ${EXPIRED_BATCH_MAX})
    delete from ${table} where id in (select id from oldest where at < $1) returning id`;
}
