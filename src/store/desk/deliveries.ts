/** Callout deliveries and notices as the API lists them. Read only; dispatch and activities write them. */
import { Conditions, rfc3339, toPage, type Db, type Page, type PageRequest } from "./sql.ts";

export interface DeliveryRow {
  readonly id: string;
  readonly callout: string;
  readonly ticket: string | null;
  readonly rule: string;
  readonly state: string;
  readonly reason: string | null;
  readonly attempts: readonly Readonly<Record<string, unknown>>[];
  readonly next_attempt_at: string | null;
  readonly replay_of: string | null;
  readonly requested_by: object | null;
  readonly is_test: boolean;
  readonly created_at: string;
}

export interface DeliveryFilter {
  readonly callouts?: readonly string[];
  readonly tickets?: readonly string[];
  readonly states?: readonly string[];
}

const SELECT_DELIVERY = `
  select d.id, d.callout, t.number as ticket, d.rule ->> 'name' as rule, d.state, d.reason,
    coalesce((select json_agg(json_strip_nulls(json_build_object('n', a.n, 'at', ${rfc3339("a.at")},
        'duration_ms', a.duration_ms, 'status', a.status, 'error', a.error, 'response_start', a.response_start)) order by a.n)
      from delivery_attempts a where a.delivery_id = d.id), '[]') as attempts,
    ${rfc3339("d.next_attempt_at")} as next_attempt_at, d.replay_of, d.requested_by, d.is_test, ${rfc3339("d.created_at")} as created_at
  from deliveries d left join tickets t on t.id = d.ticket_id`;

export async function selectDeliveries(
  db: Db,
  filter: DeliveryFilter,
  page: PageRequest,
): Promise<Page<DeliveryRow>> {
  const where = new Conditions()
    .add(filter.callouts, (v) => `d.callout = any(${v})`)
    .add(filter.tickets, (v) => `t.number = any(${v})`)
    .add(filter.states, (v) => `d.state = any(${v})`)
    .add(page.before, (v) => `d.id < 'dl_' || ${v}::text`);
  const limit = where.value(page.limit + 1);
  const text = `${SELECT_DELIVERY} ${where.where()} order by d.id desc limit ${limit}`;
  return toPage(await db.query<DeliveryRow>({ text, values: where.values }), page.limit, (row) => row);
}

export async function selectDelivery(db: Db, id: string): Promise<DeliveryRow | undefined> {
  const rows = await db.query<DeliveryRow>({ text: `${SELECT_DELIVERY} where d.id = $1`, values: [id] });
  return rows[0];
}

/** The earliest unfinished one of the same callout and ticket that goes before it (CO-18). */
export async function selectDeliveryBefore(db: Db, id: string): Promise<string | undefined> {
  const rows = await db.query<{ id: string }>({
    text: `select e.id from deliveries d join deliveries e
        on e.callout = d.callout and e.ticket_id = d.ticket_id and e.position < d.position
      where d.id = $1 and not d.is_test and not e.is_test and e.state in ('pending', 'running', 'waiting')
      order by e.position limit 1`,
    values: [id],
  });
  return rows[0]?.id;
}

export interface NotificationRow {
  readonly id: string;
  readonly recipient: string;
  readonly channel: string;
  readonly to: string;
  readonly subject: string;
  readonly body: string;
  readonly state: string;
  readonly reason: string | null;
  readonly attempts: readonly Readonly<Record<string, unknown>>[];
  readonly ticket: string | null;
  readonly rule: string | null;
  readonly callout: string | null;
  readonly created_at: string;
}

export interface NotificationFilter {
  readonly recipients?: readonly string[];
  readonly tickets?: readonly string[];
  readonly states?: readonly string[];
}

export async function selectNotifications(
  db: Db,
  filter: NotificationFilter,
  page: PageRequest,
): Promise<Page<NotificationRow>> {
  const where = new Conditions()
    .add(filter.recipients, (v) => `n.recipient = any(${v})`)
    .add(filter.tickets, (v) => `t.number = any(${v})`)
    .add(filter.states, (v) => `n.state = any(${v})`)
    .add(page.before, (v) => `n.id < 'nt_' || ${v}::text`);
  const limit = where.value(page.limit + 1);
  const text = `
    select n.id, n.recipient, n.channel, n.destination as "to", n.subject, n.body, n.state, n.reason,
      coalesce((select json_agg(json_strip_nulls(json_build_object('n', a.n, 'at', ${rfc3339("a.at")},
          'duration_ms', a.duration_ms, 'error', a.error)) order by a.n)
        from notification_attempts a where a.notification_id = n.id), '[]') as attempts,
      t.number as ticket, n.rule, n.callout, ${rfc3339("n.created_at")} as created_at
    from notifications n left join tickets t on t.id = n.ticket_id
    ${where.where()} order by n.id desc limit ${limit}`;
  return toPage(await db.query<NotificationRow>({ text, values: where.values }), page.limit, (row) => row);
}
