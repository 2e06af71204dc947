/** The alert of a `receive alert` step: its field lines as members of an alert, then whose it is. Knows no rules. */
import { foldName } from "../domain/index.ts";
import type { Alert, FieldValue, Instant } from "../domain/index.ts";
import type { FieldLine } from "../../grammar/ast.ts";
import type { TestRecords } from "./test-records.ts";
import { literalOf } from "./test-time.ts";
import type { TestTime } from "./test-time.ts";

/** By name as in `POST /alerts`; `fields.NAME` for what a source sends beside. */
export type AlertMembers = ReadonlyMap<string, FieldValue>;

const SOURCE_BY_DEFAULT = "Test";
const TITLE_BY_DEFAULT = "Test alert";

export function readMembers(
  lines: readonly FieldLine[],
  time: TestTime,
  before: AlertMembers = new Map(),
): AlertMembers {
  const members = new Map(before);
  for (const { path, value } of lines) {
    const [first, ...rest] = path.segments;
    if (first === undefined || value === undefined) continue;
    const segments = first.text.toLowerCase() === "alert" && rest.length > 0 ? rest : path.segments;
    const [head, ...tail] = segments.map((segment) => segment.text);
    if (head === undefined) continue;
    const name = head.toLowerCase();
    const key = tail.length === 0 ? name : `${name}.${tail.join(".")}`;
    members.set(key, literalOf(value, time, name === "occurred_at" ? "time" : undefined));
  }
  return members;
}

export function alertOf(
  members: AlertMembers,
  { id, at, records }: { readonly id: string; readonly at: Instant; readonly records: TestRecords },
): Alert {
  const text = (name: string): string | undefined => {
    const value = members.get(name);
    if (value === undefined || typeof value === "object") return undefined;
    return String(value).trim() === "" ? undefined : String(value);
  };
  const organization = organizationOf(records, text("organization"), text("customer_id"));
  return {
    id,
    receivedAt: at,
    source: text("source") ?? SOURCE_BY_DEFAULT,
    title: text("title") ?? TITLE_BY_DEFAULT,
    description: text("description"),
    severity: text("severity"),
    status: text("status")?.toLowerCase() === "resolved" ? "resolved" : "firing",
    alertId: text("alert_id"),
    ticketId: text("ticket_id"),
    deliveryId: text("delivery_id"),
    customerId: text("customer_id"),
    deviceId: text("device_id"),
    occurredAt: numberOf(members.get("occurred_at")),
    tags: tagsOf(members.get("tags")),
    fields: Object.fromEntries(
      [...members].flatMap(([key, value]) =>
        key.startsWith("fields.") ? [[key.slice("fields.".length), value] as const] : [],
      ),
    ),
    organization,
    device: deviceOf(records, organization.id, text("device"), text("device_id")),
  };
}

function organizationOf(
  records: TestRecords,
  name: string | undefined,
  customerId: string | undefined,
): Alert["organization"] {
  const asked = name ?? customerId;
  if (asked === undefined) {
    const own = records.own;
    return { asked, id: own.id, name: own.name, tags: own.tags };
  }
  const found = records.organization(asked);
  if (found === undefined) return { asked, id: undefined, name: asked, tags: [] };
  return { asked, id: found.id, name: found.name, tags: found.tags };
}

/** A device belongs to a customer: an unknown customer has none that are known. */
function deviceOf(
  records: TestRecords,
  organizationId: string | undefined,
  name: string | undefined,
  deviceId: string | undefined,
): Alert["device"] {
  const asked = name ?? deviceId;
  if (asked === undefined) return { asked, id: undefined, name: undefined, tags: [] };
  if (organizationId === undefined) return { asked, id: undefined, name, tags: [] };
  const found = records.device(organizationId, asked);
  return { asked, id: found.id, name: found.name, tags: found.tags };
}

/** Whether the transport sent it twice: the same source and delivery id. */
export function deliveryKey(alert: Alert): string | undefined {
  return alert.deliveryId === undefined
    ? undefined
    : JSON.stringify([foldName(alert.source), alert.deliveryId.trim()]);
}

function numberOf(value: FieldValue): number | undefined {
  return typeof value === "number" ? value : undefined;
}

function tagsOf(value: FieldValue): readonly string[] {
  if (value === undefined) return [];
  return typeof value === "object" ? value.map(String) : [String(value)];
}
