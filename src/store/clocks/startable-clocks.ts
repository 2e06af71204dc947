/** Clocks of tickets as their workflows are started with, and those that nobody watches any more. */
import type { ClockKind, Instant } from "../../domain/index.ts";
import { OUTBOX_LANES } from "../outbox/insert-outbox.ts";
import type { Queryable, Transaction } from "../statement.ts";

export interface StartableClock {
  readonly ticketNumber: string;
  readonly title: string;
  readonly organizationId: string;
  readonly isCompleted: boolean;
  readonly due: { readonly at: Instant; readonly rule: string; readonly clock: ClockKind } | undefined;
}

export async function selectStartableClock(
  db: Queryable,
  ticketNumber: string,
): Promise<StartableClock | undefined> {
  const [row] = await db.query<{
    title: string;
    organization_id: string;
    completed: boolean;
    due_at: Instant | null;
    rule: string | null;
    clock: ClockKind | null;
  }>({
    name: "select-startable-clock",
    text: `select t.title, t.organization_id, t.completed_at is not null as completed, c.due_at, c.rule, c.clock
      from tickets t join ticket_clocks c on c.ticket_id = t.id where t.number = $1`,
    values: [ticketNumber],
  });
  if (row === undefined) return undefined;
  const { due_at: at, rule, clock } = row;
  return {
    ticketNumber,
    title: row.title,
    organizationId: row.organization_id,
    isCompleted: row.completed,
    due: at === null || rule === null || clock === null ? undefined : { at, rule, clock },
  };
}

const TELL = `insert into outbox (lane, kind, workflow_id, payload)
  select ${OUTBOX_LANES.clocks}, 'start-clock', 'ticket:' || t.number, '{}'
  from ticket_clocks c join tickets t on t.id = c.ticket_id
  where c.due_at is not null and c.due_at < $1::timestamptz
    and not exists (select from outbox o where o.done_at is null and o.workflow_id = 'ticket:' || t.number)
  order by c.due_at limit $2 returning id`;

/**
 * Puts clocks into the outbox that should have woken before `before`: their workflows were ended by hand or lost. Returns how
 * many. One that only is late (many are due at once) runs, and is left alone.
 */
export async function tellLateClocks(
  db: Queryable,
  late: { readonly before: Instant; readonly limit: number },
): Promise<number> {
  const rows = await db.query({
    text: TELL,
    values: [new Date(late.before).toISOString(), late.limit],
  });
  return rows.length;
}

/**
 * Whether workflows were started in another Temporal before, which this one then knows nothing of: every clock and every
 * schedule is then told again, by whoever asks first.
 */
export async function rememberTemporal(db: Transaction, namespaceId: string): Promise<"known" | "new"> {
  const rows = await db.query({
    text: `insert into known_temporal (one, namespace_id) values (true, $1)
      on conflict (one) do update set namespace_id = excluded.namespace_id
      where known_temporal.namespace_id <> excluded.namespace_id returning one`,
    values: [namespaceId],
  });
  if (rows.length === 0) return "known";
  await db.query({ text: TELL, values: ["infinity", null] });
  await db.query({ text: "update rule_schedules set told_hash = null" });
  await db.query({
    text: `insert into outbox (lane, kind, workflow_id, payload)
      select ${OUTBOX_LANES.clocks}, 'sync-schedules', 'schedules', '{}' from rule_schedules limit 1`,
  });
  return "new";
}
