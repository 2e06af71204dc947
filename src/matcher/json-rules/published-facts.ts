/**
 * What `toFacts` takes: an event in the API's own members, made into the snapshot that rules read. For programs that run
 * compiled rules in json-rules-engine by themselves; so nothing here is checked, only read. Knows no rules.
 */
import { ALERT_MEMBERS, parseRfc3339 } from "../../domain/index.ts";
import type {
  ActorKind,
  Alert,
  FieldValue,
  Instant,
  MappedReference,
  Snapshot,
  Ticket,
  TriggerKind,
} from "../../domain/index.ts";

/** Times are RFC 3339, milliseconds since 1970, or a Date. */
export interface FactInput {
  /** As in a rule's `when`: `alert received`, `ticket completed`, `ticket changed`. */
  readonly event: string;
  /** The members of `POST /alerts`; organization and device a name or `{id, name, tags, mapped}`. */
  readonly alert?: Readonly<Record<string, unknown>> | undefined;
  /** The members of `GET /tickets/{number}`; references a name or `{id, name, tags, udf}`. */
  readonly ticket?: Readonly<Record<string, unknown>> | undefined;
  readonly repeat?: { readonly count: number; readonly first_at?: unknown } | undefined;
  readonly actor?: { readonly kind: string; readonly name?: string } | undefined;
  /** The moment of the event. */
  readonly at: unknown;
  /** Fields that this event changed, by their names in `history`. */
  readonly changes?:
    readonly { readonly field: string; readonly from?: unknown; readonly to?: unknown }[] | undefined;
  readonly note?: { readonly text: string; readonly visibility?: string } | undefined;
  readonly entry?: { readonly hours: number; readonly role?: string; readonly text?: string } | undefined;
  readonly callout?:
    | {
        readonly name: string;
        readonly attempts?: number;
        readonly last_status?: number;
        readonly last_error?: string;
      }
    | undefined;
  /** How many alerts came, by the name of the count fact in the compiled rules; what is not given counts as none. */
  readonly counts?: Readonly<Record<string, number>> | undefined;
}

type Members = Readonly<Record<string, unknown>>;

export function toSnapshot(input: FactInput): Snapshot {
  const at = timeOf(input.at) ?? 0;
  const { repeat, actor, note, entry, callout } = input;
  const by = { kind: (actor?.kind ?? "system") as ActorKind, name: actor?.name ?? "" };
  return {
    kind: input.event.trim().toLowerCase().replaceAll(/\s+/g, "-") as TriggerKind,
    at,
    alert: input.alert === undefined ? undefined : toAlert(input.alert, at),
    ticket: input.ticket === undefined ? undefined : toTicket(input.ticket, at),
    repeat:
      repeat === undefined ? undefined : { count: repeat.count, firstAt: timeOf(repeat.first_at) ?? at },
    actor: actor === undefined ? undefined : by,
    changes: (input.changes ?? []).map(({ field, from, to }) => ({
      field,
      from: valueOf(from),
      to: valueOf(to),
    })),
    note:
      note === undefined
        ? undefined
        : { at, by, text: note.text, visibility: note.visibility === "public" ? "public" : "internal" },
    entry:
      entry === undefined ? undefined : { at, by, hours: entry.hours, role: entry.role, text: entry.text },
    callout:
      callout === undefined
        ? undefined
        : {
            name: callout.name,
            attempts: callout.attempts ?? 1,
            lastStatus: callout.last_status,
            lastError: callout.last_error,
          },
    mail: undefined,
    counts: new Map(Object.entries(input.counts ?? {})),
  };
}

/* ---------- the alert ---------- */

/** As at the door, and what only our records have. */
const KNOWN_MEMBERS: ReadonlySet<string> = new Set([...ALERT_MEMBERS, "id", "received_at"]);

/** A blank name or id was not given; unknown members are fields, as at the door. */
function toAlert(members: Members, at: Instant): Alert {
  const own = ownOf(members);
  const identifier = (name: string): string | undefined => textOf(own(name), { blank: false });
  const organization = referenceOf(own("organization"), identifier("customer_id"));
  const device = referenceOf(own("device"), identifier("device_id"));
  return {
    id: textOf(own("id")) ?? "",
    receivedAt: timeOf(own("received_at")) ?? at,
    source: textOf(own("source")) ?? "",
    title: textOf(own("title")) ?? "",
    description: textOf(own("description")),
    severity: textOf(own("severity")),
    status: own("status") === "resolved" ? "resolved" : "firing",
    alertId: identifier("alert_id"),
    ticketId: identifier("ticket_id"),
    deliveryId: identifier("delivery_id"),
    customerId: identifier("customer_id"),
    deviceId: identifier("device_id"),
    occurredAt: timeOf(own("occurred_at")),
    tags: listOf(own("tags")),
    fields: fieldsOf(members),
    organization:
      organization.asked === undefined
        ? { asked: undefined, id: "own", name: OWN_ORGANIZATION, tags: organization.tags }
        : { ...organization, name: organization.name ?? organization.asked },
    device: { ...device, name: device.name },
  };
}

/** Whose an alert is that names nobody, as a server has it by default. */
const OWN_ORGANIZATION = "My Own MSP";

