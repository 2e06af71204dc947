/**
 * A mail that belongs to a ticket that is there: a note, a time entry (IEP-4), the note of a repeat, a reopening. What
 * an unauthenticated sender may not do is left out and told in an internal note. Knows nothing of whose the mail is.
 */
import { COMPLETE, SYSTEM_ACTOR, foldName } from "../../domain/index.ts";
import type { Actor, MailObject, Note, Ticket } from "../../domain/index.ts";
import type { DuplicateBehaviourIr } from "../../compiler/index.ts";
import { formatTime } from "../../matcher/index.ts";
import { addNote, addTimeEntry, changeTicket, raise, ticketSnapshot } from "../change-ticket.ts";
import { declaredWord } from "../field-value.ts";
import type { Handling } from "../handling.ts";
import { readFirstLine, type FirstLine } from "./first-line.ts";
import { newTextOf, noteTextOf } from "./mail-text.ts";
import { tellOnTicket } from "./open-from-mail.ts";
import type { Taking } from "./taking.ts";

/** Answers what it became; undefined: it was dropped. `create-ticket` is not decided here. */
export function addToTicket(
  handling: Handling,
  taking: Taking,
  target: {
    readonly ticket: Ticket;
    readonly behaviour: Exclude<DuplicateBehaviourIr, { kind: "create-ticket" }>;
  },
): MailObject | undefined {
  const { ticket, behaviour } = target;
  handling.mail?.ticketIds.add(ticket.id);
  if (behaviour.kind === "drop") {
    handling.desk.touch({ ...ticket, repeatCount: ticket.repeatCount + 1 });
    return undefined;
  }
  if (behaviour.kind === "reopen") reopen(handling, taking, { ticket, status: behaviour.status });
  return taking.token === undefined
    ? addPersons(handling, taking, ticket)
    : addRepeat(handling, taking, ticket);
}

function reopen(
  handling: Handling,
  taking: Taking,
  { ticket, status }: { readonly ticket: Ticket; readonly status: string },
): void {
  if (ticket.status !== COMPLETE) return;
  if (!taking.isTrusted) {
    const text = `The ticket was not reopened as ${status}: the sender of a mail is not authenticated.`;
    taking.messages.push(text);
    return tellOnTicket(handling, ticket.id, text);
  }
  changeTicket(
    handling,
    ticket.id,
    { status: declaredWord(handling.ir, "ticket.status", status).text },
    {
      by: actorOf(taking),
      depth: 0,
    },
  );
}

function actorOf({ token, attribution }: Taking): Actor {
  return token === undefined ? attribution.by : SYSTEM_ACTOR;
}

/* ---------- a person's mail ---------- */

function addPersons(handling: Handling, taking: Taking, ticket: Ticket): MailObject {
  const line = timeLine(taking, "time entry");
  if (line === undefined) {
    addNote(handling, ticket.id, personsNote(handling, taking, "note"), 0);
    return "ticket note";
  }
  const { indicators, rest } = line;
  addTimeEntry(
    handling,
    ticket.id,
    {
      at: handling.at,
      by: taking.attribution.by,
      hours: indicators.hours ?? 0,
      role: line.role,
      text: rest === "" ? undefined : noteTextOf(rest, taking.event.mail),
    },
    0,
  );
  if (indicators.status !== undefined) applyStatus(handling, taking, { ticket, status: indicators.status });
  return "ticket time entry";
}

export interface TimeLine extends FirstLine {
  readonly role: string | undefined;
}

/**
 * The first line as a time entry. Undefined: it is text, since it is none, its sender is no resource, or it names a role
 * that the resource does not have; then nothing of it is lost, it stands in the note.
 */
