/**
 * The field catalogue: every path that a rule may read or write, its type, and how it is read from a snapshot.
 * Checker, completion, hover, documentation and the API's names all come from this one table (language.md 2, Paths).
 */
import type { Alert, MappedReference } from "./alert.ts";
import type { Snapshot } from "./snapshot.ts";
import type { Ticket } from "./ticket.ts";
import type { FieldType, FieldValue } from "./values.ts";

export type FieldRoot =
  "alert" | "ticket" | "repeat" | "actor" | "note" | "entry" | "callout" | "mail" | "rule";

export interface Field {
  /** Canonical text: `alert.organization.name`, `ticket.udf."Site code"`. */
  readonly path: string;
  readonly root: FieldRoot;
  readonly type: FieldType;
  /** False for paths that never lack a value where their root is at hand (language.md 2). Lists are never missing. */
  readonly mayBeMissing: boolean;
  /** Name in the API, in `history` and in `FieldChange`, for ticket fields that change: `queue`, `udf.Site code`. */
  readonly apiName: string | undefined;
  /** `create ticket` and `set` may write it. */
  readonly writable: boolean;
  readonly documentation: string;
  readonly read: (snapshot: Snapshot) => FieldValue;
  /** Where `read` looks, when that is one entry of a record: many fields of one record are then read at one go. */
  readonly entry?: RecordEntry | undefined;
}

export type FieldRecord = Readonly<Record<string, FieldValue>>;

/** `record` is one function a family, so that equal functions mean equal records. No object inherits the name. */
export interface RecordEntry {
  readonly record: (snapshot: Snapshot) => FieldRecord | undefined;
  readonly name: string;
}

/** Families with a free last segment: `alert.fields.NAME`, `ticket.udf."NAME"`. */
export interface FieldFamily {
  readonly prefix: string;
  readonly root: FieldRoot;
  readonly documentation: string;
  readonly writable: boolean;
  /** For `udf` families: the declared name decides the type; undefined type means any (alert fields). */
  readonly field: (name: string, type: FieldType) => Field;
}

type Options = Partial<Pick<Field, "type" | "mayBeMissing" | "apiName" | "writable" | "entry">>;

function field(path: string, documentation: string, read: Field["read"], options: Options = {}): Field {
  return {
    path,
    root: path.slice(0, path.indexOf(".")) as FieldRoot,
    type: "text",
    mayBeMissing: true,
    apiName: undefined,
    writable: false,
    documentation,
    read,
    ...options,
  };
}

const always = { mayBeMissing: false } as const;

function alertField(
  name: string,
  documentation: string,
  read: (alert: Alert) => FieldValue,
  options: Options = {},
): Field {
  return field(
    `alert.${name}`,
    documentation,
    ({ alert }) => (alert === undefined ? undefined : read(alert)),
    options,
  );
}

function ticketField(
  name: string,
  documentation: string,
  read: (ticket: Ticket) => FieldValue,
  options: Options = {},
): Field {
  return field(
    `ticket.${name}`,
    documentation,
    ({ ticket }) => (ticket === undefined ? undefined : read(ticket)),
    options,
  );
}

/** A ticket field that rules and people change; `apiName` is its name in changes and answers. */
function writableField(
  name: string,
  documentation: string,
  read: (ticket: Ticket) => FieldValue,
  options: Options = {},
): Field {
  return ticketField(name, documentation, read, { writable: true, apiName: name, ...options });
}

/** Identity of a mapped reference: our record, else what it came with; `#` and `=` keep the two apart (language.md 2). */
export function referenceIdentity(reference: MappedReference): string | undefined {
  if (reference.id !== undefined) return `#${reference.id}`;
  const came = reference.asked ?? reference.name;
  return came === undefined ? undefined : `=${came}`;
}

const recordIdentity = (record: { readonly id: string } | undefined): string | undefined =>
  record === undefined ? undefined : `#${record.id}`;

