/** Writes changed tickets, and those that were only touched (notes counted, human activity), whose rows are locked. */
import type { Ticket } from "../../domain/index.ts";
import type { Transaction } from "../statement.ts";
import { CHANGING, LASTING, TOUCHED, unnested, valueOf } from "./ticket-values.ts";

const ID = LASTING.filter((column) => column.name === "id");
const CHANGE_COLUMNS = [...ID, ...CHANGING, ...TOUCHED];
const TOUCH_COLUMNS = [...ID, ...TOUCHED];

const update = (columns: typeof TOUCHED, all: typeof TOUCHED): string =>
  `update tickets t set ${columns.map((column) => `${column.name} = ${valueOf(column)}`).join(", ")}
from ${unnested(all)} where t.id = x.id`;
const CHANGE = update([...CHANGING, ...TOUCHED], CHANGE_COLUMNS);
const TOUCH = update(TOUCHED, TOUCH_COLUMNS);

export function updateTickets(db: Transaction, tickets: readonly Ticket[]): void {
  if (tickets.length === 0) return;
  db.send({
    name: "update-tickets",
    text: CHANGE,
    values: CHANGE_COLUMNS.map((column) => column.literal(tickets)),
  });
}

export function touchTickets(db: Transaction, tickets: readonly Ticket[]): void {
  if (tickets.length === 0) return;
  db.send({
    name: "touch-tickets",
    text: TOUCH,
    values: TOUCH_COLUMNS.map((column) => column.literal(tickets)),
  });
}
