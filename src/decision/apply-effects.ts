/**
 * A desk in memory: keeps what a decision's effects say and shows it as a view in which everything was looked up. For
 * the simulation and for tests; the live engine does the same in SQL. Knows nothing of rules.
 */
import { COMPLETE, NOTES_PER_WINDOW_DEFAULT, unreachable, utcDay } from "../domain/index.ts";
import type {
  Alert,
  FieldChange,
  Instant,
  MailFacts,
  Note,
  OrganizationReference,
  Ticket,
  TimeEntry,
} from "../domain/index.ts";
import { applyTimeEffect, emptyTime, type MemoryTime } from "./apply-time-effects.ts";
import type {
  DeskEvent,
  DeskView,
  Disagreement,
  Effect,
  Firing,
  NewDelivery,
  NewNotification,
  RecordReference,
} from "./types.ts";

export interface MemoryDesk extends MemoryTime {
  readonly tickets: Map<string, Ticket>;
  readonly notes: Map<string, (Note & { readonly repeat: "each" | "counted" | undefined })[]>;
  readonly timeEntries: Map<string, TimeEntry[]>;
  readonly history: Map<string, FieldChange[]>;
  readonly alerts: Map<string, Alert>;
  readonly latestAlertIds: Map<string, string>;
  readonly ticketIdsByIdentity: Map<string, Set<string>>;
  readonly onceByKey: Map<string, { readonly ticketId: string; readonly createdAt: Instant }>;
  readonly records: Map<string, RecordReference>;
  readonly calloutActive: Map<string, boolean>;
  readonly deliveries: NewDelivery[];
  readonly notifications: NewNotification[];
  readonly firings: Firing[];
  readonly disagreements: Disagreement[];
  readonly repeats: { readonly ticketId: string; readonly alertId: string; readonly count: number }[];
  /** What mail did beside tickets: contacts that it made, notes and time of projects and tasks. */
  readonly work: Extract<
    Effect,
    { kind: "create-contact" | "add-work-note" | "add-work-time" | "set-work-status" }
  >[];
  readonly mailByTicket: Map<string, MailFacts>;
  readonly ownOrganization: OrganizationReference;
  readonly notesPerWindow: number;
}

export function emptyDesk(
  options: Partial<Pick<MemoryDesk, "ownOrganization" | "notesPerWindow">> = {},
): MemoryDesk {
  return {
    tickets: new Map(),
    notes: new Map(),
    timeEntries: new Map(),
    history: new Map(),
    alerts: new Map(),
    latestAlertIds: new Map(),
    ticketIdsByIdentity: new Map(),
    onceByKey: new Map(),
    records: new Map(),
    calloutActive: new Map(),
    ...emptyTime(),
    deliveries: [],
    notifications: [],
    firings: [],
    disagreements: [],
    repeats: [],
    work: [],
    mailByTicket: new Map(),
    ownOrganization: options.ownOrganization ?? { id: "or_own", name: "My Own MSP", tags: [], udf: {} },
    notesPerWindow: options.notesPerWindow ?? NOTES_PER_WINDOW_DEFAULT,
  };
}

/** A key that is not in it was looked up and has nothing. */
class LookedUp<V> extends Map<string, V> {
  override has(): boolean {
    return true;
  }
}

/** Numbers count on from the desk's tickets, all of the given day; `newTickets` is how many the decision may open. */
export function viewOf(desk: MemoryDesk, at: Instant, newTickets: number): DeskView {
  const count = desk.tickets.size;
  const day = utcDay(at).replaceAll("-", "");
  return {
    tickets: new Map(desk.tickets),
    ticketByDedupKey: new LookedUp(newestOpenByKey(desk.tickets.values())),
    ticketByIdentity: new LookedUp([...openByIdentity(desk)].map(([key, [newest]]) => [key, newest])),
    olderTicketsByIdentity: new Map([...openByIdentity(desk)].map(([key, [, ...older]]) => [key, older])),
    onceByKey: new LookedUp(desk.onceByKey),
    alertByTicket: new LookedUp(
      [...desk.latestAlertIds].map(([ticketId, alertId]) => [ticketId, desk.alerts.get(alertId)]),
    ),
    mailByTicket: new LookedUp(desk.mailByTicket),
    records: new LookedUp(desk.records),
    ownOrganization: desk.ownOrganization,
    calloutActive: new Map(desk.calloutActive),
    newTickets: Array.from({ length: newTickets }, (_, index) => ({
      id: `tk_${count + index + 1}`,
      number: `T${day}.${String(count + index + 1).padStart(4, "0")}`,
    })),
    notesPerWindow: desk.notesPerWindow,
    holds: new LookedUp(desk.holds),
    absences: new LookedUp(desk.absences),
    clocks: new LookedUp(desk.clocks),
    deferred: new LookedUp(desk.deferred),
    recentReceipts: new LookedUp(desk.receipts),
  };
}

