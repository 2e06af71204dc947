/**
 * Changing fields of a ticket: one table says how each field is named and shown in history, so that a new field does
 * not compile until it is handled. Knows nothing of rules, events or who changes.
 */
import {
  COMPLETE,
  DESCRIPTION_CHARACTERS_MAX,
  RESOLUTION_CHARACTERS_MAX,
  TITLE_CHARACTERS_MAX,
  isEmpty,
} from "../domain/index.ts";
import type { FieldChange, FieldValue, Instant, Ticket } from "../domain/index.ts";
import type { TicketFields } from "./types.ts";

export type TicketFieldKey = Exclude<keyof TicketFields, "udf">;

/** API name and what history shows; references are shown by name and compared by id. */
const fieldTable: {
  readonly [K in TicketFieldKey]: {
    readonly apiName: string;
    readonly show: (ticket: Ticket) => FieldValue;
    readonly identity?: (ticket: Ticket) => FieldValue;
  };
} = {
  title: { apiName: "title", show: (t) => t.title },
  description: { apiName: "description", show: (t) => t.description || undefined },
  resolution: { apiName: "resolution", show: (t) => t.resolution || undefined },
  status: { apiName: "status", show: (t) => t.status },
  priority: { apiName: "priority", show: (t) => t.priority },
  queue: { apiName: "queue", show: (t) => t.queue },
  category: { apiName: "category", show: (t) => t.category },
  type: { apiName: "type", show: (t) => t.type },
  source: { apiName: "source", show: (t) => t.source },
  externalId: { apiName: "external_id", show: (t) => t.externalId },
  organization: {
    apiName: "organization",
    show: (t) => t.organization.name,
    identity: (t) => t.organization.id,
  },
  contact: { apiName: "contact", show: (t) => t.contact?.name, identity: (t) => t.contact?.id },
  device: { apiName: "device", show: (t) => t.device?.name, identity: (t) => t.device?.id },
  assignedResource: {
    apiName: "assigned_resource",
    show: (t) => t.assignedResource?.name,
    identity: (t) => t.assignedResource?.id,
  },
  tags: { apiName: "tags", show: (t) => t.tags },
  dueAt: { apiName: "due_at", show: (t) => t.dueAt },
};

const keys = Object.keys(fieldTable) as readonly TicketFieldKey[];
const keyByApiName: ReadonlyMap<string, TicketFieldKey> = new Map(
  keys.map((key) => [fieldTable[key].apiName, key]),
);

export function ticketFieldKey(apiName: string): TicketFieldKey | undefined {
  return keyByApiName.get(apiName);
}

/** A ticket always has these; emptying them changes nothing. */
const neverEmpty: ReadonlySet<TicketFieldKey> = new Set([
  "title",
  "status",
  "priority",
  "source",
  "organization",
]);

export function mayBeEmptied(key: TicketFieldKey): boolean {
  return !neverEmpty.has(key);
}

/**
 * The ticket with new values, and what changed. Without a difference it is the very ticket that came. Completion
 * follows the status: `completedAt` is set exactly while it is Complete.
 */
export function withFields(
  ticket: Ticket,
  fields: TicketFields,
  at: Instant,
): { readonly ticket: Ticket; readonly changes: readonly FieldChange[] } {
  const written: Record<string, unknown> = {};
  for (const key of keys) {
    if (!(key in fields)) continue;
    const value = fields[key];
    if (value === undefined && !mayBeEmptied(key)) continue;
    written[key] = limited(key, value);
  }
  const filled = { ...ticket, ...written, udf: mergedUdf(ticket.udf, fields.udf) } as Ticket;
  const changes = changesBetween(ticket, filled);
  if (changes.length === 0) return { ticket, changes };
  const completedAt = filled.status === COMPLETE ? (ticket.completedAt ?? at) : undefined;
  return { ticket: { ...filled, completedAt, version: ticket.version + 1 }, changes };
}

/** A title is one line, whatever a source sends. */
export function oneLine(text: string): string {
  return text.replaceAll(/\s*[\r\n]+\s*/g, " ").trim();
}

/** Cut by characters (code points), never through one. */
export function cutText(text: string, charactersMax: number): string {
  if (text.length <= charactersMax) return text;
  const characters = Array.from(text);
  return characters.length <= charactersMax ? text : characters.slice(0, charactersMax).join("");
}

/** Emptied texts are blank and emptied tags none; everything else that is emptied is undefined. */
function limited(key: TicketFieldKey, value: TicketFields[TicketFieldKey]): unknown {
  const text = typeof value === "string" ? value : "";
  switch (key) {
    case "title":
      return cutText(oneLine(text), TITLE_CHARACTERS_MAX);
    case "description":
      return cutText(text, DESCRIPTION_CHARACTERS_MAX);
    case "resolution":
      return cutText(text, RESOLUTION_CHARACTERS_MAX);
    case "tags":
      return value ?? [];
    default:
      return value;
  }
}

/** Names that are listed are written, empty ones removed, all others stay. */
export function mergedUdf(
  before: Readonly<Record<string, FieldValue>>,
  written: Readonly<Record<string, FieldValue>> | undefined,
): Readonly<Record<string, FieldValue>> {
  if (written === undefined) return before;
  const values = new Map(Object.entries(before));
  for (const [name, value] of Object.entries(written)) {
    if (isEmpty(value)) values.delete(name);
    else values.set(name, value);
  }
  return Object.fromEntries(values);
}

function changesBetween(before: Ticket, after: Ticket): readonly FieldChange[] {
  const changes: FieldChange[] = [];
  for (const key of keys) {
    const { apiName, show, identity = show } = fieldTable[key];
    if (sameValue(identity(before), identity(after))) continue;
    changes.push({ field: apiName, from: show(before), to: show(after) });
  }
  const names = new Set([...Object.keys(before.udf), ...Object.keys(after.udf)]);
  for (const name of names) {
    const from = Object.hasOwn(before.udf, name) ? before.udf[name] : undefined;
    const to = Object.hasOwn(after.udf, name) ? after.udf[name] : undefined;
    if (!sameValue(from, to)) changes.push({ field: `udf.${name}`, from, to });
  }
  return changes;
}

function sameValue(a: FieldValue, b: FieldValue): boolean {
  if (typeof a !== "object" || typeof b !== "object") return a === b;
  return a.length === b.length && a.every((element, index) => element === b[index]);
}
