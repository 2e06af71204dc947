/** Which roots each event brings (language.md 2, Paths), and what all events of a rule have in common. */
import type { FieldRoot } from "../domain/index.ts";
import { spanText } from "../diagnostics/index.ts";
import type { EventNode } from "../../grammar/ast.ts";
import { newScope, type AtHand, type Checking, type NameScope, type Place } from "./checking.ts";

type Roots = Partial<Record<FieldRoot, AtHand>>;

/** A ticket has an alert when an alert made it, and a mail when a mail did. */
const ticketOrigin: Roots = { alert: "maybe", mail: "maybe" };
const onTicket: Roots = { ...ticketOrigin, ticket: "always", actor: "always" };

const rootsOf: Record<EventNode["kind"], Roots> = {
  "alert received": { alert: "always" },
  "alert repeats": { alert: "always", ticket: "always", repeat: "always" },
  "alert resolved": { alert: "always", ticket: "maybe" },
  "alert still firing": { alert: "always" },
  "no alert": { alert: "always" },
  "ticket created": onTicket,
  "ticket edited": onTicket,
  "ticket completed": onTicket,
  "ticket reopened": onTicket,
  "field changes": onTicket,
  "note added": { ...onTicket, note: "always" },
  "time entry added": { ...onTicket, entry: "always" },
  "ticket idle": { ...ticketOrigin, ticket: "always" },
  "ticket open": { ...ticketOrigin, ticket: "always" },
  "ticket due": { ...ticketOrigin, ticket: "always" },
  "ticket overdue": { ...ticketOrigin, ticket: "always" },
  "callout succeeded": { ...ticketOrigin, ticket: "always", callout: "always" },
  "callout failed": { ...ticketOrigin, ticket: "always", callout: "always" },
  every: {},
};

/** There whenever their root is; the catalogue cannot say so, since it does not know the event. */
const presentWith: readonly string[] = [
  "actor.kind",
  "actor.name",
  "note.text",
  "note.visibility",
  "entry.hours",
];

export function isAlertEvent(event: EventNode): boolean {
  return rootsOf[event.kind].alert === "always";
}

/** An alert is at hand at every event of the rule: what gives `create ticket` its default dedup. */
export function hasAlertAtHand(events: readonly EventNode[]): boolean {
  return events.length > 0 && events.every(isAlertEvent);
}

/** What all of the events bring. */
export function rootsAtHand(events: readonly EventNode[]): Map<FieldRoot, AtHand> {
  const roots = new Map<FieldRoot, AtHand>();
  const [head, ...rest] = events;
  for (const root of Object.keys(head === undefined ? {} : rootsOf[head.kind]) as FieldRoot[]) {
    const hands = events.map((event) => rootsOf[event.kind][root]);
    if (rest.length > 0 && hands.some((hand) => hand === undefined)) continue;
    roots.set(root, hands.includes("maybe") ? "maybe" : "always");
  }
  return roots;
}

/** The place of a rule's condition: only what all its events have may be read. */
export function placeOfEvents(
  events: readonly EventNode[],
  checking: Checking,
  scope: NameScope = newScope(),
): Place {
  const roots = rootsAtHand(events);
  return {
    roots: events.length === 0 ? undefined : roots,
    reads: events.length === 0 ? { paths: [], holes: [] } : undefined,
    whyMissing: (root) => whyMissing(events, root),
    bound: new Map(),
    scope,
    present: alwaysPresent(events, checking),
    events,
  };
}

/** The ticket is at hand from here on: behind `create ticket`, and in the note of a repeat. */
export function withTicket(place: Place, more: readonly FieldRoot[] = []): Place {
  if (place.roots === undefined) return place;
  const roots = new Map(place.roots);
  for (const root of ["ticket", ...more] as const) roots.set(root, "always");
  return { ...place, roots };
}

export function eventWords(event: EventNode): string {
  switch (event.kind) {
    case "field changes":
      return `${spanText(event.path.span)} changes`;
    case "alert still firing":
      return "alert still firing after ...";
    case "no alert":
      return "no alert for ...";
    case "every":
      return "every ...";
    case "ticket idle":
    case "ticket open":
    case "ticket due":
    case "ticket overdue":
      return `${event.kind} ...`;
    default:
      return event.kind;
  }
}

/** Every category gives a queue: `ticket.queue` counts as present (language.md 2). */
function alwaysPresent(events: readonly EventNode[], checking: Checking): ReadonlySet<string> {
  const present = new Set(presentWith);
  const failed = events.length > 0 && events.every((event) => event.kind === "callout failed");
  if (failed) present.add("callout.last_error");
  if (everyCategoryGivesQueue(checking)) present.add("ticket.queue");
  return present;
}

export function everyCategoryGivesQueue(checking: Checking): boolean {
  const categories = [...checking.declarations.categories.values()];
  const givesQueue = categories.map((c) =>
    c.fields.some((f) => f.path.segments.length === 1 && f.path.segments[0]?.text.toLowerCase() === "queue"),
  );
  return givesQueue.length > 0 && givesQueue.every(Boolean);
}

const nowhere: Partial<Record<FieldRoot, string>> = {
  repeat: "`repeat` is there on `alert repeats` only",
  actor: "`actor` is there on ticket events only",
  note: "`note` is there on `note added` only",
  entry: "`entry` is there on `time entry added` only",
  callout: "`callout` is there on `callout succeeded` and `callout failed` only",
  mail: "`mail` is there for tickets that a mail made",
  rule: "`rule.name` is for texts only",
  alert: "`alert` is there on alert events, and on events of a ticket that an alert made",
};

function whyMissing(events: readonly EventNode[], root: FieldRoot): string {
  const without = events.find((event) => rootsOf[event.kind][root] === undefined);
  const having = events.find((event) => rootsOf[event.kind][root] !== undefined);
  if (without !== undefined && having !== undefined && root !== "rule")
    return `\`${eventWords(having)}\` has \`${root}\`, \`${eventWords(without)}\` has not: only what all events have may be read`;
  if (root === "ticket" && without !== undefined)
    return without.kind === "alert received"
      ? "on `alert received` there is a ticket only behind `create ticket`; for its ticket use `alert repeats` or `ticket created`"
      : `on \`${eventWords(without)}\` there is a ticket only behind \`create ticket\``;
  return nowhere[root] ?? `there is no \`${root}\` here`;
}