/** Effects in order. The events are those that were decided: their alerts become known to the desk. */
export function applyEffects(
  desk: MemoryDesk,
  effects: readonly Effect[],
  events: readonly DeskEvent[],
): void {
  for (const event of events) {
    if (event.kind === "alert") desk.alerts.set(event.alert.id, event.alert);
  }
  for (const effect of effects) applyEffect(desk, effect);
}

function applyEffect(desk: MemoryDesk, effect: Effect): void {
  switch (effect.kind) {
    case "open-ticket":
      desk.tickets.set(effect.ticket.id, effect.ticket);
      if (effect.onceKey !== undefined) {
        const { id, createdAt } = effect.ticket;
        desk.onceByKey.set(effect.onceKey, { ticketId: id, createdAt });
      }
      return;
    case "change-ticket":
      desk.tickets.set(effect.ticket.id, effect.ticket);
      listOf(desk.history, effect.ticket.id).push(...effect.changes);
      return;
    case "touch-ticket":
      desk.tickets.set(effect.ticket.id, effect.ticket);
      return;
    case "add-note":
      return addNote(desk, effect);
    case "add-time-entry":
      listOf(desk.timeEntries, effect.ticketId).push(effect.entry);
      return;
    case "record-repeat":
      desk.repeats.push({ ticketId: effect.ticketId, alertId: effect.alertId, count: effect.count });
      return;
    case "link-alert":
      desk.latestAlertIds.set(effect.ticketId, effect.alertId);
      linkIdentity(desk, effect.identity, effect.ticketId);
      return;
    case "start-hold":
    case "refresh-hold":
    case "drop-hold":
    case "arm-absence":
    case "end-absence":
    case "pass-clock":
    case "defer-alert":
    case "drop-deferred":
    case "count-alert":
      return applyTimeEffect(desk, effect);
    case "create-contact":
    case "add-work-note":
    case "add-work-time":
    case "set-work-status":
      desk.work.push(effect);
      return;
    case "start-delivery":
      desk.deliveries.push(effect.delivery);
      return;
    case "notify":
      desk.notifications.push(effect.notification);
      return;
    case "record-firing":
      desk.firings.push(effect.firing);
      return;
    case "record-disagreement":
      desk.disagreements.push(effect.disagreement);
      return;
    default:
      return unreachable(effect);
  }
}

/** The counted note of repeats is one note that is written anew. */
function addNote(desk: MemoryDesk, effect: Extract<Effect, { kind: "add-note" }>): void {
  const notes = listOf(desk.notes, effect.ticketId);
  const note = { ...effect.note, repeat: effect.repeat };
  const counted = effect.repeat === "counted" ? notes.findIndex(({ repeat }) => repeat === "counted") : -1;
  if (counted === -1) notes.push(note);
  else notes[counted] = note;
}

function linkIdentity(desk: MemoryDesk, identity: string, ticketId: string): void {
  const ids = desk.ticketIdsByIdentity.get(identity) ?? new Set();
  ids.add(ticketId);
  desk.ticketIdsByIdentity.set(identity, ids);
}

function listOf<V>(lists: Map<string, V[]>, key: string): V[] {
  const list = lists.get(key) ?? [];
  lists.set(key, list);
  return list;
}

function newestOpenByKey(tickets: Iterable<Ticket>): Map<string, string | undefined> {
  const newest = new Map<string, Ticket>();
  for (const ticket of tickets) {
    if (ticket.dedupKey === undefined || ticket.status === COMPLETE) continue;
    const other = newest.get(ticket.dedupKey);
    if (other === undefined || other.createdAt <= ticket.createdAt) newest.set(ticket.dedupKey, ticket);
  }
  return new Map([...newest].map(([key, { id }]) => [key, id]));
}

/** Newest first. */
function openByIdentity(desk: MemoryDesk): ReadonlyMap<string, readonly string[]> {
  const open = [...desk.ticketIdsByIdentity].map(([identity, ids]): [string, readonly string[]] => {
    const tickets = [...ids].flatMap((id) => desk.tickets.get(id) ?? []);
    const openOnes = tickets.filter(({ status }) => status !== COMPLETE);
    return [identity, openOnes.sort((a, b) => b.createdAt - a.createdAt).map(({ id }) => id)];
  });
  return new Map(open);
}
