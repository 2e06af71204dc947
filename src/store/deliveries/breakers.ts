/**
 * The breaker of a callout, `pause after N failed deliveries`: open while its row is there.
 *
 *   the newest N ends of deliveries made by the present text all failed -> open
 *   open: one is tried every BREAKER_PROBE_MS; who is next holds a timer, all others sleep until they are
 *   the newest end is a success, whatever text it was made by           -> closed, all that wait go on
 *
 * Test calls, what was given up and what could not be built neither count nor close.
 */
import { BREAKER_LOOK_MS, BREAKER_PROBE_MS, SECOND, type Instant } from "../../domain/index.ts";
import { OUTBOX_LANES } from "../outbox/insert-outbox.ts";
import type { Queryable, Transaction } from "../statement.ts";
import { PAUSED_REASON } from "./put-off-delivery.ts";

export interface Breaker {
  readonly callout: string;
  readonly openedAt: Instant;
  readonly nextProbeAt: Instant;
  /** Hash of the callout's text that it was last looked at with; undefined: an older program opened it. */
  readonly declarationHash: string | undefined;
}

const ENDED = "state in ('succeeded', 'failed') and not is_test and request is not null";

const SETTLE = `
with newest as (
  select state from deliveries where callout = $1 and ${ENDED} order by finished_at desc, position desc limit 1
), in_a_row as (
  select count(*) filter (where state = 'failed') as failed
  from (select state from deliveries where callout = $1 and declaration_hash = $2 and ${ENDED}
    order by finished_at desc, position desc limit $3) ends
), opened as (
  insert into callout_breakers (callout, declaration_hash, opened_at, next_probe_at)
  select $1, $2, $4::timestamptz, $4::timestamptz + $5 * interval '1 ms' from in_a_row, newest
  where in_a_row.failed >= $3 and newest.state = 'failed'
  on conflict (callout) do nothing
  returning callout
), closed as (
  delete from callout_breakers where callout = $1 and exists (select from newest where state = 'succeeded')
  returning callout
)
select exists (select from opened) as opened, exists (select from closed) as closed`;

