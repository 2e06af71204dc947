/** Which callouts have deliveries under way: those that a publishing may have left out or switched off. Knows no rule set. */
import type { Queryable } from "../statement.ts";

export async function selectCalloutsUnderWay(db: Queryable): Promise<readonly string[]> {
  const rows = await db.query<{ callout: string }>({
    text: `select distinct callout from deliveries
      where state in ('pending', 'running', 'waiting') and not is_test order by callout`,
  });
  return rows.map(({ callout }) => callout);
}
