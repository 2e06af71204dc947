/** Tickets whose clocks were told by rules that have changed since: found page by page. Knows nothing of rules. */
import type { Queryable } from "../statement.ts";

/** The last activation that changed a clock of a rule in force; what was told before it is looked at again. */
const CHANGED_AT = "(select coalesce(max(hash_since), 0) from rule_clocks)";

/** In order of ticket id, after `after`: what was looked at meanwhile is not there any more. */
export async function selectTicketsToRearm(
  db: Queryable,
  page: { readonly after: string; readonly limit: number },
): Promise<readonly string[]> {
  const rows = await db.query<{ ticket_id: string }>({
    text: `select ticket_id from ticket_clocks where ticket_id > $1 and armed_under < ${CHANGED_AT}
      order by ticket_id limit $2`,
    values: [page.after, page.limit],
  });
  return rows.map((row) => row.ticket_id);
}

export async function countTicketsToRearm(db: Queryable): Promise<number> {
  const [row] = await db.query<{ n: number }>({
    text: `select count(*) as n from ticket_clocks where armed_under < ${CHANGED_AT}`,
  });
  return row?.n ?? 0;
}

/** Whether tickets wait by the text that a rule had before: a rule that is new asks for nothing. */
export async function hasTicketsToRearm(db: Queryable): Promise<boolean> {
  const [row] = await db.query<{ has: boolean }>({
    text: `select exists (select from ticket_clocks
      where armed_under < (select max(hash_since) from rule_clocks where since < hash_since)) as has`,
  });
  return row?.has === true;
}
