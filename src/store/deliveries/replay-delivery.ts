/** A finished delivery once more: the same request under an id of its own, behind all that waits already (CO-18). */
import type { Actor, Instant } from "../../domain/index.ts";
import { OUTBOX_LANES } from "../outbox/insert-outbox.ts";
import type { Queryable } from "../statement.ts";

export type ReplayOutcome =
  | { readonly kind: "replayed"; readonly id: string }
  | { readonly kind: "unfinished"; readonly state: string }
  /** Skipped, or its request could not be built: there is nothing to send again. */
  | { readonly kind: "nothing-to-send" }
  | { readonly kind: "missing" };

interface Replay {
  readonly deliveryId: string;
  /** Of the new delivery. */
  readonly id: string;
  readonly by: Actor;
  readonly at: Instant;
}

const TEXT = `
with original as materialized (
  select * from deliveries where id = $1 for update
), copy as (
  insert into deliveries (id, callout, ticket_id, rule, created_at, state, request, schedule, notify_on_failure, replay_of,
    requested_by, is_test)
  select $2, callout, ticket_id, rule, $3, 'pending', request, schedule, notify_on_failure, id, $4, is_test
  from original where finished_at is not null and request is not null
  returning id
), told as (
  insert into outbox (lane, kind, workflow_id, payload)
  select ${OUTBOX_LANES.callouts}, 'start-callout', 'callout:' || id, jsonb_build_object('deliveryId', id) from copy
  returning id
)
select o.state, o.finished_at is not null as finished, exists (select from copy) as copied,
  (select pg_notify('tocsin_outbox', '')::text from told) as woken
from original o`;

interface Row {
  readonly state: string;
  readonly finished: boolean;
  readonly copied: boolean;
}

export async function replayDelivery(db: Queryable, replay: Replay): Promise<ReplayOutcome> {
  const [row] = await db.query<Row>({
    name: "replay-delivery",
    text: TEXT,
    values: [replay.deliveryId, replay.id, new Date(replay.at).toISOString(), JSON.stringify(replay.by)],
  });
  if (row === undefined) return { kind: "missing" };
  if (!row.finished) return { kind: "unfinished", state: row.state };
  return row.copied ? { kind: "replayed", id: replay.id } : { kind: "nothing-to-send" };
}

/** Marks a delivery that was just stored: no rules run on it and nobody is told. */
export async function markTestDelivery(
  db: Queryable,
  test: { readonly deliveryId: string; readonly by: Actor; readonly at: Instant },
): Promise<void> {
  await db.query({
    name: "mark-test-delivery",
    text: `update deliveries set is_test = true, requested_by = $2,
      event_decided_at = case when finished_at is not null then finished_at end where id = $1`,
    values: [test.deliveryId, JSON.stringify(test.by)],
  });
}

/** What failed since a time and nobody replayed yet, oldest first. Given up is a person's word, so it stays. */
const FAILED = `from deliveries d
where d.callout = $1 and d.state = 'failed' and d.finished_at >= $2 and d.request is not null and not d.is_test
  and not exists (select from deliveries r where r.replay_of = d.id)`;

export async function countFailedDeliveries(
  db: Queryable,
  failed: { readonly callout: string; readonly since: Instant },
): Promise<number> {
  const [row] = await db.query<{ n: string | number }>({
    name: "count-failed-deliveries",
    text: `select count(*) as n ${FAILED}`,
    values: [failed.callout, new Date(failed.since).toISOString()],
  });
  return Number(row?.n ?? 0);
}

export async function selectFailedDeliveries(
  db: Queryable,
  failed: { readonly callout: string; readonly since: Instant; readonly limit: number },
): Promise<readonly string[]> {
  const rows = await db.query<{ id: string }>({
    name: "select-failed-deliveries",
    text: `select d.id ${FAILED} order by d.position limit $3`,
    values: [failed.callout, new Date(failed.since).toISOString(), failed.limit],
  });
  return rows.map(({ id }) => id);
}
