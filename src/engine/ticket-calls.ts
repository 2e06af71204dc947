/**
 * What people and programs do to one ticket, and the end of a callout: one event in a transaction of its own, its rules and
 * their cascade included. Knows nothing of HTTP.
 */
import { utcDay } from "../domain/index.ts";
import type { Actor, Instant, Note, Ticket, TimeEntry } from "../domain/index.ts";
import type { DeskEvent } from "../decision/index.ts";
import {
  isStoreUnavailable,
  loadTickets,
  lockOrganizations,
  lockUndecidedDelivery,
  markDeliveryDecided,
  selectTicketId,
} from "../store/index.ts";
import type { Transaction } from "../store/index.ts";
import { countEffects, leavesWork } from "./alert-batch.ts";
import { applyEffects, type GatheredEffects } from "./apply-effects.ts";
import { decideLoaded, type Decided } from "./decide-loaded.ts";
import type { LoadedView } from "./desk-loader.ts";
import { newTicketAdder, openView, type ActiveRules, type EngineParts } from "./engine-parts.ts";
import { resolveTicketInput } from "./resolve-ticket-input.ts";
import { NumberLease } from "./ticket-numbers.ts";
import type { Engine, TicketInput, TicketOutcome } from "./types.ts";

export interface TicketCalls extends Pick<
  Engine,
  "openTicket" | "changeTicket" | "addNote" | "addTimeEntry" | "calloutFinished"
> {}

interface Call {
  readonly parts: EngineParts;
  readonly active: ActiveRules;
  readonly transaction: Transaction;
  readonly lease: NumberLease;
  readonly view: LoadedView;
}

/** What one call did; `gathered` is missing when it changed nothing. */
interface CallOutcome {
  readonly outcome: TicketOutcome;
  readonly gathered: GatheredEffects | undefined;
}

export function createTicketCalls(parts: EngineParts, rules: () => ActiveRules): TicketCalls {
  const call = async (at: Instant, run: (call: Call) => Promise<CallOutcome>): Promise<TicketOutcome> =>
    await runCall(parts, rules(), { at, run });
  return {
    openTicket: async (input, by, at) => await call(at, async (c) => await openTicket(c, { input, by, at })),
    changeTicket: async (number, input, by, at, ifVersion) =>
      await call(at, async (c) => await changeTicket(c, { number, input, by, at, ifVersion })),
    addNote: async (number, note) => await call(note.at, async (c) => await addEntry(c, number, { note })),
    addTimeEntry: async (number, entry) =>
      await call(entry.at, async (c) => await addEntry(c, number, { entry })),
    calloutFinished: async (delivery) => {
      await call(delivery.at, async (c) => await finishCallout(c, delivery));
    },
  };
}

async function runCall(
  parts: EngineParts,
  active: ActiveRules,
  { at, run }: { readonly at: Instant; readonly run: (call: Call) => Promise<CallOutcome> },
): Promise<TicketOutcome> {
  let lease = new NumberLease(parts.numbers, utcDay(at));
  const done = await parts.store
    .transaction(async (transaction) => {
      lease.settle(new Set());
      lease = new NumberLease(parts.numbers, utcDay(at));
      const view = await openView(parts, transaction, active);
      return await run({ parts, active, transaction, lease, view });
    })
    .catch((error: unknown) => {
      if (!isStoreUnavailable(error)) lease.settle(new Set());
      throw error;
    });
  const { outcome, gathered } = done;
  lease.settle(new Set([...(gathered?.opened.values() ?? [])].map((ticket) => ticket.number)));
  if (gathered !== undefined) {
    countEffects(parts.counters, gathered);
    if (leavesWork(gathered)) parts.wakeRelay();
  }
  return outcome;
}

const NOT_FOUND: CallOutcome = { outcome: { kind: "not-found" }, gathered: undefined };

async function openTicket(
  call: Call,
  asked: { readonly input: TicketInput; readonly by: Actor; readonly at: Instant },
): Promise<CallOutcome> {
  const { parts, transaction, active, lease, view } = call;
  const resolved = await resolveTicketInput(asked.input, {
    db: transaction,
    ir: active.rules.ir,
    organizationId: parts.ownOrganization.id,
  });
  if (resolved.kind !== "fields") return { outcome: resolved, gathered: undefined };
  const organizationId = resolved.fields.organization?.id ?? parts.ownOrganization.id;
  lockOrganizations(transaction, [organizationId]);
  const [number] = await lease.take(1);
  if (number === undefined) throw new Error("no ticket number was leased");
  const ticketId = parts.newId("tk", asked.at);
  view.newTickets.push({ id: ticketId, number });
  const { by, at } = asked;
  return await decideCall(call, at, {
    kind: "ticket-opened",
    ticketId,
    fields: resolved.fields,
    by,
    at,
  });
}

