/** Writes down how an attempt ended and what comes next, in one statement. An attempt that has an outcome keeps it. */
import type { Instant } from "../../domain/index.ts";
import type { Queryable } from "../statement.ts";

export interface AttemptRecord {
  readonly deliveryId: string;
  readonly n: number;
  readonly succeeded: boolean;
  /** Undefined: interrupted, nobody knows. */
  readonly durationMs: number | undefined;
  readonly status: number | undefined;
  readonly error: string | undefined;
  readonly responseStart: string | undefined;
  readonly next:
    | { readonly kind: "wait"; readonly until: Instant }
    /** The end of the delivery follows at once, by `finishDelivery`. */
    | { readonly kind: "stay" }
    | {
        readonly kind: "end";
        readonly state: "succeeded" | "failed";
        readonly reason: string | undefined;
        readonly at: Instant;
      };
}

const TEXT = `
with recorded as (
  update delivery_attempts
  set succeeded = $3, duration_ms = $4, status = $5, error = $6, response_start = $7
  where delivery_id = $1 and n = $2 and succeeded is null
  returning n
)
update deliveries
set state = $8, reason = $9, next_attempt_at = $10, finished_at = $11
where id = $1 and state = 'running' and exists (select from recorded)`;

export async function recordAttempt(db: Queryable, record: AttemptRecord): Promise<void> {
  const { next } = record;
  const ends = next.kind === "end";
  await db.query({
    name: "record-attempt",
    text: TEXT,
    values: [
      record.deliveryId,
      record.n,
      record.succeeded,
      record.durationMs,
      record.status,
      record.error,
      record.responseStart,
      ends ? next.state : next.kind === "wait" ? "waiting" : "running",
      ends ? next.reason : null,
      next.kind === "wait" ? new Date(next.until).toISOString() : null,
      ends ? new Date(next.at).toISOString() : null,
    ],
  });
}

/** When the attempt was begun, and the schedule of its delivery: what the wait after an interruption is reckoned from. */
export async function selectAttempt(
  db: Queryable,
  attempt: { readonly deliveryId: string; readonly n: number },
): Promise<
  | {
      readonly at: Instant;
      readonly timeoutMs: number;
      readonly retryEveryMs: number;
      readonly succeeded: boolean | undefined;
    }
  | undefined
> {
  const [row] = await db.query<{ at: Instant; timeout: number; every: number; succeeded: boolean | null }>({
    text: `select a.at, a.succeeded, (d.schedule ->> 'timeoutMs')::int as timeout, (d.schedule ->> 'retryEveryMs')::int as every
      from delivery_attempts a join deliveries d on d.id = a.delivery_id where a.delivery_id = $1 and a.n = $2`,
    values: [attempt.deliveryId, attempt.n],
  });
  if (row === undefined) return undefined;
  return {
    at: row.at,
    timeoutMs: row.timeout,
    retryEveryMs: row.every,
    succeeded: row.succeeded ?? undefined,
  };
}
