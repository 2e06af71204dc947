/**
 * A new ticket from a mail: subject and text, the mailbox's defaults over the category's (CAT-5), fields of the token,
 * tags that the text names (IEP-18). Knows nothing of whose the mail is and of duplicates.
 */
import { bareSnapshot, SYSTEM_ACTOR, foldText, isEmpty } from "../../domain/index.ts";
import type { Field, FieldValue, Note } from "../../domain/index.ts";
import type { ExprIr } from "../../compiler/index.ts";
import { NO_BINDINGS, formatTime } from "../../matcher/index.ts";
import { raise, recordHistory, ticketSnapshot } from "../change-ticket.ts";
import { findCategory, limitTexts, mergeFields, ticketOf } from "../draft-ticket.ts";
import { declaredWord, evaluateField } from "../field-value.ts";
import type { Handling } from "../handling.ts";
import type { TicketFields } from "../types.ts";
import { sourcedValueOf, tokenFields, valueOf } from "./mail-questions.ts";
import { descriptionOf } from "./mail-text.ts";
import type { Taking } from "./taking.ts";

/** Source of a ticket for which neither mailbox nor token name one. */
const MAIL_SOURCE = "Email";

interface Outside {
  readonly field: string;
  readonly value: string;
}

/** Answers the ticket's id. */
export function openFromMail(handling: Handling, taking: Taking): string {
  const { desk } = handling;
  const { attribution, event, mailbox, token, messages } = taking;
  const organization = attribution.organization ?? desk.view.ownOrganization;
  const outside: Outside[] = [];
  const category =
    mailbox.ticket.category === undefined ? undefined : findCategory(handling.ir, mailbox.ticket.category);
  const scope = { organizationId: organization.id, outside };
  const merged = mergeFields([
    { source: sourceOf(handling, taking, outside), organization },
    category === undefined ? {} : dueIn(handling, category.dueInMs),
    category === undefined ? {} : constantFields(handling, category.fields, scope),
    mailbox.ticket.category === undefined ? {} : { category: category?.name ?? mailbox.ticket.category },
    dueIn(handling, mailbox.ticket.dueInMs),
    constantFields(handling, mailbox.ticket.fields, scope),
    { contact: attribution.contact, device: attribution.device },
    tokenTicketFields(handling, taking, outside),
  ]);
  const text = token === undefined ? event.mail.read.text : textAboveToken(taking);
  const title = titleOf(handling, event.mail.read.subject);
  const tags = tagsFor(taking, title, text);
  // A person's mail keeps its text clean: what is told stands in a note beside it.
  const description = descriptionOf(text, event.mail, token === undefined ? [] : messages);
  const limited = limitTexts(title, description);
  handling.warnings.push(...limited.warnings);
  const createdBy = token === undefined ? attribution.by : SYSTEM_ACTOR;
  if (attribution.newContact !== undefined)
    desk.emit({ kind: "create-contact", contact: attribution.newContact, at: handling.at });
  const ticket = ticketOf(
    { ...merged, title: limited.title, description: limited.description, tags },
    {
      ...desk.takeNewTicket(),
      createdAt: handling.at,
      createdBy,
      dedupKey: undefined,
      windowEndsAt: undefined,
    },
    desk.view.ownOrganization,
  );
  desk.open(ticket, undefined, undefined);
  handling.mail?.ticketIds.add(ticket.id);
  recordHistory(handling, ticket.id, outside.map(toHistory), createdBy);
  if (token === undefined && messages.length > 0) tellOnTicket(handling, ticket.id, messages.join("\n"));
  handling.outcomes.push({ kind: "created", ticketId: ticket.id });
  const opened = desk.ticket(ticket.id) ?? ticket;
  raise(handling, 0, [ticketSnapshot(handling, "ticket-created", opened, { actor: createdBy })]);
  return ticket.id;
}

/** Part of the taking: a note of the system that raises no event of its own. */
export function tellOnTicket(handling: Handling, ticketId: string, text: string): void {
  const before = handling.desk.ticket(ticketId);
  if (before === undefined) return;
  const note: Note = { at: handling.at, by: SYSTEM_ACTOR, visibility: "internal", text };
  handling.desk.emit({ kind: "add-note", ticketId, note, repeat: undefined });
  handling.desk.touch({ ...before, noteCount: before.noteCount + 1 });
}

