/**
 * Deletes what is kept for a time only: alerts with their firings, links and delivery ids, refused alerts, finished
 * outbox rows. One call deletes one bounded batch; whoever calls goes on until nothing is left. Tickets stay.
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

/** How many rows went; 0 means that nothing more is expired. */
export async function deleteExpired(db: Queryable, expiry: Expiry): Promise<number> {
  const alertsBefore = new Date(expiry.alertsBefore).toISOString();
  const alerts = await db.query({ text: DELETE_ALERTS, values: [alertsBefore] });
  const done = await db.query({ text: DELETE_DONE, values: [new Date(expiry.outboxBefore).toISOString()] });
  const refused = await deleteBefore(db, "refused_alerts", alertsBefore);
  const disagreements = await deleteBefore(db, "disagreements", alertsBefore);
  return alerts.length + done.length + refused + disagreements;
}

async function deleteBefore(
  db: Queryable,
  table: "refused_alerts" | "disagreements",
  before: string,
): Promise<number> {
  const text = `with oldest as (select id, at from ${table} order by id limit ${EXPIRED_BATCH_MAX})
    delete from ${table} where id in (select id from oldest where at < $1) returning id`;
  return (await db.query({ text, values: [before] })).length;
}