const alertFields: readonly Field[] = [
  alertField("source", "the monitoring product that sent the alert", (a) => a.source, always),
  alertField("title", "what the alert says in one line", (a) => a.title, always),
  alertField("description", "the longer text of the alert", (a) => a.description),
  alertField("severity", "how bad it is, in the source's word", (a) => a.severity),
  alertField("status", "`firing` or `resolved`", (a) => a.status, always),
  alertField("alert_id", "the source's own id of the condition", (a) => a.alertId),
  alertField("ticket_id", "the source's own ticket number", (a) => a.ticketId),
  alertField(
    "delivery_id",
    "the id of this delivery, equal when the transport sends twice",
    (a) => a.deliveryId,
  ),
  alertField("customer_id", "the source's id of the customer", (a) => a.customerId),
  alertField("received_at", "when Tocsin took the alert", (a) => a.receivedAt, { type: "time", ...always }),
  alertField("occurred_at", "when the source says that it happened", (a) => a.occurredAt, { type: "time" }),
  alertField("tags", "the alert's tags", (a) => a.tags, { type: "list", ...always }),
  alertField(
    "organization",
    "the customer: its record, else what the alert named",
    (a) => referenceIdentity(a.organization),
    {
      type: "entity",
    },
  ),
  alertField("organization.name", "the customer's name", (a) => a.organization.name, always),
  alertField(
    "organization.mapped",
    "true when the customer is known here",
    (a) => a.organization.id !== undefined,
    {
      type: "boolean",
      ...always,
    },
  ),
  alertField("organization.tags", "the customer's tags", (a) => a.organization.tags, {
    type: "list",
    ...always,
  }),
  alertField(
    "device",
    "the device: its record, else what the alert named",
    (a) => referenceIdentity(a.device),
    { type: "entity" },
  ),
  alertField("device.name", "the device's name", (a) => a.device.name),
  alertField("device.id", "the source's id of the device", (a) => a.deviceId),
  alertField("device.tags", "the device's tags", (a) => a.device.tags, { type: "list", ...always }),
];

const ticketFields: readonly Field[] = [
  ticketField("number", "`T20261122.0001`", (t) => t.number, always),
  writableField("title", "one line that says what is wrong", (t) => t.title, always),
  writableField("description", "the longer text", (t) => t.description || undefined),
  writableField("resolution", "how it was solved", (t) => t.resolution || undefined),
  writableField("status", "one of the declared status values; `Complete` ends it", (t) => t.status, always),
  writableField("priority", "one of the declared priority values", (t) => t.priority, always),
  writableField("queue", "who looks after it", (t) => t.queue),
  writableField("category", "the category that gave the default values", (t) => t.category),
  writableField("type", "the type of ticket", (t) => t.type),
  writableField("source", "where it came from", (t) => t.source, always),
  writableField("external_id", "its number in another system", (t) => t.externalId),
  ticketField("tags", "the ticket's tags", (t) => t.tags, { type: "list", apiName: "tags", ...always }),
  ticketField("created_at", "when it was opened", (t) => t.createdAt, { type: "time", ...always }),
  writableField("due_at", "when it is due", (t) => t.dueAt, { type: "time" }),
  ticketField("completed_at", "when it was completed", (t) => t.completedAt, { type: "time" }),
  ticketField(
    "last_human_activity_at",
    "creation, or the last act of staff or a contact",
    (t) => t.lastHumanActivityAt,
    {
      type: "time",
    },
  ),
  ticketField(
    "created_by.kind",
    "staff, contact, system, rule or integration",
    (t) => t.createdBy.kind,
    always,
  ),
  ticketField("created_by.name", "who opened it", (t) => t.createdBy.name, always),
  writableField("organization", "the customer", (t) => recordIdentity(t.organization), { type: "entity" }),
  ticketField("organization.name", "the customer's name", (t) => t.organization.name, always),
  ticketField("organization.tags", "the customer's tags", (t) => t.organization.tags, {
    type: "list",
    ...always,
  }),
  writableField("contact", "the customer's person", (t) => recordIdentity(t.contact), { type: "entity" }),
  ticketField("contact.name", "the contact's name", (t) => t.contact?.name),
  ticketField("contact.email", "the contact's first address", (t) => t.contact?.email),
  writableField("device", "the device", (t) => recordIdentity(t.device), { type: "entity" }),
  ticketField("device.name", "the device's name", (t) => t.device?.name),
  ticketField("device.tags", "the device's tags", (t) => t.device?.tags ?? [], { type: "list", ...always }),
  writableField(
    "assigned_resource",
    "the person who works on it",
    (t) => recordIdentity(t.assignedResource),
    { type: "entity" },
  ),
  ticketField("assigned_resource.name", "the person's name", (t) => t.assignedResource?.name),
  ticketField("assigned_resource.email", "the person's address", (t) => t.assignedResource?.email),
  ticketField("note_count", "how many notes it has", (t) => t.noteCount, { type: "number", ...always }),
  ticketField("repeat_count", "how many repeats it took", (t) => t.repeatCount, {
    type: "number",
    ...always,
  }),
];

