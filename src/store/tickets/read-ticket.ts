/** One ticket as rules see it, without a lock: for whoever only looks. */
import type { Ticket } from "../../domain/index.ts";
import type { Queryable } from "../statement.ts";
import { TICKET_COLUMNS, TICKET_JOINS, toTicket, type TicketRow } from "./ticket-rows.ts";

export async function readTicket(db: Queryable, number: string): Promise<Ticket | undefined> {
  const [row] = await db.query<TicketRow>({
    text: `select ${TICKET_COLUMNS} from tickets t ${TICKET_JOINS} where t.number = $1`,
    values: [number],
  });
  return row === undefined ? undefined : toTicket(row);
}
