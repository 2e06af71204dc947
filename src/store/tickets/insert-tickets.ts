/** Stores the tickets that a batch opened: one statement. */
import type { Ticket } from "../../domain/index.ts";
import type { Transaction } from "../statement.ts";
import { CHANGING, LASTING, TOUCHED, unnested, valueOf } from "./ticket-values.ts";

const COLUMNS = [...LASTING, ...CHANGING, ...TOUCHED];
const SQL = `insert into tickets (${COLUMNS.map((column) => column.name).join(", ")})
select ${COLUMNS.map(valueOf).join(", ")} from ${unnested(COLUMNS)}`;

export function insertTickets(db: Transaction, tickets: readonly Ticket[]): void {
  if (tickets.length === 0) return;
  db.send({
    name: "insert-tickets",
    text: SQL,
    values: COLUMNS.map((column) => column.literal(tickets)),
  });
}
