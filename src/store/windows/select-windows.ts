/** Dedup windows as their workflows need them: until when, and what came in. Decides nothing about repeats. */
import type { Instant } from "../../domain/index.ts";
import { OUTBOX_LANES } from "../outbox/insert-outbox.ts";
import type { Queryable } from "../statement.ts";

export interface WindowFacts {
  readonly ticketNumber: string;
  readonly title: string;
  readonly organizationId: string;
  readonly endsAt: Instant;
  readonly isCompleted: boolean;
}

export async function selectWindows(
  db: Queryable,
  ticketNumbers: readonly string[],
): Promise<ReadonlyMap<string, WindowFacts>> {
  const rows = await db.query<{
    number: string;
    title: string;
    organization_id: string;
    window_ends_at: Instant;
    completed: boolean;
  }>({
    name: "select-windows",
    text: `select number, title, organization_id, window_ends_at, completed_at is not null as completed
      from tickets where number = any($1) and window_ends_at is not null`,
    values: [ticketNumbers],
  });
  return new Map(
    rows.map((row) => [
      row.number,
      {
        ticketNumber: row.number,
        title: row.title,
        organizationId: row.organization_id,
        endsAt: row.window_ends_at,
        isCompleted: row.completed,
      },
    ]),
  );
}

/**
 * Puts every open window into the outbox that is not there, for a Temporal that may have lost them: the relay starts
 * them at its own pace, behind callouts, and those that run are left alone. Returns how many.
 */
export async function restartOpenWindows(db: Queryable): Promise<number> {
  const rows = await db.query<{ id: number }>({
    text: `insert into outbox (lane, kind, workflow_id, payload, expires_at)
      select ${OUTBOX_LANES.windows}, 'start-window', 'dedup:' || t.number, jsonb_build_object('ticketId', t.id), t.window_ends_at
      from tickets t
      where t.window_ends_at > now() and t.completed_at is null
        and not exists (select from outbox o where o.done_at is null and o.workflow_id = 'dedup:' || t.number)
      order by t.id
      returning id`,
  });
  return rows.length;
}

export interface WindowSummary {
  readonly repeats: number;
  readonly firstAt: Instant | undefined;
  readonly lastAt: Instant | undefined;
}

/** Repeats recorded on the ticket; its alerts sort by receipt, and the first one opened it. */
export async function summarizeWindow(db: Queryable, ticketNumber: string): Promise<WindowSummary> {
  const [row] = await db.query<{ repeat_count: number; first_at: Instant | null; last_at: Instant | null }>({
    name: "summarize-window",
    text: `select t.repeat_count,
        case when t.repeat_count > 0 then (select a.received_at from ticket_alerts l join alerts a on a.id = l.alert_id
          where l.ticket_id = t.id order by l.alert_id offset 1 limit 1) end as first_at,
        case when t.repeat_count > 0 then (select a.received_at from ticket_alerts l join alerts a on a.id = l.alert_id
          where l.ticket_id = t.id order by l.alert_id desc limit 1) end as last_at
      from tickets t where t.number = $1`,
    values: [ticketNumber],
  });
  return {
    repeats: row?.repeat_count ?? 0,
    firstAt: row?.first_at ?? undefined,
    lastAt: row?.last_at ?? undefined,
  };
}
