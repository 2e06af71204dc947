/**
 * Deletes what is kept for a time only: raw mail and mails, alerts with their firings, links and delivery ids, refused alerts, finished
 * outbox rows, what waited and has ended, keys and counts that nothing compares any more. One call deletes one bounded batch; whoever calls goes on until nothing is left. Tickets stay.
 */
import type { Instant } from "../../domain/index.ts";
import type { Queryable } from "../statement.ts";

/** Rows of alerts in one statement: small enough to end well inside the statement's time limit. */
const EXPIRED_BATCH_MAX = 500;
/** Pages of a table of keys in one statement, some ten thousand rows. */
const EXPIRED_PAGES_MAX = 100;

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
  /** Counts of firings of hours before this go. */
  readonly firingCountsBefore?: Instant;
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
 * Tables of keys that are there to be locked, without an index on the time: it would cost every alert more than reading them
 * once an hour. Read a few pages at a time, each page once a sweep; a row that somebody holds is in use and not waited for.
 */
const walk = (table: string, isUnused: string): string => `
with unused as (
  select key from ${table} where ctid >= format('(%s,0)', $2::bigint)::tid
    and ctid < format('(%s,0)', $2::bigint + ${EXPIRED_PAGES_MAX})::tid and ${isUnused} for update skip locked
), gone as (
  delete from ${table} where key in (select key from unused) returning key
)
select count(*)::int as gone, pg_relation_size('${table}') / current_setting('block_size')::int as pages from gone`;

/** A once key without a ticket was only locked: its rule opened none. */
const WALKS = {
  dedup_keys: walk("dedup_keys", "used_at < $1"),
  once_keys: walk("once_keys", "(created_at is null or created_at < $1)"),
  alert_counts: walk("alert_counts", "expires_at < $1"),
} as const;
type WalkedTable = keyof typeof WALKS;

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

/** Rules' firings by the hour: asked for so many days at most. */
const DELETE_FIRING_COUNTS = `
with oldest as (
  select rule, hour from rule_firings where hour < $1 order by hour limit ${EXPIRED_BATCH_MAX}
)
delete from rule_firings r using oldest o where r.rule = o.rule and r.hour = o.hour returning r.rule`;

/** What one going through everything remembers between its calls: tables that are done are not read again. */
export interface Sweep {
  readonly done: Set<string>;
  /** Pages that were read. */
  readonly walked: Map<WalkedTable, number>;
}

export function newSweep(): Sweep {
  return { done: new Set(), walked: new Map() };
}

/** How many rows went. With a sweep: go on until `isSwept`; without one it looks at everything from the start. */
export async function deleteExpired(
  db: Queryable,
  expiry: Expiry,
  sweep: Sweep = newSweep(),
): Promise<number> {
  let gone = 0;
  for (const { name, text, before, max } of removals(expiry)) {
    if (sweep.done.has(name)) continue;
    const rows = await db.query({ text, values: [new Date(before).toISOString()] });
    gone += rows.length;
    if (rows.length < max) sweep.done.add(name);
  }
  for (const [table, before] of [
    ["dedup_keys", expiry.dedupKeysBefore],
    ["once_keys", expiry.onceKeysBefore],
    ["alert_counts", expiry.countsBefore],
  ] as const) {
    if (!sweep.done.has(table)) gone += await walkOn(db, sweep, table, before);
  }
  return gone;
}

export function isSwept(sweep: Sweep, expiry: Expiry): boolean {
  const names = [...removals(expiry).map(({ name }) => name), ...Object.keys(WALKS)];
  return names.every((name) => sweep.done.has(name));
}

async function walkOn(db: Queryable, sweep: Sweep, table: WalkedTable, before: Instant): Promise<number> {
  const from = sweep.walked.get(table) ?? 0;
  const rows = await db.query<{ gone: number; pages: number }>({
    text: WALKS[table],
    values: [new Date(before).toISOString(), from],
  });
  const { gone, pages } = rows[0] ?? { gone: 0, pages: 0 };
  sweep.walked.set(table, from + EXPIRED_PAGES_MAX);
  if (from + EXPIRED_PAGES_MAX >= pages) sweep.done.add(table);
  return gone;
}

interface Removal {
  readonly name: string;
  readonly text: string;
  readonly before: Instant;
  readonly max: number;
}

function removals(expiry: Expiry): readonly Removal[] {
  const { alertsBefore, rawMailBefore, outboxBefore, firingCountsBefore } = expiry;
  const max = EXPIRED_BATCH_MAX;
  return [
    { name: "alerts", text: DELETE_ALERTS, before: alertsBefore, max },
    ...(rawMailBefore === undefined
      ? []
      : [{ name: "raw mail", text: DELETE_RAW_MAIL, before: rawMailBefore, max: EXPIRED_RAW_MAIL_MAX }]),
    { name: "mails", text: DELETE_MAILS, before: alertsBefore, max },
    { name: "outbox", text: DELETE_DONE, before: outboxBefore, max },
    { name: "refused", text: deleteOld("refused_alerts"), before: alertsBefore, max },
    { name: "disagreements", text: deleteOld("disagreements"), before: alertsBefore, max },
    { name: "holds", text: deleteEnded("holds"), before: alertsBefore, max },
    { name: "absences", text: deleteEnded("absences"), before: alertsBefore, max },
    { name: "windows", text: DELETE_WINDOWS, before: alertsBefore, max },
    ...(firingCountsBefore === undefined
      ? []
      : [{ name: "firing counts", text: DELETE_FIRING_COUNTS, before: firingCountsBefore, max }]),
  ];
}

function deleteOld(table: "refused_alerts" | "disagreements"): string {
  return `with oldest as (select id, at from ${table} order by id limit ${EXPIRED_BATCH_MAX})
    delete from ${table} where id in (select id from oldest where at < $1) returning id`;
}
