/** Alerts as they come back: the columns and the way to the Alert of domain. */
import type { Alert } from "../../domain/index.ts";
import { alertMembers } from "../json-columns.ts";

export const ALERT_COLUMNS = `a.id, a.received_at, a.source, a.title, a.severity, a.status, a.alert_id, a.delivery_id, a.members`;

export interface AlertRow {
  id: string;
  received_at: number;
  source: string;
  title: string;
  severity: string | null;
  status: "firing" | "resolved";
  alert_id: string | null;
  delivery_id: string | null;
  members: unknown;
}

/** As it was decided about: organization and device as they were then. */
export function toAlert(row: AlertRow): Alert {
  const members = alertMembers.parse(row.members);
  const reference = (from: typeof members.device): Alert["device"] => ({
    asked: from.asked,
    id: from.id,
    name: from.name,
    tags: from.tags,
  });
  return {
    id: row.id,
    receivedAt: row.received_at,
    source: row.source,
    title: row.title,
    description: members.description,
    severity: row.severity ?? undefined,
    status: row.status,
    alertId: row.alert_id ?? undefined,
    ticketId: members.ticketId,
    deliveryId: row.delivery_id ?? undefined,
    customerId: members.customerId,
    deviceId: members.deviceId,
    occurredAt: members.occurredAt,
    tags: members.tags,
    fields: members.fields,
    organization: { ...reference(members.organization), name: members.organization.name },
    device: reference(members.device),
  };
}
