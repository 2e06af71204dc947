/** Writes down how an attempt at a notice ended, and how the notice did. */
import type { Instant } from "../../domain/index.ts";
import type { Queryable } from "../statement.ts";

export async function recordNotificationAttempt(
  db: Queryable,
  record: {
    readonly notificationId: string;
    readonly n: number;
    /** Undefined: interrupted. */
    readonly durationMs: number | undefined;
    /** Undefined: it was taken. */
    readonly error: string | undefined;
    readonly at: Instant;
  },
): Promise<void> {
  await db.query({
    name: "record-notification-attempt",
    text: `with recorded as (
        update notification_attempts set duration_ms = $3, error = $4
        where notification_id = $1 and n = $2 and duration_ms is null and error is null
        returning n
      )
      update notifications set state = 'sent', finished_at = $5, reason = null
      where id = $1 and state = 'pending' and $4::text is null and exists (select from recorded)`,
    values: [
      record.notificationId,
      record.n,
      record.durationMs,
      record.error,
      new Date(record.at).toISOString(),
    ],
  });
}

export async function finishNotification(
  db: Queryable,
  end: {
    readonly notificationId: string;
    readonly state: "failed" | "no_transport";
    readonly reason: string;
    readonly at: Instant;
  },
): Promise<void> {
  await db.query({
    text: `update notifications set state = $2, reason = $3, finished_at = $4 where id = $1 and state = 'pending'`,
    values: [end.notificationId, end.state, end.reason, new Date(end.at).toISOString()],
  });
}

/** Undefined: that attempt was never begun. */
export async function selectNotificationAttemptAt(
  db: Queryable,
  attempt: { readonly notificationId: string; readonly n: number },
): Promise<Instant | undefined> {
  const [row] = await db.query<{ at: Instant }>({
    text: "select at from notification_attempts where notification_id = $1 and n = $2",
    values: [attempt.notificationId, attempt.n],
  });
  return row?.at;
}