/** ATES-4: a mail without a subject. */
function titleOf(handling: Handling, subject: string): string {
  return isEmpty(subject) ? `New Ticket - ${formatTime(handling.at, handling.ir.zone)}` : subject;
}

function textAboveToken({ event }: Taking): string {
  const { read } = event.mail;
  return read.token.kind === "token" ? read.token.textAbove : read.text;
}

function toHistory({ field, value }: Outside): {
  readonly field: string;
  readonly from: undefined;
  readonly to: FieldValue;
} {
  return { field, from: undefined, to: `${value} (outside the declared values)` };
}

function dueIn(handling: Handling, ms: number | undefined): TicketFields {
  return ms === undefined ? {} : { dueAt: handling.at + ms };
}

/* ---------- fields ---------- */

interface FieldScope {
  readonly organizationId: string;
  readonly outside: Outside[];
}

/** Defaults are plain values; there is nothing to read yet. */
function constantFields(
  handling: Handling,
  entries: readonly { readonly field: Field; readonly value: ExprIr }[],
  { organizationId, outside }: FieldScope,
): TicketFields {
  const snapshot = bareSnapshot("ticket-created", handling.at);
  const context = { snapshot, bindings: NO_BINDINGS, now: handling.at, zone: handling.ir.zone };
  const layers: TicketFields[] = [];
  for (const { field, value } of entries) {
    const write = evaluateField(field, value, {
      desk: handling.desk,
      ir: handling.ir,
      context,
      organizationId,
    });
    if (write.kind === "unusable") handling.warnings.push(`${write.reason}: left out`);
    if (write.kind !== "value") continue;
    handling.warnings.push(...write.warnings);
    if (write.outside !== undefined)
      outside.push({ field: field.apiName ?? field.path, value: write.outside });
    layers.push(write.fields);
  }
  return mergeFields(layers);
}

/** IEP-22: the mailbox's, which stands over it; else the product that the token names. */
function sourceOf(handling: Handling, { token }: Taking, outside: Outside[]): string {
  const named = (["AlertID", "TicketID", "DeviceID", "CustomerID"] as const)
    .map((element) => sourcedValueOf(token, element)?.source)
    .find((source) => source !== undefined);
  const word = declaredWord(handling.ir, "ticket.source", named ?? MAIL_SOURCE);
  handling.warnings.push(...word.warnings);
  if (word.outside) outside.push({ field: "source", value: word.text });
  return word.text;
}

/** ATES-12, ATES-13, and SubIssue as the ticket's type. */
function tokenTicketFields(handling: Handling, taking: Taking, outside: Outside[]): TicketFields {
  const { token, messages } = taking;
  if (token === undefined) return {};
  const { fields, unknownSources } = tokenFields(token, handling.ir);
  for (const what of unknownSources)
    messages.push(`${what} was not kept: no partner of this name is declared.`);
  const udf = Object.fromEntries(fields.map(({ field, value }) => [field, value]));
  const subIssue = valueOf(token, "SubIssue");
  if (subIssue === undefined) return { udf };
  const word = declaredWord(handling.ir, "ticket.type", subIssue);
  handling.warnings.push(...word.warnings);
  if (word.outside) {
    outside.push({ field: "type", value: word.text });
    messages.push(`The SubIssue "${word.text}" is not one of the declared types.`);
  }
  return { udf, type: word.text };
}

/* ---------- tags ---------- */

/** IEP-18: existing tags that the title or the text names as whole words. */
function tagsFor({ mailbox, event }: Taking, title: string, text: string): readonly string[] {
  const where = mailbox.tagFrom.map((part) => (part === "title" ? title : text)).join("\n");
  if (where === "") return [];
  const words = ` ${toWords(where)} `;
  return event.found.tags.filter((tag) => {
    const named = toWords(tag);
    return named !== "" && words.includes(` ${named} `);
  });
}

function toWords(text: string): string {
  return foldText(text)
    .replaceAll(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}