/** Looks at the newest ends. Each change is told once, to the one call that made it: those of one callout follow each other. */
export async function settleBreaker(
  db: Transaction,
  breaker: {
    readonly callout: string;
    readonly declarationHash: string;
    readonly pauseAfter: number;
    readonly at: Instant;
  },
): Promise<"opened" | "closed" | "unchanged"> {
  const { callout, declarationHash, pauseAfter, at } = breaker;
  // A statement of its own: the next one sees what the holder of the lock before committed.
  await db.query({
    name: "lock-breaker",
    text: "select pg_advisory_xact_lock(hashtextextended('breaker:' || $1, 0))::text",
    values: [callout],
  });
  const [row] = await db.query<{ opened: boolean; closed: boolean }>({
    name: "settle-breaker",
    text: SETTLE,
    values: [callout, declarationHash, pauseAfter, new Date(at).toISOString(), BREAKER_PROBE_MS],
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

/** The callout has another text: somebody mended something, so the next one is tried now. False: it is the text of before. */
export async function retryBreaker(
  db: Queryable,
  breaker: { readonly callout: string; readonly declarationHash: string; readonly at: Instant },
): Promise<boolean> {
  const rows = await db.query<{ callout: string }>({
    text: `update callout_breakers set declaration_hash = $2, next_probe_at = greatest(opened_at, $3)
      where callout = $1 and declaration_hash is distinct from $2 returning callout`,
    values: [breaker.callout, breaker.declarationHash, new Date(breaker.at).toISOString()],
  });
  return rows.length > 0;
}

export async function selectBreakers(db: Queryable): Promise<readonly Breaker[]> {
  const rows = await db.query<{
    callout: string;
    opened_at: Instant;
    next_probe_at: Instant;
    declaration_hash: string | null;
  }>({
    name: "select-breakers",
    text: "select callout, opened_at, next_probe_at, declaration_hash from callout_breakers order by callout",
    values: [],
  });
  return rows.map((row) => ({
    callout: row.callout,
    openedAt: row.opened_at,
    nextProbeAt: row.next_probe_at,
    declarationHash: row.declaration_hash ?? undefined,
  }));
}

/* ---------- who is next ---------- */

/** Of those that a breaker keeps. `$paused` and the like stand for numbers of parameters. */
const pausedOf = (callout: string, reason: string): string =>
  `d.callout = ${callout} and d.state in ('pending', 'waiting') and d.reason = ${reason} and not d.is_test`;

/** The oldest made by the present text, since an older one may go to an address that is no more; else the oldest. */
const nextOf = (callout: string, reason: string, hash: string, but: string): string => `
  select id from (
    (select d.id, 0 as nth from deliveries d where ${pausedOf(callout, reason)} and d.declaration_hash = ${hash} and ${but}
      order by d.position limit 1)
    union all
    (select d.id, 1 from deliveries d where ${pausedOf(callout, reason)} and ${but} order by d.position limit 1)
  ) candidates order by nth limit 1`;

const wakeOf = (from: string): string =>
  `insert into outbox (lane, kind, workflow_id, payload)
    select ${OUTBOX_LANES.callouts}, 'callout-resumed', 'callout:' || id, jsonb_build_object('deliveryId', id) from ${from} returning id`;

const TRY = `
with mine as (
  select id, position, callout, coalesce(declaration_hash = $4, false) as is_present from deliveries where id = $1
), breaker as materialized (
  select b.* from callout_breakers b join mine on mine.callout = b.callout for update of b
), behind as (
  select exists (select from deliveries d where ${pausedOf("breaker.callout", "$5")} and d.id <> mine.id
    and case when mine.is_present then d.declaration_hash = $4 and d.position < mine.position
      else d.declaration_hash = $4 or d.position < mine.position end) as others
  from mine, breaker
), probing as (
  update callout_breakers b set next_probe_at = $2::timestamptz + $3 * interval '1 ms'
  from breaker, behind where b.callout = breaker.callout and breaker.next_probe_at <= $2 and not behind.others
  returning b.callout
), following as (${nextOf("(select callout from probing)", "$5", "$4", "d.id <> $1")}
), told as (${wakeOf("following")})
select breaker.next_probe_at, behind.others, mine.position, exists (select from probing) as is_probe,
  (select pg_notify('tocsin_outbox', '')::text from told) as woken
from mine, breaker, behind`;

/** What an open breaker says to a delivery that would begin. `askAt`: when it is worth asking again; it is woken earlier. */
export type Pause =
  { readonly kind: "next"; readonly askAt: Instant } | { readonly kind: "behind"; readonly askAt: Instant };

/**
 * Undefined: nothing pauses the delivery, or it is the one that is tried now; then who follows is woken, to hold the timer
 * until the next try.
 */
export async function pauseOf(
  db: Queryable,
  attempt: { readonly deliveryId: string; readonly declarationHash: string; readonly at: Instant },
): Promise<Pause | undefined> {
  const { deliveryId, declarationHash, at } = attempt;
  const [row] = await db.query<{
    next_probe_at: Instant;
    others: boolean;
    position: number;
    is_probe: boolean;
  }>({
    name: "try-breaker",
    text: TRY,
    values: [deliveryId, new Date(at).toISOString(), BREAKER_PROBE_MS, declarationHash, PAUSED_REASON],
  });
  if (row === undefined || row.is_probe) return undefined;
  // Spread, so that thousands that began to wait together do not ask together.
  if (row.others)
    return { kind: "behind", askAt: at + BREAKER_LOOK_MS + (row.position % LOOKS_SPREAD) * SECOND };
  return { kind: "next", askAt: row.next_probe_at > at ? row.next_probe_at : at + SECOND };
}

const LOOKS_SPREAD = 600;

/** The one that was next has ended, or may be tried now: who follows asks. */
export async function wakeNextPaused(
  db: Queryable,
  callout: string,
  declarationHash: string | undefined,
): Promise<boolean> {
  const rows = await db.query<{ id: string }>({
    name: "wake-next-paused",
    text: `with next as (${nextOf("$1", "$3", "$2", "exists (select from callout_breakers where callout = $1)")}
      ), told as (${wakeOf("next")}) select id::text, pg_notify('tocsin_outbox', '')::text as told from told`,
    values: [callout, declarationHash ?? "", PAUSED_REASON],
  });
  return rows.length > 0;
}

/**
 * Wakes what waits, in order: a signal each, through the outbox. `paused`: what the breaker keeps; `all`: what waits for its
 * next attempt too, so that it sees at once that the callout was switched off or left the text.
 */
export async function wakeDeliveries(
  db: Queryable,
  callout: string,
  which: "paused" | "all" = "paused",
): Promise<number> {
  const rows = await db.query<{ id: string }>({
    name: "wake-deliveries",
    text: `with waiting as (
        select id from deliveries
        where callout = $1 and state in ('pending', 'waiting') and not is_test and ($2::text is null or reason = $2) order by position
      ), woken as (${wakeOf("waiting")}) select id::text, pg_notify('tocsin_outbox', '')::text as told from woken`,
    values: [callout, which === "all" ? null : PAUSED_REASON],
  });
  return rows.length;
}
