/** `once per`: locks the keys and reads the last ticket under each; writes the new one. Knows nothing of rules. */
import { bytesArray, plainArray, timeArray } from "../array-literals.ts";
import type { Transaction } from "../statement.ts";

export interface OnceTicket {
  readonly ticketId: string;
  readonly createdAt: number;
}

const LOCK = `insert into once_keys (key)
select key from unnest($1::bytea[]) as k (key) order by key
on conflict (key) do update set ticket_id = once_keys.ticket_id
returning key, ticket_id, created_at`;

/** Locked after dedup keys, in key order. By key (hex); undefined: no ticket yet. */
export async function lockOnceKeys(
  db: Transaction,
  keys: readonly string[],
): Promise<ReadonlyMap<string, OnceTicket | undefined>> {
  if (keys.length === 0) return new Map();
  const rows = await db.query<{ key: string; ticket_id: string | null; created_at: number | null }>({
    name: "lock-once-keys",
    text: LOCK,
    values: [bytesArray(keys, (key) => key)],
  });
  return new Map(
    rows.map(({ key, ticket_id: ticketId, created_at: createdAt }) => [
      key,
      ticketId === null || createdAt === null ? undefined : { ticketId, createdAt },
    ]),
  );
}

const WRITE = `update once_keys set ticket_id = o.ticket_id, created_at = o.created_at
from unnest($1::bytea[], $2::text[], $3::timestamptz[]) as o (key, ticket_id, created_at)
where once_keys.key = o.key`;

export function updateOnceKeys(db: Transaction, tickets: ReadonlyMap<string, OnceTicket>): void {
  if (tickets.size === 0) return;
  const entries = [...tickets];
  db.send({
    name: "update-once-keys",
    text: WRITE,
    values: [
      bytesArray(entries, ([key]) => key),
      plainArray(entries, ([, ticket]) => ticket.ticketId),
      timeArray(entries, ([, ticket]) => ticket.createdAt),
    ],
  });
}
