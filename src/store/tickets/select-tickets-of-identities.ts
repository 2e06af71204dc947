/** Which tickets an identity's alerts opened or were noted on: the newest that is not Complete (contract.md 4, Resolved). */
import { bytesArray } from "../array-literals.ts";
import type { Queryable } from "../statement.ts";

const SQL = `select i.identity, newest.id as ticket_id
from unnest($1::bytea[]) as i (identity)
cross join lateral (
  select t.id from ticket_identities ti join tickets t on t.id = ti.ticket_id
  where ti.identity = i.identity and t.completed_at is null
  order by t.created_at desc, t.id desc limit 1
) newest`;

/** By identity (hex); those without such a ticket are left out. Not locked: the caller loads and locks them next. */
export async function selectTicketsOfIdentities(
  db: Queryable,
  identities: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (identities.length === 0) return new Map();
  const rows = await db.query<{ identity: string; ticket_id: string }>({
    name: "select-tickets-of-identities",
    text: SQL,
    values: [bytesArray(identities, (identity) => identity)],
  });
  return new Map(rows.map((row) => [row.identity, row.ticket_id]));
}
