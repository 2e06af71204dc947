/**
 * Writes what a decision brought about: effects gathered to one statement a table, sent one behind the other. Decides
 * nothing; a ticket that many effects carry is written once, as the last of them has it.
 */
import type { RuleSetIr } from "../compiler/index.ts";
import { COMPLETE, unreachable } from "../domain/index.ts";
import type { Instant, Ticket } from "../domain/index.ts";
import type {
  DeskView,
  Disagreement,
  Effect,
  Firing,
  NewDelivery,
  NewNotification,
} from "../decision/index.ts";
import {
  insertDeliveries,
  insertDisagreements,
  insertFirings,
  insertHistory,
  insertNotes,
  insertNotifications,
  insertOutbox,
  insertTickets,
  insertTimeEntries,
  linkAlerts,
  touchTickets,
  updateOnceKeys,
  updateTickets,
  writePassedClocks,
  writeWork,
} from "../store/index.ts";
import type {
  AlertLink,
  HistoryLine,
  NewId,
  NewNote,
  NewPassedClock,
  NewTimeEntry,
  OnceTicket,
  OutboxEntry,
  Transaction,
  WorkEffect,
} from "../store/index.ts";
import { emptyTime, gatherTime, writeTime, type GatheredTime } from "./gather-time.ts";

export interface ApplyInput {
  readonly effects: readonly Effect[];
  readonly ruleSet: number;
  readonly ir: RuleSetIr;
  /** As the decision read it. */
  readonly view: Pick<DeskView, "recentReceipts"> & { readonly settledCounts?: ReadonlySet<string> };
  readonly newId: NewId;
  readonly now: Instant;
}

/** The effects of a decision by table, and which tickets changed in what way. */
export interface GatheredEffects {
  readonly opened: Map<string, Ticket>;
  readonly changed: Map<string, Ticket>;
  readonly touched: Map<string, Ticket>;
  /** Loaded tickets that this decision completed. */
  readonly completed: Set<string>;
  readonly notes: NewNote[];
  readonly entries: NewTimeEntry[];
  readonly history: HistoryLine[];
  readonly links: AlertLink[];
  readonly once: Map<string, OnceTicket>;
  readonly deliveries: NewDelivery[];
  readonly notifications: NewNotification[];
  readonly firings: Firing[];
  readonly disagreements: Disagreement[];
  /** What mail did beside tickets. */
  readonly work: WorkEffect[];
  readonly time: GatheredTime;
  /** Times of tickets' clocks that were decided. */
  readonly passed: NewPassedClock[];
}

/** Sends everything, waits for nothing: the transaction's end does. Returns what was gathered, for answers and counters. */
export function applyEffects(transaction: Transaction, input: ApplyInput): GatheredEffects {
  const gathered = gatherEffects(input.effects);
  const { ruleSet, newId } = input;
  writeWork(transaction, gathered.work);
  insertTickets(transaction, [...gathered.opened.values()]);
  updateTickets(transaction, [...gathered.changed.values()]);
  touchTickets(transaction, [...gathered.touched.values()]);
  insertNotes(transaction, gathered.notes);
  insertTimeEntries(transaction, gathered.entries);
  insertHistory(transaction, gathered.history);
  linkAlerts(transaction, gathered.links);
  updateOnceKeys(transaction, gathered.once);
  insertFirings(transaction, gathered.firings, ruleSet);
  insertDisagreements(transaction, gathered.disagreements, ruleSet);
  writePassedClocks(transaction, gathered.passed);
  writeTime(transaction, gathered.time, input);
  const deliveries = gathered.deliveries.map((delivery) => ({
    id: newId("dl", delivery.at),
    delivery,
    declarationHash: input.ir.callouts.get(delivery.callout)?.hash,
  }));
  insertDeliveries(transaction, deliveries);
  const notifications = gathered.notifications.map((notification) => ({
    id: newId("nt", notification.at),
    notification,
  }));
  insertNotifications(transaction, notifications);
  insertOutbox(transaction, [
    ...deliveries
      .filter(({ delivery }) => delivery.state === "pending")
      .map(({ id }): OutboxEntry => ({ kind: "start-callout", deliveryId: id })),
    ...notifications.map(({ id }): OutboxEntry => ({ kind: "start-notification", notificationId: id })),
    ...windowEntries(gathered, input.now),
  ]);
  return gathered;
}

