/** An event made up from values of paths, as plain as can be beside them. Knows no rules. */
import type {
  Actor,
  Alert,
  FieldChange,
  FieldValue,
  Instant,
  MappedReference,
  Snapshot,
  Ticket,
  TriggerKind,
} from "../domain/index.ts";

export interface EventDraft {
  readonly kind: TriggerKind;
  readonly at: Instant;
  /** By canonical path; an undefined value is a missing one. */
  readonly values: ReadonlyMap<string, FieldValue>;
  readonly actor: Actor | undefined;
  readonly changes: readonly FieldChange[];
  readonly calloutName: string | undefined;
  readonly counts: ReadonlyMap<string, number>;
}

/** Undefined: a path that is not made up here has a value. Whether rules match it is for the caller to try. */
export function draftEvent(draft: EventDraft): Snapshot {
  const { kind, at, actor, changes, counts } = draft;
  const read = new Reader(draft.values);
  const onTicket = !kind.startsWith("alert-received") && kind !== "alert-still-firing" && kind !== "no-alert";
  const isCallout = kind === "callout-succeeded" || kind === "callout-failed";
  return {
    kind,
    at,
    alert:
      kind.startsWith("alert") || kind === "no-alert" || read.has("alert.")
        ? alertOf(read, draft)
        : undefined,
    ticket: onTicket && kind !== "every" ? ticketOf(read, at) : undefined,
    repeat: kind === "alert-repeats" ? { count: read.number("repeat.count") ?? 1, firstAt: at } : undefined,
    actor,
    changes,
    note:
      kind === "note-added" && actor !== undefined
        ? { at, by: actor, visibility: visibilityOf(read), text: read.text("note.text") ?? "x" }
        : undefined,
    entry:
      kind === "time-entry-added" && actor !== undefined
        ? {
            at,
            by: actor,
            hours: read.number("entry.hours") ?? 1,
            role: read.text("entry.role"),
            text: read.text("entry.text"),
          }
        : undefined,
    callout: isCallout
      ? {
          name: read.text("callout.name") ?? draft.calloutName ?? "x",
          attempts: read.number("callout.attempts") ?? 1,
          lastStatus: read.number("callout.last_status"),
          lastError: read.text("callout.last_error"),
        }
      : undefined,
    mail: undefined,
    counts,
  };
}

/** Values by path, each with the type that its place wants; others are left for the caller's trial to notice. */
class Reader {
  readonly #values: ReadonlyMap<string, FieldValue>;

  constructor(values: ReadonlyMap<string, FieldValue>) {
    this.#values = values;
  }

  has(prefix: string): boolean {
    return [...this.#values].some(([path, value]) => path.startsWith(prefix) && value !== undefined);
  }

  text(path: string): string | undefined {
    const value = this.#values.get(path);
    return value === undefined || Array.isArray(value) ? undefined : String(value);
  }

  number(path: string): number | undefined {
    const value = this.#values.get(path);
    return typeof value === "number" ? value : undefined;
  }

  texts(path: string): readonly string[] {
    const value = this.#values.get(path);
    return Array.isArray(value) ? value.map(String) : [];
  }

  /** `alert.fields.check`, `ticket.udf."Site code"`: by their names. */
  family(prefix: string): Readonly<Record<string, FieldValue>> {
    const found: [string, FieldValue][] = [];
    for (const [path, value] of this.#values) {
      if (!path.startsWith(prefix) || value === undefined) continue;
      const segment = path.slice(prefix.length);
      const name = segment.startsWith('"') ? segment.slice(1, -1).replaceAll(/\\(.)/g, "$1") : segment;
      found.push([name, value]);
    }
    return Object.fromEntries(found);
  }
}

function visibilityOf(read: Reader): "internal" | "public" {
  return read.text("note.visibility") === "public" ? "public" : "internal";
}

function alertOf(read: Reader, { kind, at }: EventDraft): Alert {
  return {
    id: "al_1",
    receivedAt: read.number("alert.received_at") ?? at,
    source: read.text("alert.source") ?? "Test",
    title: read.text("alert.title") ?? "x",
    description: read.text("alert.description"),
    severity: read.text("alert.severity"),
    status: kind === "alert-resolved" || read.text("alert.status") === "resolved" ? "resolved" : "firing",
    alertId: read.text("alert.alert_id"),
    ticketId: read.text("alert.ticket_id"),
    deliveryId: read.text("alert.delivery_id"),
    customerId: read.text("alert.customer_id"),
    deviceId: read.text("alert.device.id"),
    occurredAt: read.number("alert.occurred_at"),
    tags: read.texts("alert.tags"),
    fields: read.family("alert.fields."),
    organization: organizationOf(read),
    device: {
      asked: undefined,
      id: undefined,
      name: read.text("alert.device.name"),
      tags: read.texts("alert.device.tags"),
    },
  };
}

function organizationOf(read: Reader): MappedReference & { readonly name: string } {
  return {
    asked: undefined,
    id: read.text("alert.organization.mapped") === "true" ? "1" : undefined,
    name: read.text("alert.organization.name") ?? "Example",
    tags: read.texts("alert.organization.tags"),
  };
}

function ticketOf(read: Reader, at: Instant): Ticket {
  const status = read.text("ticket.status") ?? "New";
  const deviceName = read.text("ticket.device.name");
  return {
    id: "tk_1",
    number: read.text("ticket.number") ?? "T20260105.0001",
    title: read.text("ticket.title") ?? "x",
    description: read.text("ticket.description") ?? "",
    resolution: read.text("ticket.resolution") ?? "",
    status,
    priority: read.text("ticket.priority") ?? "Medium",
    queue: read.text("ticket.queue"),
    category: read.text("ticket.category"),
    type: read.text("ticket.type"),
    source: read.text("ticket.source") ?? "Test",
    externalId: read.text("ticket.external_id"),
    organization: {
      id: "1",
      name: read.text("ticket.organization.name") ?? "Example",
      tags: read.texts("ticket.organization.tags"),
      udf: read.family("ticket.organization.udf."),
    },
    contact: undefined,
    device:
      deviceName === undefined
        ? undefined
        : {
            id: "1",
            name: deviceName,
            tags: read.texts("ticket.device.tags"),
            udf: read.family("ticket.device.udf."),
          },
    assignedResource: undefined,
    tags: read.texts("ticket.tags"),
    udf: read.family("ticket.udf."),
    dueAt: read.number("ticket.due_at"),
    createdAt: read.number("ticket.created_at") ?? at,
    createdBy: { kind: "system", name: "Tocsin" },
    completedAt: status === "Complete" ? at : undefined,
    lastHumanActivityAt: at,
    touchedByHuman: false,
    noteCount: read.number("ticket.note_count") ?? 0,
    repeatCount: read.number("ticket.repeat_count") ?? 0,
    dedupKey: undefined,
    windowEndsAt: undefined,
    version: 1,
  };
}
