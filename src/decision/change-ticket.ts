/**
 * Changes of a ticket on the working desk, and the events that each raises: one change raises all its events
 * (contract.md 4). Knows nothing of actions; whoever changes says who and how deep.
 */
import { bareSnapshot, COMPLETE, NOTE_CHARACTERS_MAX, SYSTEM_ACTOR, isHuman } from "../domain/index.ts";
import type {
  Actor,
  FieldChange,
  MailFacts,
  Note,
  Snapshot,
  Ticket,
  TimeEntry,
  TriggerKind,
} from "../domain/index.ts";
import type { Handling } from "./handling.ts";
import { readsMail } from "./mail/reads-mail.ts";
import { cutText, withFields } from "./ticket-fields.ts";
import type { TicketFields } from "./types.ts";

/** Who changes, and how deep the events lie that the change raises. */
export interface Cause {
  readonly by: Actor;
  readonly depth: number;
}

/** A snapshot of a ticket event: the ticket as it is now, with the latest alert that made or repeated it. */
export function ticketSnapshot(
  handling: Handling,
  kind: TriggerKind,
  ticket: Ticket,
  more: Partial<Snapshot> = {},
): Snapshot {
  return {
    ...bareSnapshot(kind, handling.at),
    alert: more.alert ?? handling.desk.latestAlert(ticket.id),
    mail: mailOf(handling, ticket.id),
    ticket,
    ...more,
  };
}

/** The mail that is handled, on tickets that it made or was added to; else the one that made the ticket. */
function mailOf(handling: Handling, ticketId: string): MailFacts | undefined {
  if (handling.mail?.ticketIds.has(ticketId) === true) return handling.mail.facts;
  return readsMail(handling.ir) ? handling.desk.mailOf(ticketId) : undefined;
}

export function raise(handling: Handling, depth: number, snapshots: readonly Snapshot[]): void {
  if (handling.isolated && depth > 0) return;
  handling.waiting.push({ depth, snapshots });
}

/** No difference is no change: no version, no history, no event. Answers whether there was one. */
export function changeTicket(
  handling: Handling,
  ticketId: string,
  fields: TicketFields,
  cause: Cause,
): boolean {
  const before = handling.desk.ticket(ticketId);
  if (before === undefined) return false;
  const { ticket: filled, changes } = withFields(before, fields, handling.at);
  if (changes.length === 0) return false;
  const ticket = touched(filled, cause.by, handling.at);
  handling.desk.change({ kind: "change-ticket", ticket, changes, by: cause.by, at: handling.at });
  const kinds: TriggerKind[] = ["ticket-edited"];
  if (before.status !== COMPLETE && ticket.status === COMPLETE) kinds.push("ticket-completed");
  if (before.status === COMPLETE && ticket.status !== COMPLETE) kinds.push("ticket-reopened");
  kinds.push("ticket-changed");
  raise(
    handling,
    cause.depth,
    kinds.map((kind) => ticketSnapshot(handling, kind, ticket, { actor: cause.by, changes })),
  );
  return true;
}

/** Lines of history that are not a change: a value that was kept although it is outside its declared list. */
export function recordHistory(
  handling: Handling,
  ticketId: string,
  changes: readonly FieldChange[],
  by: Actor,
): void {
  const ticket = handling.desk.ticket(ticketId);
  if (ticket === undefined || changes.length === 0) return;
  handling.desk.change({ kind: "change-ticket", ticket, changes, by, at: handling.at });
}

/** Notes raise `note added`, never `edited`. Answers the snapshot's note. */
export function addNote(handling: Handling, ticketId: string, whole: Note, depth: number): void {
  const before = handling.desk.ticket(ticketId);
  if (before === undefined) return;
  const note = { ...whole, text: cutText(whole.text, NOTE_CHARACTERS_MAX) };
  handling.desk.emit({ kind: "add-note", ticketId, note, repeat: undefined });
  const ticket = touched({ ...before, noteCount: before.noteCount + 1 }, note.by, handling.at);
  handling.desk.touch(ticket);
  raise(handling, depth, [ticketSnapshot(handling, "note-added", ticket, { actor: note.by, note })]);
}

export function addTimeEntry(handling: Handling, ticketId: string, entry: TimeEntry, depth: number): void {
  const before = handling.desk.ticket(ticketId);
  if (before === undefined) return;
  handling.desk.emit({ kind: "add-time-entry", ticketId, entry });
  const ticket = touched(before, entry.by, handling.at);
  if (ticket !== before) handling.desk.touch(ticket);
  raise(handling, depth, [ticketSnapshot(handling, "time-entry-added", ticket, { actor: entry.by, entry })]);
}

/** Why a ticket stands on the own organization (IST-11). Part of the opening: no event of its own. */
export function explainUnmapped(handling: Handling, ticketId: string, asked: string): void {
  const before = handling.desk.ticket(ticketId);
  if (before === undefined) return;
  const own = handling.desk.view.ownOrganization.name;
  const text =
    `The alert names the organization "${asked}", which is not known here. ` +
    `The ticket stands on "${own}" until somebody moves it; map the organization to have later alerts attributed.`;
  const note: Note = { at: handling.at, by: SYSTEM_ACTOR, visibility: "internal", text };
  handling.desk.emit({ kind: "add-note", ticketId, note, repeat: undefined });
  handling.desk.touch({ ...before, noteCount: before.noteCount + 1 });
}

/** Staff and contacts are human; system, rules and integrations are not (contract.md 4, Idle and Untouched). */
function touched(ticket: Ticket, by: Actor, at: number): Ticket {
  return isHuman(by) ? { ...ticket, touchedByHuman: true, lastHumanActivityAt: at } : ticket;
}
