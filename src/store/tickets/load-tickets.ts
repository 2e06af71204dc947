/** Loads tickets and locks them, in the order of their ids: by id, and the newest open one under each dedup key. */
import type { Ticket } from "../../domain/index.ts";
import { bytesArray, plainArray } from "../array-literals.ts";
import type { Transaction } from "../statement.ts";
import { TICKET_COLUMNS, TICKET_JOINS, toTicket, type TicketRow } from "./ticket-rows.ts";

export interface TicketQuestion {
  readonly ids: readonly string[];
  /** Hex; their rows in dedup_keys are locked. */
  readonly dedupKeys: readonly string[];
}

const SQL = `select ${TICKET_COLUMNS} from tickets t ${TICKET_JOINS}
where t.id in (
  select newest.id from unnest($1::bytea[]) as k (key) cross join lateral (
    select id from tickets where dedup_key = k.key and completed_at is null
    order by created_at desc, id desc limit 1
  ) newest
  union all select unnest($2::text[])
)
order by t.id for update of t`;

/** Newest first wins where a change under way completed the one that was found first; more is not met in practice. */
const TRIES_MAX = 5;

/**
 * All that was found, each once. A ticket that became Complete while its row was waited for is asked again by key, since
 * an older one may now be the newest open one.
 */
export async function loadTickets(db: Transaction, question: TicketQuestion): Promise<readonly Ticket[]> {
  const found = new Map<string, Ticket>();
  let keys = question.dedupKeys;
  let ids = question.ids;
  for (let tries = 0; tries < TRIES_MAX && keys.length + ids.length > 0; tries += 1) {
    const rows = await db.query<TicketRow>({
      name: "load-tickets",
      text: SQL,
      values: [bytesArray(keys, (key) => key), plainArray(ids, (id) => id)],
    });
    const tickets = rows.map(toTicket);
    const asked = new Set(ids);
    for (const ticket of tickets) found.set(ticket.id, ticket);
    const overtaken = new Set(
      tickets.filter((t) => t.completedAt !== undefined && !asked.has(t.id)).map((t) => t.dedupKey),
    );
    keys = keys.filter((key) => overtaken.has(key));
    ids = [];
  }
  return [...found.values()];
}
