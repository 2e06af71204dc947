/** Claims delivery ids: whoever comes second, in this batch, another process or later, is a duplicate (contract.md 4). */
import { bytesArray, plainArray } from "../array-literals.ts";
import type { Queryable } from "../statement.ts";

export interface DeliveryClaim {
  /** `deliveryKey`, hex. */
  readonly key: string;
  readonly alertId: string;
}

const SQL = `insert into alert_deliveries (key, alert_id)
select key, alert_id from unnest($1::bytea[], $2::text[]) as claim (key, alert_id) order by key
on conflict do nothing
returning key`;

/**
 * Returns the keys that were free. Keys must differ. Waits for another transaction that is taking the same key; in key
 * order, so that two batches never wait for each other.
 */
export async function takeDeliveries(
  db: Queryable,
  claims: readonly DeliveryClaim[],
): Promise<ReadonlySet<string>> {
  if (claims.length === 0) return new Set();
  const rows = await db.query<{ key: string }>({
    name: "take-deliveries",
    text: SQL,
    values: [bytesArray(claims, (claim) => claim.key), plainArray(claims, (claim) => claim.alertId)],
  });
  return new Set(rows.map((row) => row.key));
}
