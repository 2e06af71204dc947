/**
 * An event with one value of its alert different: what a change for "it would have fired if" means. Knows which paths a
 * sender or an admin could have given differently, and nothing of rules.
 */
import type { Alert, FieldValue, Snapshot } from "../domain/index.ts";

/** A path of the field catalogue, or the key of a count. */
export type EditedPath = string;

/** Undefined: the path is not one that can be different, or not with this value. An undefined value takes it away. */
export function withValue(snapshot: Snapshot, path: EditedPath, value: FieldValue): Snapshot | undefined {
  if (path === "repeat.count") return withRepeat(snapshot, value);
  if (path.startsWith("mail.")) return withMail(snapshot, path, value);
  if (!path.startsWith("alert.")) return withCount(snapshot, path, value);
  const { alert } = snapshot;
  if (alert === undefined) return undefined;
  if (path === "alert.received_at") return isTime(value) ? movedTo(snapshot, alert, value) : undefined;
  const edited = alertWith(alert, path, value);
  return edited === undefined ? undefined : { ...snapshot, alert: edited };
}

/** True for paths that `withValue` knows, whatever the value. */
export function isEditable(path: EditedPath, snapshot: Snapshot): boolean {
  if (path === "repeat.count") return snapshot.repeat !== undefined;
  if (snapshot.mail !== undefined && EDITABLE_OF_MAIL.has(path)) return true;
  return (
    snapshot.alert !== undefined &&
    (path.startsWith("alert.fields.") || path === "alert.received_at" || EDITABLE.has(path))
  );
}

const OPTIONAL_TEXTS = {
  "alert.description": "description",
  "alert.severity": "severity",
  "alert.alert_id": "alertId",
  "alert.ticket_id": "ticketId",
  "alert.delivery_id": "deliveryId",
  "alert.customer_id": "customerId",
  "alert.device.id": "deviceId",
} as const satisfies Record<string, keyof Alert>;

const EDITABLE: ReadonlySet<string> = new Set([
  ...Object.keys(OPTIONAL_TEXTS),
  "alert.source",
  "alert.title",
  "alert.occurred_at",
  "alert.tags",
  "alert.organization.name",
  "alert.organization.mapped",
  "alert.organization.tags",
  "alert.device.name",
  "alert.device.tags",
]);

function alertWith(alert: Alert, path: string, value: FieldValue): Alert | undefined {
  const optional = (OPTIONAL_TEXTS as Readonly<Record<string, keyof Alert>>)[path];
  if (optional !== undefined) {
    const text = textOf(value);
    return text === undefined && value !== undefined ? undefined : { ...alert, [optional]: text };
  }
  if (path.startsWith("alert.fields.")) return withField(alert, nameIn(path), value);
  const { organization, device } = alert;
  switch (path) {
    case "alert.source":
    case "alert.title": {
      const text = textOf(value);
      if (text === undefined) return undefined;
      return path === "alert.source" ? { ...alert, source: text } : { ...alert, title: text };
    }
    case "alert.occurred_at":
      return value === undefined || isTime(value) ? { ...alert, occurredAt: value } : undefined;
    case "alert.tags":
      return isTexts(value) ? { ...alert, tags: value } : undefined;
    case "alert.organization.name": {
      const name = textOf(value);
      return name === undefined ? undefined : { ...alert, organization: { ...organization, name } };
    }
    case "alert.organization.mapped":
      if (typeof value !== "boolean") return undefined;
      return {
        ...alert,
        organization: { ...organization, id: value ? (organization.id ?? "or_x") : undefined },
      };
    case "alert.organization.tags":
      return isTexts(value) ? { ...alert, organization: { ...organization, tags: value } } : undefined;
    case "alert.device.name": {
      const name = textOf(value);
      return name === undefined && value !== undefined
        ? undefined
        : { ...alert, device: { ...device, name } };
    }
    case "alert.device.tags":
      return isTexts(value) ? { ...alert, device: { ...device, tags: value } } : undefined;
    default:
      return undefined;
  }
}

function withField(alert: Alert, name: string, value: FieldValue): Alert {
  const others = Object.entries(alert.fields).filter(([other]) => other !== name);
  return { ...alert, fields: Object.fromEntries(value === undefined ? others : [...others, [name, value]]) };
}

/** `alert.fields.disk`, `alert.fields."free space"`. */
function nameIn(path: string): string {
  const segment = path.slice("alert.fields.".length);
  return segment.startsWith('"') ? segment.slice(1, -1).replaceAll(/\\(.)/g, "$1") : segment;
}

/** All that follows from the alert follows as much later. */
function movedTo(snapshot: Snapshot, alert: Alert, receivedAt: number): Snapshot {
  const at = snapshot.at + receivedAt - alert.receivedAt;
  return { ...snapshot, at, alert: { ...alert, receivedAt } };
}

function withRepeat(snapshot: Snapshot, value: FieldValue): Snapshot | undefined {
  if (snapshot.repeat === undefined || typeof value !== "number" || value < 1 || !Number.isInteger(value))
    return undefined;
  return { ...snapshot, repeat: { ...snapshot.repeat, count: value } };
}

const EDITABLE_OF_MAIL: ReadonlySet<string> = new Set([
  "mail.from",
  "mail.to",
  "mail.subject",
  "mail.mailbox",
  "mail.authenticated",
]);

/** What its sender, or the server that vouches for it, could have said differently. */
function withMail(snapshot: Snapshot, path: string, value: FieldValue): Snapshot | undefined {
  const { mail } = snapshot;
  if (mail === undefined) return undefined;
  const text = textOf(value);
  switch (path) {
    case "mail.authenticated":
      return typeof value === "boolean"
        ? { ...snapshot, mail: { ...mail, authenticated: value } }
        : undefined;
    case "mail.to":
      return isTexts(value) ? { ...snapshot, mail: { ...mail, to: value } } : undefined;
    case "mail.from":
      return text === undefined ? undefined : { ...snapshot, mail: { ...mail, from: text } };
    case "mail.subject":
      return text === undefined ? undefined : { ...snapshot, mail: { ...mail, subject: text } };
    case "mail.mailbox":
      return text === undefined ? undefined : { ...snapshot, mail: { ...mail, mailbox: text } };
    default:
      return undefined;
  }
}

function withCount(snapshot: Snapshot, key: string, value: FieldValue): Snapshot | undefined {
  if (!key.startsWith("alerts in ") || typeof value !== "number" || value < 0) return undefined;
  return { ...snapshot, counts: new Map([...(snapshot.counts ?? []), [key, value]]) };
}

/** What a text field takes; blank is no value. */
function textOf(value: FieldValue): string | undefined {
  if (value === undefined || typeof value === "object") return undefined;
  const text = String(value);
  return text.trim() === "" ? undefined : text;
}

function isTime(value: FieldValue): value is number {
  return typeof value === "number" && Number.isInteger(value) && Math.abs(value) < 8e15;
}

function isTexts(value: FieldValue): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === "string");
}
