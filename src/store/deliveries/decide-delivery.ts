/** Brackets the rules on a finished delivery: they run once, whoever asks and how often. */
import type { Queryable } from "../statement.ts";

export interface UndecidedDelivery {
  readonly ticketId: string;
  readonly notifyOnFailure: readonly string[];
}

/** Locks the delivery. Undefined: there is none, it runs still, or its rules have run. */
export async function lockUndecidedDelivery(
  db: Queryable,
  deliveryId: string,
): Promise<UndecidedDelivery | undefined> {
  const [row] = await db.query<{ ticket_id: string; notify_on_failure: string[] }>({
    name: "lock-undecided-delivery",
    text: `select ticket_id, notify_on_failure from deliveries
      where id = $1 and finished_at is not null and event_decided_at is null for update`,
    values: [deliveryId],
  });
  return row === undefined ? undefined : { ticketId: row.ticket_id, notifyOnFailure: row.notify_on_failure };
}

/** In the transaction that ran the rules. */
export async function markDeliveryDecided(db: Queryable, deliveryId: string): Promise<void> {
  await db.query({
    name: "mark-delivery-decided",
    text: "update deliveries set event_decided_at = now() where id = $1",
    values: [deliveryId],
  });
}