/** What stands in an object inside is a field `outer.inner`; of equal names the first counts. */
function fieldsOf(members: Members): Alert["fields"] {
  const given = members["fields"];
  const unknown = Object.entries(members).filter(([name]) => !KNOWN_MEMBERS.has(name));
  const fields = new Map<string, FieldValue>();
  const add = (name: string, value: unknown): void => {
    if (isMembers(value)) {
      for (const [inner, one] of Object.entries(value)) add(`${name}.${inner}`, one);
      return;
    }
    const read = valueOf(value);
    if (read !== undefined && !fields.has(name)) fields.set(name, read);
  };
  for (const [name, value] of [...Object.entries(isMembers(given) ? given : {}), ...unknown])
    add(name, value);
  return Object.fromEntries(fields);
}

/** A name alone is not known to be mapped; `{id, ...}` and `{mapped: true, ...}` are. */
function referenceOf(value: unknown, externalId: string | undefined): MappedReference {
  if (!isMembers(value)) {
    const name = textOf(value, { blank: false });
    return { asked: name ?? externalId, id: undefined, name, tags: [] };
  }
  const name = textOf(value["name"], { blank: false });
  const id = textOf(value["id"], { blank: false });
  const isMapped = value["mapped"] === undefined ? id !== undefined : value["mapped"] === true;
  return {
    asked: name ?? id ?? externalId,
    id: isMapped ? (id ?? name ?? "") : undefined,
    name,
    tags: listOf(value["tags"]),
  };
}

/* ---------- the ticket ---------- */

function toTicket(members: Members, at: Instant): Ticket {
  const own = ownOf(members);
  const text = (name: string): string | undefined => textOf(own(name));
  const number = (name: string): number => (typeof own(name) === "number" ? Number(own(name)) : 0);
  const createdBy = isMembers(own("created_by")) ? (own("created_by") as Members) : {};
  const createdAt = timeOf(own("created_at")) ?? at;
  return {
    id: text("id") ?? "",
    number: text("number") ?? "",
    title: text("title") ?? "",
    description: text("description") ?? "",
    resolution: text("resolution") ?? "",
    status: text("status") ?? "New",
    priority: text("priority") ?? "Medium",
    queue: text("queue"),
    category: text("category"),
    type: text("type"),
    source: text("source") ?? "",
    externalId: text("external_id"),
    organization: recordOf(own("organization")) ?? {
      id: "own",
      name: OWN_ORGANIZATION,
      tags: [],
      udf: {},
      email: undefined,
    },
    contact: recordOf(own("contact")),
    device: recordOf(own("device")),
    assignedResource: recordOf(own("assigned_resource")),
    tags: listOf(own("tags")),
    udf: fieldsIn(own("udf")),
    dueAt: timeOf(own("due_at")),
    createdAt,
    createdBy: {
      kind: (textOf(createdBy["kind"]) ?? "system") as ActorKind,
      name: textOf(createdBy["name"]) ?? "",
    },
    completedAt: timeOf(own("completed_at")),
    lastHumanActivityAt: timeOf(own("last_human_activity_at")) ?? createdAt,
    touchedByHuman: false,
    noteCount: Array.isArray(own("notes"))
      ? (own("notes") as readonly unknown[]).length
      : number("note_count"),
    repeatCount: number("repeat_count"),
    dedupKey: undefined,
    windowEndsAt: undefined,
    version: 1,
  };
}

interface NamedRecord {
  readonly id: string;
  readonly name: string;
  readonly email: string | undefined;
  readonly tags: readonly string[];
  readonly udf: Readonly<Record<string, FieldValue>>;
}

function recordOf(value: unknown): NamedRecord | undefined {
  if (!isMembers(value)) {
    const name = textOf(value, { blank: false });
    return name === undefined ? undefined : { id: name, name, email: undefined, tags: [], udf: {} };
  }
  const name = textOf(value["name"]) ?? "";
  return {
    id: textOf(value["id"]) ?? name,
    name,
    email: textOf(value["email"]),
    tags: listOf(value["tags"]),
    udf: fieldsIn(value["udf"]),
  };
}

/* ---------- values ---------- */

function ownOf(members: Members): (name: string) => unknown {
  return (name) => (Object.hasOwn(members, name) ? (members[name] ?? undefined) : undefined);
}

function isMembers(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function fieldsIn(value: unknown): Readonly<Record<string, FieldValue>> {
  if (!isMembers(value)) return {};
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, one]) => {
      const read = valueOf(one);
      return read === undefined ? [] : [[name, read]];
    }),
  );
}

function valueOf(value: unknown): FieldValue {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  return Array.isArray(value)
    ? value.filter((one) => typeof one === "string" || typeof one === "number" || typeof one === "boolean")
    : undefined;
}

function textOf(value: unknown, { blank = true } = {}): string | undefined {
  if (typeof value !== "string" && typeof value !== "number") return undefined;
  const text = String(value);
  return !blank && text.trim() === "" ? undefined : text;
}

function listOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}

function timeOf(value: unknown): Instant | undefined {
  if (value instanceof Date) return value.getTime();
  if (typeof value === "number") return value;
  return typeof value === "string" ? parseRfc3339(value) : undefined;
}