export function timeLine(taking: Taking, object: "time entry" | "task time entry"): TimeLine | undefined {
  const { attribution, event, mailbox, messages } = taking;
  const line = readFirstLine(event.mail.read.newText);
  if (line?.indicators.hours === undefined) return undefined;
  if (attribution.how !== "resource") {
    messages.push("A time entry (#T=) needs a resource as sender: it is a note.");
    return undefined;
  }
  const asked = line.indicators.role;
  if (asked === undefined) return { ...line, role: mailbox.roles[object] ?? attribution.roles[0] };
  const role = attribution.roles.find((one) => foldName(one) === foldName(asked));
  if (role !== undefined) return { ...line, role };
  messages.push(`${attribution.by.name} does not have the role "${asked}": the time entry is a note.`);
  return undefined;
}

/** `#S=`: a declared status, of a sender that is vouched for (contract.md 4, Mail). */
function applyStatus(
  handling: Handling,
  taking: Taking,
  { ticket, status }: { readonly ticket: Ticket; readonly status: string },
): void {
  const word = declaredWord(handling.ir, "ticket.status", status);
  const why = word.outside
    ? `there is no status "${status}"`
    : taking.isTrusted
      ? undefined
      : "the sender of the mail is not authenticated";
  if (why !== undefined) {
    const text = `The status was not changed to ${word.text}: ${why}.`;
    taking.messages.push(text);
    return tellOnTicket(handling, ticket.id, text);
  }
  changeTicket(handling, ticket.id, { status: word.text }, { by: taking.attribution.by, depth: 0 });
}

/** Public only where the mailbox says so and the sender is vouched for; a stranger's is marked (A14). */
export function personsNote(
  handling: Handling,
  taking: Taking,
  object: "note" | "project note" | "task note",
): Note {
  const { attribution, event, mailbox, isTrusted } = taking;
  const isStranger = attribution.how === "number" || attribution.how === "domain";
  const text = newTextOf(event.mail.read);
  const marked = isStranger
    ? `Unverified: from ${attribution.by.name}, who is no contact here.\n\n${text}`
    : text;
  const isPublic = mailbox.notes[object] === "public" && isTrusted && attribution.how !== "number";
  if (mailbox.notes[object] === "public" && !isPublic)
    taking.messages.push("The note is internal: the sender of the mail is not authenticated.");
  return {
    at: handling.at,
    by: attribution.by,
    visibility: isPublic ? "public" : "internal",
    text: noteTextOf(marked, event.mail),
  };
}

/* ---------- a token mail that repeats ---------- */

/**
 * Every repeat is counted on the ticket; the first get a note each, then one note counts the rest, as for alerts. The
 * note raises `note added` by system (A16) and is no human act.
 */
function addRepeat(handling: Handling, taking: Taking, ticket: Ticket): MailObject {
  const { desk } = handling;
  const present = desk.ticket(ticket.id) ?? ticket;
  const count = present.repeatCount + 1;
  const counted = count - desk.view.notesPerWindow;
  const isNewNote = counted <= 1;
  const { mail } = taking.event;
  const { read } = mail;
  const above = read.token.kind === "token" ? read.token.textAbove : read.text;
  const text =
    counted > 0
      ? `${counted === 1 ? "1 more mail was" : `${counted} more mails were`} recorded without a note each; the last at ${formatTime(handling.at, handling.ir.zone)}: ${read.subject}`
      : noteTextOf(
          [read.subject, above].filter((part) => part.trim() !== "").join("\n\n"),
          mail,
          taking.messages,
        );
  const note: Note = { at: handling.at, by: SYSTEM_ACTOR, visibility: taking.mailbox.notes.note, text };
  desk.emit({
    kind: "add-note",
    ticketId: ticket.id,
    note,
    ...(counted > 0 ? { repeat: "counted", counts: counted } : { repeat: "each" }),
  });
  const after = { ...present, repeatCount: count, noteCount: present.noteCount + (isNewNote ? 1 : 0) };
  desk.touch(after);
  handling.outcomes.push({ kind: "noted", ticketId: ticket.id, repeat: count });
  if (isNewNote)
    raise(handling, 0, [ticketSnapshot(handling, "note-added", after, { actor: SYSTEM_ACTOR, note })]);
  return "ticket note";
}
