/** Finished deliveries once more: the same request under an id of its own, behind all that waits already (CO-18). */
import type { Actor, Instant } from "../../domain/index.ts";
import { OUTBOX_LANES } from "../outbox/insert-outbox.ts";
import type { Queryable, Transaction } from "../statement.ts";
import type { Store } from "../store.ts";

export type ReplayOutcome =
  | { readonly kind: "replayed"; readonly id: string }
  | { readonly kind: "unfinished"; readonly state: string }
  /** Skipped, or its request could not be built: there is nothing to send again. */
  | { readonly kind: "nothing-to-send"; readonly state: string }
  | { readonly kind: "missing" };

interface Replay {
  readonly deliveryId: string;
  readonly callout: string;
  /** Of the new delivery. */
  readonly id: string;
  readonly by: Actor;
  readonly at: Instant;
}

const copyOf = (ids: string, originals: string): string => `
insert into deliveries (id, callout, ticket_id, rule, created_at, state, request, schedule, notify_on_failure, replay_of,
  requested_by, is_test, declaration_hash)
select copies.id, o.callout, o.ticket_id, o.rule, $3, 'pending', o.request, o.schedule, o.notify_on_failure, o.id, $4, o.is_test,
  o.declaration_hash
from unnest(${ids}, ${originals}) with ordinality as copies (id, original, nth) join deliveries o on o.id = copies.original
where o.finished_at is not null and o.request is not null
order by copies.nth
returning id`;

const TELL = `, told as (
  insert into outbox (lane, kind, workflow_id, payload)
  select ${OUTBOX_LANES.callouts}, 'start-callout', 'callout:' || id, jsonb_build_object('deliveryId', id) from copy
  returning id
)`;

const ONE = `
with original as materialized (
  select * from deliveries where id = $2::text
), copy as (${copyOf("array[$1::text]", "array[$2::text]")}
)${TELL}
select o.state, o.finished_at is not null as finished, exists (select from copy) as copied,
  (select pg_notify('tocsin_outbox', '')::text from told) as woken
from original o`;

interface Row {
  readonly state: string;
  readonly finished: boolean;
  readonly copied: boolean;
}

/** In a transaction, which also writes who asked: each call makes a delivery of its own. */
export async function replayDelivery(db: Transaction, replay: Replay): Promise<ReplayOutcome> {
  await lockReplays(db, replay.callout);
  const [row] = await db.query<Row>({
    name: "replay-delivery",
    text: ONE,
    values: [replay.id, replay.deliveryId, new Date(replay.at).toISOString(), JSON.stringify(replay.by)],
  });
  if (row === undefined) return { kind: "missing" };
  if (!row.finished) return { kind: "unfinished", state: row.state };
  return row.copied ? { kind: "replayed", id: replay.id } : { kind: "nothing-to-send", state: row.state };
}

/** Replays of one callout follow each other, so that none takes for unreplayed what another is replaying. */
async function lockReplays(db: Transaction, callout: string): Promise<void> {
  await db.query({
    name: "lock-replays",
    text: "select pg_advisory_xact_lock(hashtextextended('replays:' || $1, 0))::text",
    values: [callout],
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

/** Replays some, oldest first, and says how many. However many ask at once, each failed delivery is replayed once. */
export async function replayFailedDeliveries(
  store: Pick<Store, "transaction">,
  failed: {
    readonly callout: string;
    readonly since: Instant;
    readonly limit: number;
    readonly by: Actor;
    readonly at: Instant;
    readonly newId: () => string;
  },
): Promise<number> {
  const { callout, since, limit, by, at, newId } = failed;
  return await store.transaction(async (transaction) => {
    await lockReplays(transaction, callout);
    const found = await transaction.query<{ id: string }>({
      name: "select-failed-deliveries",
      text: `select d.id ${FAILED} order by d.position limit $3`,
      values: [callout, new Date(since).toISOString(), limit],
    });
    if (found.length === 0) return 0;
    await transaction.query({
      name: "replay-failed-deliveries",
      text: `with copy as (${copyOf("$1::text[]", "$2::text[]")})${TELL} select pg_notify('tocsin_outbox', '')::text as woken from told limit 1`,
      values: [
        found.map(() => newId()),
        found.map(({ id }) => id),
        new Date(at).toISOString(),
        JSON.stringify(by),
      ],
    });
    return found.length;
  });
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
