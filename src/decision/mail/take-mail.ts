/**
 * What becomes of one mail: screened, attributed, made into one of six objects, or kept with the reason why not. The
 * one place that decides between them; each object is made elsewhere in this folder.
 *
 *   screen (private, automatic, token, loop) -> whose -> which item or duplicate -> new ticket | added | dropped | failed
 */
import { COMPLETE, MAIL_LOOP_COUNT_MAX } from "../../domain/index.ts";
import type { MailObject, Ticket } from "../../domain/index.ts";
import type { DuplicateBehaviourIr, MailboxIr } from "../../compiler/index.ts";
import type { Handling } from "../handling.ts";
import { addToTicket } from "./add-from-mail.ts";
import { addToProject } from "./add-to-project.ts";
import { attributeMail, byFallback } from "./attribute-mail.ts";
import { mailFacts } from "./mail-facts.ts";
import { acceptedToken } from "./mail-questions.ts";
import type { FoundItem, MailEvent, MailResult } from "./mail-types.ts";
import { openFromMail } from "./open-from-mail.ts";
import type { Taking } from "./taking.ts";

export function takeMail(handling: Handling, event: MailEvent): void {
  const mailbox = handling.ir.mailboxes?.find(({ address }) => address === event.mail.mailbox);
  const token = mailbox === undefined ? undefined : acceptedToken(event.mail, mailbox);
  const facts = mailFacts(event.mail);
  handling.mail = {
    facts,
    isToken: token !== undefined,
    ticketIds: new Set(),
    taking: undefined,
    result: undefined,
    toldFailure: false,
  };
  if (mailbox === undefined)
    return refuse(handling, "failed", `the mailbox ${event.mail.mailbox} is not declared any more`);
  const screened = screen(event, mailbox);
  if (screened !== undefined) return refuse(handling, screened.state, screened.reason);
  const { ownOrganization } = handling.desk.view;
  const input = { mail: event.mail, mailbox, found: event.found, ownOrganization };
  const attribution = attributeMail(input);
  const isTrusted = token !== undefined || facts.authenticated || mailbox.trustSender;
  const messages = [...attribution.messages];
  const taking: Taking = {
    event,
    mailbox,
    facts,
    token,
    attribution,
    isTrusted,
    messages,
    duplicate: undefined,
  };
  handling.mail.taking = taking;
  if (attribution.refused !== undefined) return refuse(handling, "failed", attribution.refused);
  if (token === undefined) takePersons(handling, taking);
  else takeToken(handling, taking);
}

interface Screened {
  readonly state: "ignored" | "failed";
  readonly reason: string;
}

/** An alert's mail is written by a machine; what bounces, answers or loops only quotes one. */
const SENT_BY_MACHINES: ReadonlySet<string> = new Set(["bulk", "list"]);

/** ATES-21, IEP-5, IEP-21. A token is an alert even where its machine says that it is one; an answer to one is not. */
function screen({ mail, found }: MailEvent, mailbox: MailboxIr): Screened | undefined {
  const { read } = mail;
  const token = acceptedToken(mail, mailbox);
  if (read.isPrivate) return { state: "ignored", reason: "private" };
  const { automatic } = read;
  if (automatic !== undefined && (token === undefined || !SENT_BY_MACHINES.has(automatic.kind)))
    return { state: "ignored", reason: `${automatic.kind}: ${automatic.reason}` };
  if (mailbox.tokenPassword !== undefined && token === undefined) {
    if (read.token.kind === "none") return { state: "failed", reason: "the mail carries no token" };
    if (read.token.kind === "malformed")
      return { state: "failed", reason: `the token is malformed: ${read.token.reason}` };
    return { state: "failed", reason: "the token's password is missing or wrong" };
  }
  if (token === undefined && found.sameBefore >= MAIL_LOOP_COUNT_MAX)
    return { state: "ignored", reason: "loop" };
  return undefined;
}

/* ---------- token mail ---------- */

function takeToken(handling: Handling, taking: Taking): void {
  const { attribution, mailbox } = taking;
  const organizationId = (attribution.organization ?? handling.desk.view.ownOrganization).id;
  const original = duplicateOf(handling, taking, organizationId);
  if (original === undefined) return open(handling, taking);
  const behaviour = behaviourFor(mailbox, original.ticket);
  taking.duplicate = { by: original.by, of: original.ticket.number, behaviour: behaviour.kind };
  if (behaviour.kind === "create-ticket") return open(handling, taking);
  add(handling, taking, original.ticket, behaviour);
}

/** DUP-2, DUP-3: the best ticket of the same organization; a number that means another organization's is told. */
function duplicateOf(
  handling: Handling,
  { event, mailbox, messages }: Taking,
  organizationId: string,
): { readonly by: "alert id" | "ticket id" | "ticket number"; readonly ticket: Ticket } | undefined {
  for (const { by, ticketId } of event.found.duplicates) {
    const ticket = handling.desk.ticket(ticketId);
    if (ticket?.organization.id === organizationId) return { by, ticket };
  }
  if (!mailbox.duplicates.by.includes("ticket number")) return undefined;
  for (const item of event.found.items) {
    const ticket = item.kind === "ticket" ? handling.desk.ticket(item.ticketId) : undefined;
    if (ticket === undefined) continue;
    if (ticket.organization.id === organizationId) return { by: "ticket number", ticket };
    messages.push(`The mail names ${ticket.number}, which belongs to another organization.`);
  }
  return undefined;
}

