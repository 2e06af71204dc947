/** What an attempt needs to know before it may begin, and that it may not yet. */
import type { Instant } from "../../domain/index.ts";
import type { Queryable } from "../statement.ts";

/** What a delivery that waits for its callout says; `wakeDeliveries` looks for it. */
export const PAUSED_REASON = "the callout is paused after failed deliveries";

export interface DeliveryTarget {
  readonly callout: string;
  /** Undefined: there is no request. */
  readonly url: string | undefined;
  readonly isTest: boolean;
}

export async function selectDeliveryTarget(
  db: Queryable,
  deliveryId: string,
): Promise<DeliveryTarget | undefined> {
  const [row] = await db.query<{ callout: string; url: string | null; is_test: boolean }>({
    name: "select-delivery-target",
    text: "select callout, request ->> 'url' as url, is_test from deliveries where id = $1",
    values: [deliveryId],
  });
  if (row === undefined) return undefined;
  return { callout: row.callout, url: row.url ?? undefined, isTest: row.is_test };
}

/** No attempt is used; the API shows why, and until when. */
export async function putOffDelivery(
  db: Queryable,
  put: {
    readonly deliveryId: string;
    /** Undefined: when others before it have ended. */
    readonly until: Instant | undefined;
    readonly why: string;
  },
): Promise<void> {
  await db.query({
    name: "put-off-delivery",
    text: `update deliveries set next_attempt_at = $2, reason = $3 where id = $1 and state in ('pending', 'waiting')`,
    values: [put.deliveryId, put.until === undefined ? null : new Date(put.until).toISOString(), put.why],
  });
}
