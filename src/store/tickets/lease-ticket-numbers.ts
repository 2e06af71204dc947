/**
 * Leases ticket numbers from the day's counter, in a transaction of its own, so that the counter's row is not locked while
 * a batch is decided. It does not wait for the disk: the ticket's own commit, later in the same log, does. So a number
 * that was given to a committed ticket is never given again, and one that was lost with a crash never was a ticket's.
 */
import type { Queryable } from "../statement.ts";

const SQL = `with quick as (select set_config('synchronous_commit', 'off', true))
insert into ticket_counters (day, last) select $1::date, $2::integer from quick
on conflict (day) do update set last = ticket_counters.last + excluded.last
returning last`;

/** Counts of the UTC day (`2026-11-22`): from the first that was free, ascending. */
export async function leaseTicketNumbers(
  db: Queryable,
  day: string,
  count: number,
): Promise<readonly number[]> {
  const [row] = await db.query<{ last: number }>({
    name: "lease-ticket-numbers",
    text: SQL,
    values: [day, count],
  });
  if (row === undefined) throw new Error("the counter gave no number");
  return Array.from({ length: count }, (_, i) => row.last - count + 1 + i);
}

const COUNT_DIGITS_MIN = 4;

/** `T20261122.0001` */
export function ticketNumber(day: string, count: number): string {
  return `T${day.replaceAll("-", "")}.${String(count).padStart(COUNT_DIGITS_MIN, "0")}`;
}