const otherFields: readonly Field[] = [
  field("repeat.count", "1 at the first repeat", (s) => s.repeat?.count, { type: "number", ...always }),
  field("repeat.first_at", "the ticket's creation", (s) => s.repeat?.firstAt, { type: "time", ...always }),
  field("actor.kind", "staff, contact, system, rule or integration", (s) => s.actor?.kind),
  field("actor.name", "who did it", (s) => s.actor?.name),
  field("note.text", "the note's text", (s) => s.note?.text),
  field("note.visibility", "`internal` or `public`", (s) => s.note?.visibility),
  field("entry.hours", "hours of the time entry", (s) => s.entry?.hours, { type: "number" }),
  field("entry.role", "role of the time entry", (s) => s.entry?.role),
  field("entry.text", "text of the time entry", (s) => s.entry?.text),
  field("callout.name", "the callout's name", (s) => s.callout?.name, always),
  field("callout.attempts", "requests made", (s) => s.callout?.attempts, { type: "number", ...always }),
  field("callout.last_status", "the last answer's HTTP status", (s) => s.callout?.lastStatus, {
    type: "number",
  }),
  field("callout.last_error", "why the last attempt failed", (s) => s.callout?.lastError),
  field("mail.from", "the sender's address", (s) => s.mail?.from),
  field("mail.to", "the addresses it was sent to", (s) => s.mail?.to ?? [], { type: "list", ...always }),
  field("mail.subject", "the subject", (s) => s.mail?.subject),
  field("mail.mailbox", "the mailbox that took it", (s) => s.mail?.mailbox),
  field(
    "mail.authenticated",
    "true when the receiving server vouches for the sender",
    (s) => s.mail?.authenticated,
    {
      type: "boolean",
    },
  ),
  /** Only in texts; the decision fills it in, a snapshot does not know the rule. */
  field("rule.name", "the rule that is acting", () => undefined, always),
];

/** Every fixed path, by its canonical text. */
export const FIELDS: ReadonlyMap<string, Field> = new Map(
  [...alertFields, ...ticketFields, ...otherFields].map((f) => [f.path, f]),
);

/** `name` as it must stand behind a dot: bare when it is a plain name, else quoted. */
export function pathSegment(name: string): string {
  return /^[\p{L}_][\p{L}\p{N}_]*$/u.test(name)
    ? name
    : `"${name.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

const udfSegment = (name: string): string => `"${name.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;

export const FIELD_FAMILIES: readonly FieldFamily[] = [
  {
    prefix: "alert.fields",
    root: "alert",
    documentation: "what the source sent beside: text, number, boolean or list",
    writable: false,
    field: (name, type) =>
      alertField(
        `fields.${pathSegment(name)}`,
        `the field ${name} that the source sent`,
        (a) => ownValue(a.fields, name),
        { type, entry: entryOf(fieldsOfAlert, name) },
      ),
  },
  {
    prefix: "ticket.udf",
    root: "ticket",
    documentation: "a user-defined field of the ticket",
    writable: true,
    field: (name, type) =>
      writableField(
        `udf.${udfSegment(name)}`,
        `the user-defined field ${name}`,
        (t) => ownValue(t.udf, name),
        { type, apiName: `udf.${name}`, entry: entryOf(udfsOfTicket, name) },
      ),
  },
  {
    prefix: "ticket.organization.udf",
    root: "ticket",
    documentation: "a user-defined field of the ticket's organization",
    writable: false,
    field: (name, type) =>
      ticketField(
        `organization.udf.${udfSegment(name)}`,
        `the organization's field ${name}`,
        (t) => ownValue(t.organization.udf, name),
        {
          type,
        },
      ),
  },
  {
    prefix: "ticket.device.udf",
    root: "ticket",
    documentation: "a user-defined field of the ticket's device",
    writable: false,
    field: (name, type) =>
      ticketField(
        `device.udf.${udfSegment(name)}`,
        `the device's field ${name}`,
        (t) => ownValue(t.device?.udf, name),
        { type },
      ),
  },
  {
    prefix: "mail.header",
    root: "mail",
    documentation: "a header of the mail, by name",
    writable: false,
    field: (name, type) =>
      field(
        `mail.header.${udfSegment(name)}`,
        `the header ${name}`,
        (s) => ownValue(s.mail?.headers, name.toLowerCase()),
        { type },
      ),
  },
];

const fieldsOfAlert = ({ alert }: Snapshot): FieldRecord | undefined => alert?.fields;
const udfsOfTicket = ({ ticket }: Snapshot): FieldRecord | undefined => ticket?.udf;

function entryOf(record: RecordEntry["record"], name: string): RecordEntry | undefined {
  return name in Object.prototype ? undefined : { record, name };
}

/** Never reads what an object inherits: field names come from outside. */
function ownValue(record: FieldRecord | undefined, name: string): FieldValue {
  return record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined;
}
