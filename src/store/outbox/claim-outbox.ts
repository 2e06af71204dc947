/**
 * Rows of the outbox are claimed by lease: `next_at` moves into the future, so that no transaction is open while
 * Temporal is called, and the rows of a relay that died come back by themselves.
 */
import type { Instant } from "../../domain/index.ts";
import type { Queryable } from "../statement.ts";

export interface OutboxRow {
  readonly id: number;
  readonly kind: string;
  readonly workflowId: string;
  readonly expiresAt: Instant | undefined;
  /** This claim included. */
  readonly attempts: number;
}

/**
 * By lane, then age. What nobody took yet is due whatever its time says: a machine's clock that was set back by an hour must
 * not hold it up as long. A delivery stays until all earlier ones of its callout and ticket have ended (CO-18), but for test calls. */
const CLAIM = `
with due as materialized (
  select o.id from outbox o
  where o.done_at is null and (o.next_at <= now() or o.attempts = 0) and o.lane <= $3
    and (o.kind <> 'start-callout' or not exists (
      select from deliveries d join deliveries e
        on e.callout = d.callout and e.ticket_id = d.ticket_id and e.position < d.position
      where d.id = substr(o.workflow_id, 9) and not d.is_test
        and e.state in ('pending', 'running', 'waiting') and not e.is_test))
  order by o.lane, o.id limit $1 for update of o skip locked
)
update outbox o set next_at = now() + $2 * interval '1 millisecond', attempts = attempts + 1
from due where o.id = due.id
returning o.id, o.lane, o.kind, o.workflow_id, o.expires_at, o.attempts`;

const LANE_MAX = 9;

export async function claimOutbox(
  db: Queryable,
  claim: { readonly limit: number; readonly leaseMs: number; readonly laneMax?: number },
): Promise<readonly OutboxRow[]> {
  const rows = await db.query<{
    id: number;
    lane: number;
    kind: string;
    workflow_id: string;
    expires_at: Instant | null;
    attempts: number;
  }>({ name: "claim-outbox", text: CLAIM, values: [claim.limit, claim.leaseMs, claim.laneMax ?? LANE_MAX] });
  return rows
    .toSorted((a, b) => a.lane - b.lane || a.id - b.id)
    .map((row) => ({
      id: row.id,
      kind: row.kind,
      workflowId: row.workflow_id,
      expiresAt: row.expires_at ?? undefined,
      attempts: row.attempts,
    }));
}

export async function markOutboxDone(db: Queryable, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return;
  await db.query({
    name: "mark-outbox-done",
    text: "update outbox set done_at = now(), last_error = null where id = any($1) and done_at is null",
    values: [ids],
  });
}

export async function postponeOutbox(
  db: Queryable,
  rows: { readonly ids: readonly number[]; readonly waitMs: number; readonly error: string },
): Promise<void> {
  if (rows.ids.length === 0) return;
  await db.query({
    text: `update outbox set next_at = now() + $2 * interval '1 millisecond', last_error = $3
      where id = any($1) and done_at is null`,
    values: [rows.ids, rows.waitMs, rows.error.slice(0, 500)],
  });
}

/** Rows of one call: hours of a storm in one statement would not end within its time limit. Retention takes the rest. */
const PRUNED_MAX = 5_000;

/** Done rows are kept for a while for whoever looks; the deliveries themselves say what was done. */
export async function pruneOutbox(db: Queryable, olderThanMs: number): Promise<void> {
  await db.query({
    text: `delete from outbox where id in (
      select id from outbox where done_at < now() - $1 * interval '1 millisecond' order by done_at limit $2)`,
    values: [olderThanMs, PRUNED_MAX],
  });
}