interface ChangeAsked {
  readonly number: string;
  readonly input: TicketInput;
  readonly by: Actor;
  readonly at: Instant;
  readonly ifVersion: number | undefined;
}

async function changeTicket(call: Call, asked: ChangeAsked): Promise<CallOutcome> {
  const ticket = await loadByNumber(call, asked.number);
  if (ticket === undefined) return NOT_FOUND;
  const resolved = await resolveTicketInput(asked.input, {
    db: call.transaction,
    ir: call.active.rules.ir,
    organizationId: ticket.organization.id,
  });
  if (resolved.kind !== "fields") return { outcome: resolved, gathered: undefined };
  if (asked.ifVersion !== undefined && asked.ifVersion !== ticket.version)
    return { outcome: { kind: "version-conflict", version: ticket.version }, gathered: undefined };
  const { organization } = resolved.fields;
  if (organization !== undefined) lockOrganizations(call.transaction, [organization.id]);
  const { by, at } = asked;
  return await decideCall(call, at, {
    kind: "ticket-changed",
    ticketId: ticket.id,
    fields: resolved.fields,
    by,
    at,
  });
}

async function addEntry(
  call: Call,
  number: string,
  added: { readonly note: Note } | { readonly entry: TimeEntry },
): Promise<CallOutcome> {
  const ticket = await loadByNumber(call, number);
  if (ticket === undefined) return NOT_FOUND;
  return "note" in added
    ? await decideCall(call, added.note.at, {
        kind: "note-added",
        ticketId: ticket.id,
        note: added.note,
      })
    : await decideCall(call, added.entry.at, {
        kind: "time-entry-added",
        ticketId: ticket.id,
        entry: added.entry,
      });
}

async function finishCallout(
  call: Call,
  delivery: Parameters<Engine["calloutFinished"]>[0],
): Promise<CallOutcome> {
  const undecided = await lockUndecidedDelivery(call.transaction, delivery.deliveryId);
  if (undecided === undefined) return NOT_FOUND;
  await markDeliveryDecided(call.transaction, delivery.deliveryId);
  return await decideCall(call, delivery.at, {
    kind: "callout-finished",
    ...delivery,
    ticketId: undecided.ticketId,
    notifyOnFailure: undecided.notifyOnFailure,
  });
}

/** Locked, and in the view. */
async function loadByNumber({ transaction, view }: Call, number: string): Promise<Ticket | undefined> {
  const id = await selectTicketId(transaction, number);
  if (id === undefined) return undefined;
  const [ticket] = await loadTickets(transaction, { ids: [id], dedupKeys: [] });
  if (ticket !== undefined) view.tickets.set(ticket.id, ticket);
  return ticket;
}

async function decideCall(call: Call, at: Instant, event: DeskEvent): Promise<CallOutcome> {
  const { parts, active, transaction, lease, view } = call;
  const adder = newTicketAdder(parts, lease, at);
  const decision = await decideLoaded({
    transaction,
    view,
    events: [event],
    rules: active.rules,
    // A ticket opened by hand has its number already, and planning counts it.
    addNewTickets: async (grown, count) => await adder(grown, count),
  });
  const gathered = applyEffects(transaction, {
    effects: decision.effects,
    ruleSet: active.number,
    newId: parts.newId,
    now: parts.now(),
  });
  return { outcome: doneOutcome(decision, gathered, view, event), gathered };
}

function doneOutcome(
  decision: Decided,
  gathered: GatheredEffects,
  view: LoadedView,
  event: DeskEvent,
): TicketOutcome {
  const id = "ticketId" in event ? event.ticketId : "";
  const ticket = gathered.opened.get(id) ?? gathered.changed.get(id) ?? view.tickets.get(id);
  if (ticket === undefined) return { kind: "not-found" };
  const [result] = decision.results;
  const cut = result?.cut === undefined ? [] : [result.cut];
  return {
    kind: "done",
    number: ticket.number,
    version: ticket.version,
    warnings: [...(result?.warnings ?? []), ...cut],
  };
}
