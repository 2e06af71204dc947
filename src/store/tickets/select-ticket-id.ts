/** From the number that people use to the id that rows use. */
import type { Queryable } from "../statement.ts";

export async function selectTicketId(db: Queryable, number: string): Promise<string | undefined> {
  const [row] = await db.query<{ id: string }>({
    name: "select-ticket-id",
    text: "select id from tickets where number = $1",
    values: [number],
  });
  return row?.id;
}
