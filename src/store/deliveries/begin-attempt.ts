/**
 * Begins attempt n of a delivery, once: its row is there before anything is sent, so that whoever comes later with the
 * same number finds it and sends nothing. Knows no HTTP.
 */
import type { CalloutRequest, DeliverySchedule } from "../../decision/index.ts";
import type { Instant } from "../../domain/index.ts";
import { violatedConstraint } from "../classify-failure.ts";
import type { Queryable } from "../statement.ts";

export type BegunAttempt =
  | {
      readonly kind: "begun";
      readonly request: CalloutRequest;
      readonly schedule: DeliverySchedule;
      readonly callout: string;
    }
  /** The number was used before: `finished` when its outcome is known, else the attempt was cut off. */
  | {
      readonly kind: "used";
      readonly at: Instant;
      readonly succeeded: boolean | undefined;
      readonly error: string | undefined;
      readonly schedule: DeliverySchedule;
      /** Undefined where later attempts were begun: this one is long over. Else when the next one is due, if that is known. */
      readonly latest: { readonly nextAt: Instant | undefined } | undefined;
    }
  | {
      readonly kind: "ended";
      readonly state: "succeeded" | "failed" | "given_up" | "skipped";
      readonly reason: string | undefined;
    }
  /** An earlier delivery of the callout for the ticket is under way (CO-18); test calls stand outside of the order. */
  | { readonly kind: "blocked" }
  | { readonly kind: "missing" };

interface Row {
  readonly state: string;
  readonly reason: string | null;
  readonly callout: string;
  readonly request: CalloutRequest | null;
  readonly schedule: DeliverySchedule;
  readonly blocked: boolean;
  readonly begun: boolean;
  readonly used_at: Instant | null;
  readonly used_succeeded: boolean | null;
  readonly used_error: string | null;
  readonly is_latest: boolean;
  readonly next_attempt_at: Instant | null;
}

/** Primary key of delivery_attempts: one row a number. */
const ATTEMPT_NUMBER = "delivery_attempts_pkey";

const TEXT = `
with delivery as materialized (
  select d.*, exists (
    select from deliveries e
    where e.callout = d.callout and e.ticket_id = d.ticket_id and e.position < d.position
      and e.state in ('pending', 'running', 'waiting') and not e.is_test
  ) and not d.is_test as blocked
  from deliveries d where d.id = $1 for update of d
), used as materialized (
  select at, succeeded, error from delivery_attempts where delivery_id = $1 and n = $2
), begun as (
  insert into delivery_attempts (delivery_id, n, at)
  select id, $2, $3 from delivery
  where state in ('pending', 'running', 'waiting') and not blocked and not exists (select from used)
  returning n
), moved as (
  update deliveries set state = 'running', reason = null, attempt_count = greatest(attempt_count, $2), next_attempt_at = null
  where id = $1 and exists (select from begun)
)
select d.state, d.reason, d.callout, d.request, d.schedule, d.blocked, d.attempt_count <= $2 as is_latest, d.next_attempt_at,
  exists (select from begun) as begun, (select at from used) as used_at,
  (select succeeded from used) as used_succeeded, (select error from used) as used_error
from delivery d`;

export async function beginAttempt(
  db: Queryable,
  attempt: { readonly deliveryId: string; readonly n: number; readonly at: Instant },
): Promise<BegunAttempt> {
  const values = [attempt.deliveryId, attempt.n, new Date(attempt.at).toISOString()];
  const statement = { name: "begin-attempt", text: TEXT, values };
  let row: Row | undefined;
  try {
    [row] = await db.query<Row>(statement);
  } catch (error) {
    const constraint = violatedConstraint(error);
    if (constraint === undefined) throw error;
    // Another delivery of the pair went ahead meanwhile.
    if (constraint !== ATTEMPT_NUMBER) return { kind: "blocked" };
    // Begun by two at once: the statement looked before it waited for the other's lock; now it sees the other's row.
    [row] = await db.query<Row>(statement);
  }
  return row === undefined ? { kind: "missing" } : toBegun(row);
}

function toBegun(row: Row): BegunAttempt {
  if (row.begun && row.request !== null)
    return { kind: "begun", request: row.request, schedule: row.schedule, callout: row.callout };
  if (
    row.state === "succeeded" ||
    row.state === "failed" ||
    row.state === "given_up" ||
    row.state === "skipped"
  )
    return { kind: "ended", state: row.state, reason: row.reason ?? undefined };
  if (row.used_at !== null)
    return {
      kind: "used",
      at: row.used_at,
      succeeded: row.used_succeeded ?? undefined,
      error: row.used_error ?? undefined,
      schedule: row.schedule,
      latest: row.is_latest ? { nextAt: row.next_attempt_at ?? undefined } : undefined,
    };
  return { kind: "blocked" };
}
