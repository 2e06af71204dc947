/** What a notice's workflow is started with. */
import type { Instant } from "../../domain/index.ts";
import type { Queryable } from "../statement.ts";

export interface StartableNotification {
  readonly id: string;
  readonly recipient: string;
  readonly channel: "email" | "webhook";
  readonly subject: string;
  readonly isFinished: boolean;
  readonly attemptsBegun: number;
  readonly lastAttemptAt: Instant | undefined;
  readonly rule: string | undefined;
  readonly callout: string | undefined;
  readonly ticket: { readonly number: string; readonly organizationId: string } | undefined;
}

interface Row {
  readonly id: string;
  readonly recipient: string;
  readonly channel: "email" | "webhook";
  readonly subject: string;
  readonly finished: boolean;
  readonly attempt_count: number;
  readonly last_at: Instant | null;
  readonly rule: string | null;
  readonly callout: string | null;
  readonly number: string | null;
  readonly organization_id: string | null;
}

export async function selectStartableNotifications(
  db: Queryable,
  ids: readonly string[],
): Promise<ReadonlyMap<string, StartableNotification>> {
  const rows = await db.query<Row>({
    name: "select-startable-notifications",
    text: `select n.id, n.recipient, n.channel, n.subject, n.state <> 'pending' as finished, n.attempt_count, n.rule, n.callout,
        (select a.at from notification_attempts a where a.notification_id = n.id and a.n = n.attempt_count) as last_at,
        t.number, t.organization_id
      from notifications n left join tickets t on t.id = n.ticket_id where n.id = any($1)`,
    values: [ids],
  });
  return new Map(rows.map((row) => [row.id, toStartable(row)]));
}

function toStartable(row: Row): StartableNotification {
  return {
    id: row.id,
    recipient: row.recipient,
    channel: row.channel,
    subject: row.subject,
    isFinished: row.finished,
    attemptsBegun: row.attempt_count,
    lastAttemptAt: row.last_at ?? undefined,
    rule: row.rule ?? undefined,
    callout: row.callout ?? undefined,
    ticket:
      row.number === null || row.organization_id === null
        ? undefined
        : { number: row.number, organizationId: row.organization_id },
  };
}

/** Notices that no row of the outbox will start, in order of id. */
export async function selectPendingNotifications(
  db: Queryable,
  page: { readonly after: string; readonly limit: number },
): Promise<readonly string[]> {
  const rows = await db.query<{ id: string }>({
    text: `select n.id from notifications n where n.state = 'pending' and n.id > $1
        and not exists (select from outbox o where o.done_at is null and o.workflow_id = 'notify:' || n.id)
      order by n.id limit $2`,
    values: [page.after, page.limit],
  });
  return rows.map(({ id }) => id);
}

/** E-mail without TOCSIN_SMTP_URL: kept and listed; no workflow is spent on it. Returns the ids that were e-mail. */
export async function markWithoutTransport(
  db: Queryable,
  ids: readonly string[],
  at: Instant,
): Promise<readonly string[]> {
  const rows = await db.query<{ id: string }>({
    text: `update notifications set state = 'no_transport', reason = 'TOCSIN_SMTP_URL is not set', finished_at = $2
      where id = any($1) and state = 'pending' and channel = 'email' returning id`,
    values: [ids, new Date(at).toISOString()],
  });
  return rows.map(({ id }) => id);
}
