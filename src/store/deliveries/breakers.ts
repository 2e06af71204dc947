/**
 * The breaker of a callout, `pause after N failed deliveries`: open while its row is there.
 *
 *   the newest N ends all failed -> open      one attempt of the oldest that waits, every BREAKER_PROBE_MS
 *   the newest end is a success  -> closed    all that wait go on, in order
 */
import { BREAKER_PROBE_MS, type Instant } from "../../domain/index.ts";
import { OUTBOX_LANES } from "../outbox/insert-outbox.ts";
import type { Queryable } from "../statement.ts";
import { PAUSED_REASON } from "./put-off-delivery.ts";

export interface Breaker {
  readonly callout: string;
  readonly openedAt: Instant;
  readonly nextProbeAt: Instant;
}

const SETTLE = `
with ends as (
  select state, row_number() over (order by finished_at desc, position desc) as nth
  from (select state, finished_at, position from deliveries
    where callout = $1 and state in ('succeeded', 'failed') and not is_test
    order by finished_at desc, position desc limit $2) newest
), judged as (
  select count(*) filter (where state = 'failed') >= $2 as is_failing,
    coalesce(bool_or(state = 'succeeded' and nth = 1), false) as is_well
  from ends
), opened as (
  insert into callout_breakers (callout, opened_at, next_probe_at)
  select $1, $3::timestamptz, $3::timestamptz + $4 * interval '1 ms' from judged where is_failing
  on conflict (callout) do nothing
  returning callout
), closed as (
  delete from callout_breakers where callout = $1 and (select is_well from judged)
  returning callout
)
select exists (select from opened) as opened, exists (select from closed) as closed`;

/** Looks at the newest ends. Each change is told once, to the one call that made it. */
export async function settleBreaker(
  db: Queryable,
  breaker: { readonly callout: string; readonly pauseAfter: number; readonly at: Instant },
): Promise<"opened" | "closed" | "unchanged"> {
  const [row] = await db.query<{ opened: boolean; closed: boolean }>({
    name: "settle-breaker",
    text: SETTLE,
    values: [breaker.callout, breaker.pauseAfter, new Date(breaker.at).toISOString(), BREAKER_PROBE_MS],
  });
  if (row?.opened === true) return "opened";
  return row?.closed === true ? "closed" : "unchanged";
}

/** By hand, or because its text no longer asks for one. */
export async function closeBreaker(db: Queryable, callout: string): Promise<boolean> {
  const rows = await db.query<{ callout: string }>({
    name: "close-breaker",
    text: "delete from callout_breakers where callout = $1 returning callout",
    values: [callout],
  });
  return rows.length > 0;
}

export async function selectBreakers(db: Queryable): Promise<readonly Breaker[]> {
  const rows = await db.query<{ callout: string; opened_at: Instant; next_probe_at: Instant }>({
    name: "select-breakers",
    text: "select callout, opened_at, next_probe_at from callout_breakers order by callout",
    values: [],
  });
  return rows.map((row) => ({
    callout: row.callout,
    openedAt: row.opened_at,
    nextProbeAt: row.next_probe_at,
  }));
}

const TRY = `
with mine as (
  select id, callout, position from deliveries where id = $1
), breaker as materialized (
  select b.* from callout_breakers b join mine m on m.callout = b.callout for update of b
), older as (
  select exists (select from deliveries d, mine m where d.callout = m.callout and d.position < m.position
    and d.state in ('pending', 'running', 'waiting')) as there
), probing as (
  update callout_breakers b set next_probe_at = $2::timestamptz + $3 * interval '1 ms'
  from breaker, older where b.callout = breaker.callout and breaker.next_probe_at <= $2 and not older.there
  returning b.callout
)
select b.next_probe_at, exists (select from probing) as is_probe from breaker b`;

/**
 * Undefined: nothing pauses the delivery, or it is the one that is tried. Else when it is worth asking again: the probe's
 * time, and a moment after it for all but the oldest.
 */
export async function pausedUntil(
  db: Queryable,
  attempt: { readonly deliveryId: string; readonly at: Instant },
): Promise<Instant | undefined> {
  const [row] = await db.query<{ next_probe_at: Instant; is_probe: boolean }>({
    name: "try-breaker",
    text: TRY,
    values: [attempt.deliveryId, new Date(attempt.at).toISOString(), BREAKER_PROBE_MS],
  });
  if (row === undefined || row.is_probe) return undefined;
  return row.next_probe_at > attempt.at ? row.next_probe_at : attempt.at + BREAKER_PROBE_MS;
}

/**
 * Wakes what waits, in order: a signal each, through the outbox. `paused`: what the breaker keeps; `all`: what waits for its
 * next attempt too, so that it sees at once that the callout was switched off.
 */
export async function wakeDeliveries(
  db: Queryable,
  callout: string,
  which: "paused" | "all" = "paused",
): Promise<number> {
  const rows = await db.query<{ id: string }>({
    name: "wake-deliveries",
    text: `with woken as (
        insert into outbox (lane, kind, workflow_id, payload)
        select ${OUTBOX_LANES.callouts}, 'callout-resumed', 'callout:' || id, jsonb_build_object('deliveryId', id) from deliveries
        where callout = $1 and state in ('pending', 'waiting') and ($2::text is null or reason = $2) order by position
        returning id::text
      ) select id, pg_notify('tocsin_outbox', '')::text as told from woken`,
    values: [callout, which === "all" ? null : PAUSED_REASON],
  });
  return rows.length;
}
