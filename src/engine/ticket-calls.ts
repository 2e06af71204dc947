/**
 * What people and programs do to one ticket, and the end of a callout: one event in a transaction of its own, its rules and
 * their cascade included. Knows nothing of HTTP.
 */
import type { Actor, Instant, Note, Ticket, TimeEntry } from "../domain/index.ts";
import type { DeskEvent } from "../decision/index.ts";
import {
  loadTickets,
  lockOrganizations,
  lockUndecidedDelivery,
  markDeliveryDecided,
  selectTicketId,
} from "../store/index.ts";
import type { GatheredEffects } from "./apply-effects.ts";
import type { Decided } from "./decide-loaded.ts";
import type { LoadedView } from "./desk-loader.ts";
import type { ActiveRules, EngineParts } from "./engine-parts.ts";
import { resolveTicketInput } from "./resolve-ticket-input.ts";
import { decideCall, runCall, type Call, type CallOutcome } from "./run-call.ts";
import type { Engine, TicketInput, TicketOutcome } from "./types.ts";

export interface TicketCalls extends Pick<
  Engine,
  "openTicket" | "changeTicket" | "addNote" | "addTimeEntry" | "calloutFinished"
> {}

type TicketCall = CallOutcome<TicketOutcome>;

export function createTicketCalls(parts: EngineParts, rules: () => ActiveRules): TicketCalls {
  const call = async (at: Instant, run: (call: Call) => Promise<TicketCall>): Promise<TicketOutcome> =>
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

const NOT_FOUND: TicketCall = { outcome: { kind: "not-found" }, gathered: undefined };

async function openTicket(
  call: Call,
  asked: { readonly input: TicketInput; readonly by: Actor; readonly at: Instant },
): Promise<TicketCall> {
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
  return await decideOne(call, at, {
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

async function changeTicket(call: Call, asked: ChangeAsked): Promise<TicketCall> {
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
  return await decideOne(call, at, {
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
): Promise<TicketCall> {
  const ticket = await loadByNumber(call, number);
  if (ticket === undefined) return NOT_FOUND;
  return "note" in added
    ? await decideOne(call, added.note.at, {
        kind: "note-added",
        ticketId: ticket.id,
        note: added.note,
      })
    : await decideOne(call, added.entry.at, {
        kind: "time-entry-added",
        ticketId: ticket.id,
        entry: added.entry,
      });
}

async function finishCallout(
  call: Call,
  delivery: Parameters<Engine["calloutFinished"]>[0],
): Promise<TicketCall> {
  const undecided = await lockUndecidedDelivery(call.transaction, delivery.deliveryId);
  if (undecided === undefined) return NOT_FOUND;
  await markDeliveryDecided(call.transaction, delivery.deliveryId);
  return await decideOne(call, delivery.at, {
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

async function decideOne(call: Call, at: Instant, event: DeskEvent): Promise<TicketCall> {
  const { decision, gathered } = await decideCall(call, at, [event]);
  return { outcome: doneOutcome(decision, gathered, call.view, event), gathered };
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