export function gatherEffects(effects: readonly Effect[]): GatheredEffects {
  const gathered: GatheredEffects = {
    opened: new Map(),
    changed: new Map(),
    touched: new Map(),
    completed: new Set(),
    notes: [],
    entries: [],
    history: [],
    links: [],
    once: new Map(),
    deliveries: [],
    notifications: [],
    firings: [],
    disagreements: [],
    work: [],
    time: emptyTime(),
    passed: [],
  };
  for (const effect of effects) gather(gathered, effect);
  return gathered;
}

function gather(gathered: GatheredEffects, effect: Effect): void {
  switch (effect.kind) {
    case "open-ticket":
      gathered.opened.set(effect.ticket.id, effect.ticket);
      if (effect.onceKey !== undefined) {
        const { id, createdAt } = effect.ticket;
        gathered.once.set(effect.onceKey, { ticketId: id, createdAt });
      }
      return;
    case "change-ticket":
      return gatherChange(gathered, effect);
    case "touch-ticket":
      return gatherTouch(gathered, effect.ticket);
    case "add-note":
      gathered.notes.push(effect);
      return;
    case "add-time-entry":
      gathered.entries.push(effect);
      return;
    case "record-repeat":
      // The alert's row says it, and the ticket's count comes with `touch-ticket`.
      return;
    case "link-alert":
      gathered.links.push(effect);
      return;
    case "start-delivery":
      gathered.deliveries.push(effect.delivery);
      return;
    case "notify":
      gathered.notifications.push(effect.notification);
      return;
    case "record-firing":
      gathered.firings.push(effect.firing);
      return;
    case "create-contact":
    case "add-work-note":
    case "add-work-time":
    case "set-work-status":
      gathered.work.push(effect);
      return;
    case "record-disagreement":
      gathered.disagreements.push(effect.disagreement);
      return;
    case "pass-clock":
      gathered.passed.push(effect);
      return;
    case "start-hold":
    case "refresh-hold":
    case "drop-hold":
    case "arm-absence":
    case "end-absence":
    case "defer-alert":
    case "drop-deferred":
    case "count-alert":
      return gatherTime(gathered.time, effect);
    default:
      return unreachable(effect);
  }
}

function gatherChange(gathered: GatheredEffects, effect: Extract<Effect, { kind: "change-ticket" }>): void {
  const { ticket, changes, by, at } = effect;
  for (const change of changes) {
    gathered.history.push({ ticketId: ticket.id, at, by, change });
    if (change.field !== "status") continue;
    if (change.to === COMPLETE) gathered.completed.add(ticket.id);
    else gathered.completed.delete(ticket.id);
  }
  if (gathered.opened.has(ticket.id)) {
    gathered.opened.set(ticket.id, ticket);
    return;
  }
  gathered.touched.delete(ticket.id);
  gathered.changed.set(ticket.id, ticket);
}

function gatherTouch(gathered: GatheredEffects, ticket: Ticket): void {
  if (gathered.opened.has(ticket.id)) gathered.opened.set(ticket.id, ticket);
  else if (gathered.changed.has(ticket.id)) gathered.changed.set(ticket.id, ticket);
  else gathered.touched.set(ticket.id, ticket);
}

/** A window is started for a new ticket unless it is over already, and told when its ticket is completed before. */
function windowEntries(gathered: GatheredEffects, now: Instant): readonly OutboxEntry[] {
  const entries: OutboxEntry[] = [];
  for (const { id, number, windowEndsAt, status } of gathered.opened.values()) {
    if (windowEndsAt === undefined || windowEndsAt <= now || status === COMPLETE) continue;
    entries.push({ kind: "start-window", ticketId: id, number, windowEndsAt });
  }
  for (const { id, number, windowEndsAt } of gathered.changed.values()) {
    if (!gathered.completed.has(id) || windowEndsAt === undefined || windowEndsAt <= now) continue;
    entries.push({ kind: "ticket-completed", ticketId: id, number });
  }
  return entries;
}
