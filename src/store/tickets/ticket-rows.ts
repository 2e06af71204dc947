/** Tickets as they come back: the columns with the records that they name, and the way to the Ticket of domain. */
import type { DeviceReference, OrganizationReference, PersonReference, Ticket } from "../../domain/index.ts";
import { toActor, toFieldRecord } from "../json-columns.ts";

/**
 * Fields of a record by name. Those of partners are views of external ids: "X Customer ID" is the organization's id
 * at X. A source that no partner declares has no field.
 */
export const ORGANIZATION_UDF = `o.udf || coalesce((
  select jsonb_object_agg(u.name, e.external_id) from organization_external e
  join udf_definitions u on u.partner_key = e.source_key and u.scope = 'organization'
  where e.organization_id = o.id), '{}')`;
export const DEVICE_UDF = `d.udf || coalesce((
  select jsonb_object_agg(u.name, e.external_id) from device_external e
  join udf_definitions u on u.partner_key = e.source_key and u.scope = 'device'
  where e.device_id = d.id), '{}')`;

export const TICKET_COLUMNS = `t.*, o.name as organization_name, o.tags as organization_tags,
  ${ORGANIZATION_UDF} as organization_udf,
  d.name as device_name, d.tags as device_tags, ${DEVICE_UDF} as device_udf,
  c.name as contact_name, c.emails[1] as contact_email, r.name as resource_name, r.email as resource_email`;

export const TICKET_JOINS = `left join organizations o on o.id = t.organization_id
left join devices d on d.id = t.device_id
left join contacts c on c.id = t.contact_id
left join resources r on r.id = t.assigned_resource_id`;

export interface TicketRow {
  id: string;
  number: string;
  title: string;
  description: string;
  resolution: string;
  status: string;
  priority: string;
  queue: string | null;
  category: string | null;
  type: string | null;
  source: string;
  external_id: string | null;
  organization_id: string;
  organization_name: string | null;
  organization_tags: string[] | null;
  organization_udf: unknown;
  contact_id: string | null;
  contact_name: string | null;
  contact_email: string | null;
  device_id: string | null;
  device_name: string | null;
  device_tags: string[] | null;
  device_udf: unknown;
  assigned_resource_id: string | null;
  resource_name: string | null;
  resource_email: string | null;
  tags: string[];
  udf: unknown;
  due_at: number | null;
  created_at: number;
  created_by: unknown;
  completed_at: number | null;
  last_human_activity_at: number;
  touched_by_human: boolean;
  note_count: number;
  repeat_count: number;
  dedup_key: string | null;
  window_ends_at: number | null;
  version: number;
}

export function toTicket(row: TicketRow): Ticket {
  return {
    id: row.id,
    number: row.number,
    title: row.title,
    description: row.description,
    resolution: row.resolution,
    status: row.status,
    priority: row.priority,
    queue: row.queue ?? undefined,
    category: row.category ?? undefined,
    type: row.type ?? undefined,
    source: row.source,
    externalId: row.external_id ?? undefined,
    organization: toOrganization(row),
    contact: toPerson(row.contact_id, row.contact_name, row.contact_email),
    device: toDevice(row),
    assignedResource: toPerson(row.assigned_resource_id, row.resource_name, row.resource_email),
    tags: row.tags,
    udf: toFieldRecord(row.udf),
    dueAt: row.due_at ?? undefined,
    createdAt: row.created_at,
    createdBy: toActor(row.created_by),
    completedAt: row.completed_at ?? undefined,
    lastHumanActivityAt: row.last_human_activity_at,
    touchedByHuman: row.touched_by_human,
    noteCount: row.note_count,
    repeatCount: row.repeat_count,
    dedupKey: row.dedup_key ?? undefined,
    windowEndsAt: row.window_ends_at ?? undefined,
    version: row.version,
  };
}

function toOrganization(row: TicketRow): OrganizationReference {
  return {
    id: row.organization_id,
    name: row.organization_name ?? "",
    tags: row.organization_tags ?? [],
    udf: toFieldRecord(row.organization_udf ?? {}),
  };
}

function toDevice(row: TicketRow): DeviceReference | undefined {
  if (row.device_id === null || row.device_name === null) return undefined;
  return {
    id: row.device_id,
    name: row.device_name,
    tags: row.device_tags ?? [],
    udf: toFieldRecord(row.device_udf ?? {}),
  };
}

function toPerson(id: string | null, name: string | null, email: string | null): PersonReference | undefined {
  return id === null || name === null ? undefined : { id, name, email: email ?? undefined };
}