function behaviourFor({ duplicates }: MailboxIr, ticket: Ticket): DuplicateBehaviourIr {
  return ticket.status === COMPLETE ? duplicates.complete : duplicates.open;
}

/* ---------- people's mail ---------- */

function takePersons(handling: Handling, taking: Taking): void {
  const item = itemOf(taking);
  if (item === undefined) return open(handling, taking);
  if (item.kind !== "ticket") {
    if (!mayAdd(taking, item.organization.id)) return openInstead(handling, taking, item.number);
    const object = addToProject(handling, taking, item);
    return conclude(handling, taking, { object, item: item.number });
  }
  const ticket = handling.desk.ticket(item.ticketId);
  if (ticket === undefined) return open(handling, taking);
  if (!mayAdd(taking, ticket.organization.id)) return openInstead(handling, taking, ticket.number);
  const behaviour = personsBehaviour(taking, ticket);
  taking.duplicate = { by: "number", of: ticket.number, behaviour: behaviour.kind };
  if (behaviour.kind === "create-ticket") return open(handling, taking);
  add(handling, taking, ticket, behaviour);
}

/** IEP-3; the basic edition makes tickets only, but for what its duplicates setting catches (A13, IEP-11). */
function itemOf({ event, mailbox }: Taking): FoundItem | undefined {
  const { items, answeredTicketId } = event.found;
  const answered: FoundItem | undefined =
    answeredTicketId === undefined ? undefined : { kind: "ticket", ticketId: answeredTicketId };
  const item: FoundItem | undefined = items[0] ?? answered;
  if (event.mail.edition === "advanced" || item === undefined) return item;
  return item.kind === "ticket" && mailbox.duplicates.by.includes("ticket number") ? item : undefined;
}

/** A14: staff anywhere, a stranger as unverified, others at their own organization only. */
function mayAdd({ attribution, event }: Taking, organizationId: string): boolean {
  if (attribution.how === "resource" || attribution.how === "number") return true;
  if (attribution.organization?.id === organizationId) return true;
  return event.found.contacts.some((one) => one.active && one.organization.id === organizationId);
}

/**
 * Staff and strangers are no duplicates: a resource works on what it names, whatever its status, and of a stranger only
 * a note is taken.
 */
function personsBehaviour({ attribution, mailbox }: Taking, ticket: Ticket): DuplicateBehaviourIr {
  const isJudged =
    attribution.how !== "resource" &&
    attribution.how !== "number" &&
    mailbox.duplicates.by.includes("ticket number");
  return isJudged ? behaviourFor(mailbox, ticket) : { kind: "add-note" };
}

function openInstead(handling: Handling, taking: Taking, number: string): void {
  taking.messages.push(`The mail names ${number}, which belongs to another organization.`);
  open(handling, taking);
}

/* ---------- outcomes ---------- */

function open(handling: Handling, taking: Taking): void {
  if (taking.attribution.organization === undefined) return openForStranger(handling, taking);
  const ticketId = openFromMail(handling, taking);
  conclude(handling, taking, { object: "ticket", ticketId });
}

/** What it names is not there: the sender is a stranger like any other. */
function openForStranger(handling: Handling, taking: Taking): void {
  const { event, mailbox } = taking;
  const { ownOrganization } = handling.desk.view;
  const attribution = byFallback({ mail: event.mail, mailbox, found: event.found, ownOrganization });
  if (attribution === undefined) return refuse(handling, "failed", `nobody's: ${taking.attribution.why}`);
  open(handling, { ...taking, attribution, messages: [...taking.messages, ...attribution.messages] });
}

function add(
  handling: Handling,
  taking: Taking,
  ticket: Ticket,
  behaviour: Exclude<DuplicateBehaviourIr, { kind: "create-ticket" }>,
): void {
  const object = addToTicket(handling, taking, { ticket, behaviour });
  if (object !== undefined) return conclude(handling, taking, { object, ticketId: ticket.id });
  finish(handling, { state: "ignored", reason: `duplicate of ${ticket.number}`, ticketId: ticket.id });
}

function conclude(
  handling: Handling,
  taking: Taking,
  made: { readonly object: MailObject; readonly ticketId?: string; readonly item?: string },
): void {
  if (handling.mail !== undefined) handling.mail.taking = taking;
  finish(handling, { state: "processed", reason: undefined, ...made });
}

function refuse(handling: Handling, state: "ignored" | "failed", reason: string): void {
  finish(handling, { state, reason });
}

function finish(
  handling: Handling,
  made: Pick<MailResult, "state" | "reason"> & Partial<Pick<MailResult, "object" | "ticketId" | "item">>,
): void {
  const { mail } = handling;
  if (mail === undefined) return;
  const { taking } = mail;
  const attribution = taking?.attribution;
  mail.result = {
    object: undefined,
    ticketId: undefined,
    item: undefined,
    ...made,
    explanation: {
      authenticated: mail.facts.authenticated,
      messages: taking?.messages ?? [],
      ...(attribution === undefined
        ? {}
        : {
            attributed: {
              how: attribution.how,
              why: attribution.why,
              ...(attribution.organization === undefined
                ? {}
                : { organization: attribution.organization.name }),
            },
          }),
      ...(taking?.duplicate === undefined ? {} : { duplicate: taking.duplicate }),
      ...(made.object === undefined ? {} : { object: made.object }),
    },
  };
}
