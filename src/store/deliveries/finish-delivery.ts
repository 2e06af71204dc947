/** Ends a delivery unless it has ended, wakes the relay for the next one of the pair, and says what the rules need to know. */
import type { Instant } from "../../domain/index.ts";
import type { Queryable } from "../statement.ts";

export type FinalState = "succeeded" | "failed" | "given_up" | "skipped";

export interface FinishedDelivery {
  readonly state: FinalState;
  readonly reason: string | undefined;
  readonly finishedAt: Instant;
  readonly callout: string;
  readonly attempts: number;
  readonly lastStatus: number | undefined;
  readonly lastError: string | undefined;
  /** The rules on it have run. */
  readonly isDecided: boolean;
  /** Of a test call: no rules run on it. */
  readonly isTest: boolean;
}

const TEXT = `
with ended as (
  update deliveries
  set state = $2, reason = coalesce($3, reason, case when $2 = 'failed' then 'failed' end), finished_at = $4,
    next_attempt_at = null
  where id = $1 and state in ('pending', 'running', 'waiting')
  returning *
), now_is as (
  select * from ended union all select * from deliveries where id = $1 and finished_at is not null
    and not exists (select from ended)
)
select n.state, n.reason, n.finished_at, n.callout, n.attempt_count, n.event_decided_at is not null as is_decided, n.is_test,
  a.status, a.error, pg_notify('tocsin_outbox', '')::text as woken
from now_is n
left join lateral (
  select status, error from delivery_attempts where delivery_id = n.id order by n desc limit 1
) a on true`;

interface Row {
  readonly state: FinalState;
  readonly reason: string | null;
  readonly finished_at: Instant;
  readonly callout: string;
  readonly attempt_count: number;
  readonly is_decided: boolean;
  readonly is_test: boolean;
  readonly status: number | null;
  readonly error: string | null;
}

/** Undefined: there is no such delivery. */
export async function finishDelivery(
  db: Queryable,
  end: {
    readonly deliveryId: string;
    readonly state: FinalState;
    readonly reason: string | undefined;
    readonly at: Instant;
  },
): Promise<FinishedDelivery | undefined> {
  const [row] = await db.query<Row>({
    name: "finish-delivery",
    text: TEXT,
    values: [end.deliveryId, end.state, end.reason, new Date(end.at).toISOString()],
  });
  if (row === undefined) return undefined;
  return {
    state: row.state,
    reason: row.reason ?? undefined,
    finishedAt: row.finished_at,
    callout: row.callout,
    attempts: row.attempt_count,
    lastStatus: row.status ?? undefined,
    lastError: row.error ?? undefined,
    isDecided: row.is_decided,
    isTest: row.is_test,
  };
}
