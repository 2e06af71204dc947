/** Tickets as the API shows them. Read only; the engine writes them. */
import { foldName } from "../../domain/index.ts";
import {
  Conditions,
  foldedToo,
  rfc3339,
  rfc3339OfJson,
  toPage,
  type Db,
  type Page,
  type PageRequest,
} from "./sql.ts";

export interface TicketFilter {
  readonly statuses?: readonly string[];
  readonly organizations?: readonly string[];
  readonly titles?: readonly string[];
  readonly sources?: readonly string[];
  readonly queues?: readonly string[];
}

export interface NamedReference {
  readonly id: string;
  readonly name: string;
}

/** Members named as in answers; `id` is ours and stays inside. */
export interface TicketRow {
  readonly id: string;
  readonly number: string;
  readonly title: string;
  readonly description: string;
  readonly resolution: string;
  readonly status: string;
  readonly priority: string;
  readonly queue: string | null;
  readonly category: string | null;
  readonly type: string | null;
  readonly organization: NamedReference;
  readonly contact: NamedReference | null;
  readonly device: NamedReference | null;
  readonly assigned_resource: NamedReference | null;
  readonly source: string;
  readonly external_id: string | null;
  readonly tags: readonly string[];
  readonly udf: Readonly<Record<string, unknown>>;
  readonly due_at: string | null;
  readonly created_at: string;
  readonly created_by: Readonly<Record<string, unknown>>;
  readonly completed_at: string | null;
  readonly last_human_activity_at: string;
  readonly repeat_count: number;
  readonly version: number;
}

export interface TicketDetails {
  readonly notes: readonly Readonly<Record<string, unknown>>[];
  readonly time_entries: readonly Readonly<Record<string, unknown>>[];
  readonly history: readonly Readonly<Record<string, unknown>>[];
}

const reference = (alias: string, id: string): string =>
  `case when ${id} is null then null else json_build_object('id', ${id}, 'name', coalesce(${alias}.name, ${id})) end`;

/** Fields of type date keep milliseconds; answers show times. */
const UDF = `case when t.udf = '{}' then t.udf else (
  select jsonb_object_agg(e.key, case when u.name is null then e.value else ${rfc3339OfJson("e.value")} end)
  from jsonb_each(t.udf) e left join udf_definitions u on u.scope = 'ticket' and u.name = e.key and u.type = 'date') end`;

const SELECT = `
  select t.id, t.number, t.title, t.description, t.resolution, t.status, t.priority, t.queue, t.category, t.type,
    ${reference("o", "t.organization_id")} as organization, ${reference("c", "t.contact_id")} as contact,
    ${reference("d", "t.device_id")} as device, ${reference("r", "t.assigned_resource_id")} as assigned_resource,
    t.source, t.external_id, t.tags, ${UDF} as udf, ${rfc3339("t.due_at")} as due_at, ${rfc3339("t.created_at")} as created_at,
    t.created_by, ${rfc3339("t.completed_at")} as completed_at,
    ${rfc3339("t.last_human_activity_at")} as last_human_activity_at, t.repeat_count, t.version
  from tickets t
    left join organizations o on o.id = t.organization_id left join contacts c on c.id = t.contact_id
    left join devices d on d.id = t.device_id left join resources r on r.id = t.assigned_resource_id`;

export async function selectTickets(
  db: Db,
  filter: TicketFilter,
  page: PageRequest,
): Promise<Page<TicketRow>> {
  const where = new Conditions()
    .add(foldedToo(filter.statuses), (v) => `t.status = any(${v}) or lower(t.status) = any(${v})`)
    .add(filter.titles, (v) => `t.title = any(${v})`)
    .add(foldedToo(filter.sources), (v) => `t.source = any(${v}) or lower(t.source) = any(${v})`)
    .add(foldedToo(filter.queues), (v) => `t.queue = any(${v}) or lower(t.queue) = any(${v})`)
    .add(page.before, (v) => `t.id < 'tk_' || ${v}::text`);
  if (filter.organizations !== undefined && filter.organizations.length > 0) {
    const folded = where.value(filter.organizations.map(foldName));
    where.add(
      filter.organizations,
      (v) =>
        `t.organization_id in (select x.id from organizations x where x.id = any(${v}) or x.name_key = any(${folded}))`,
    );
  }
  const limit = where.value(page.limit + 1);
  const rows = await db.query<TicketRow>({
    text: `${SELECT} ${where.where()} order by t.id desc limit ${limit}`,
    values: where.values,
  });
  return toPage(rows, page.limit, (row) => row);
}

export async function selectTicket(db: Db, number: string): Promise<TicketRow | undefined> {
  const rows = await db.query<TicketRow>({ text: `${SELECT} where t.number = $1`, values: [number] });
  return rows[0];
}

export async function ticketExists(db: Db, number: string): Promise<boolean> {
  const rows = await db.query({ text: "select from tickets where number = $1", values: [number] });
  return rows.length > 0;
}

/** Bounded like everything: the last `most` of each kind, in order of time. */
export async function selectTicketDetails(db: Db, ticketId: string, most: number): Promise<TicketDetails> {
  const list = (table: string, members: string): string => `
    coalesce((select json_agg(json_strip_nulls(json_build_object('at', ${rfc3339("x.at")}, 'by', x.actor, ${members})) order by x.id)
      from (select * from ${table} where ticket_id = $1 order by id desc limit $2) x), '[]')`;
  const shown = (column: string): string =>
    `case when x.field = 'due_at' or u.name is not null then ${rfc3339OfJson(column)} else ${column} end`;
  const rows = await db.query<TicketDetails>({
    text: `select ${list("ticket_notes", "'visibility', x.visibility, 'text', x.text")} as notes,
      ${list("ticket_time_entries", "'hours', x.hours, 'role', x.role, 'text', x.text")} as time_entries,
      coalesce((select json_agg(json_build_object('at', ${rfc3339("x.at")}, 'by', x.actor, 'field', x.field,
          'from', ${shown("x.from_value")}, 'to', ${shown("x.to_value")}) order by x.id)
        from (select * from ticket_history where ticket_id = $1 order by id desc limit $2) x
          left join udf_definitions u on u.scope = 'ticket' and x.field = 'udf.' || u.name and u.type = 'date'), '[]') as history`,
    values: [ticketId, most],
  });
  return rows[0] ?? { notes: [], time_entries: [], history: [] };
}
