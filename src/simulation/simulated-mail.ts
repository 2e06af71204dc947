/**
 * The mail of a `receive mail` step: read by the same reader, attributed among the test's records, compared with the
 * tickets of the desk; what comes out is the event that a server would decide. Knows no files and no expectations.
 */
import type { MailboxIr, RuleSetIr } from "../compiler/index.ts";
import {
  acceptedToken,
  attributeMail,
  duplicateQuestions,
  mailQuestions,
  senderOf,
} from "../decision/index.ts";
import type {
  DuplicateQuestion,
  EventResult,
  FoundContact,
  FoundDuplicate,
  FoundOrganization,
  MailEvent,
  MailFindings,
  MailQuestions,
  MailToDecide,
} from "../decision/index.ts";
import { COMPLETE, MAIL_FAILURE_NOTICE_MS, MAIL_LOOP_WINDOW_MS, foldName } from "../domain/index.ts";
import type { Instant, OrganizationReference, Ticket } from "../domain/index.ts";
import { readMailNow, samePassword } from "../mail/index.ts";
import type { ReadMail } from "../mail/index.ts";
import type { TestDeclaration } from "../../grammar/ast.ts";
import type { TestRecords } from "./test-records.ts";

/** A mail as the test's mailboxes take it; a sentence where none does. */
export type TakenMail =
  | { readonly kind: "event"; readonly event: MailEvent; readonly loopKey: string }
  /** The same Message-ID in the same mailbox. */
  | { readonly kind: "again" }
  | { readonly kind: "impossible"; readonly why: string };

export interface SimulatedMailParts {
  readonly test: TestDeclaration;
  readonly ir: RuleSetIr;
  readonly records: TestRecords;
  readonly tickets: ReadonlyMap<string, Ticket>;
}

interface Earlier {
  readonly at: Instant;
  readonly key: string;
}

export class SimulatedMail {
  readonly #parts: SimulatedMailParts;
  readonly #taken = new Set<string>();
  readonly #ticketByMessage = new Map<string, string>();
  readonly #processed: Earlier[] = [];
  readonly #toldFailures: Earlier[] = [];
  #count = 0;

  constructor(parts: SimulatedMailParts) {
    this.#parts = parts;
  }

  take(text: string, at: Instant): TakenMail {
    const { ir } = this.#parts;
    const mailboxes = ir.mailboxes ?? [];
    const raw = new TextEncoder().encode(text.replaceAll(/\r?\n/g, "\r\n"));
    const read = readMailNow(raw, { ownAddresses: mailboxes.map(({ address }) => address) });
    const mailbox = mailboxOf(read, mailboxes);
    if (typeof mailbox === "string") return { kind: "impossible", why: mailbox };
    const again = read.messageId === undefined ? undefined : `${mailbox.address} ${read.messageId}`;
    if (again !== undefined && this.#taken.has(again)) return { kind: "again" };
    if (again !== undefined) this.#taken.add(again);
    this.#count += 1;
    const mail: MailToDecide = {
      id: `ml_${this.#count}`,
      mailbox: mailbox.address,
      envelopeFrom: read.headers["return-path"]?.replaceAll(/[<>\s]/g, "") ?? read.from?.address ?? "",
      receivedAt: at,
      read,
      tokenAccepted: this.#isAccepted(read, mailboxes),
      edition: "advanced",
      newContactId: `co_m${this.#count}`,
    };
    const loopKey = JSON.stringify([
      mailbox.address,
      senderOf(read) ?? mail.envelopeFrom,
      read.subject.trim(),
    ]);
    return {
      kind: "event",
      event: { kind: "mail", mail, found: this.#findings(mail, mailbox, loopKey) },
      loopKey,
    };
  }

  /** What later mails of the test are judged by. */
  decided({ mail }: MailEvent, loopKey: string, result: EventResult): void {
    const { messageId } = mail.read;
    if (messageId !== undefined && result.ticketId !== undefined)
      this.#ticketByMessage.set(messageId, result.ticketId);
    const at = mail.receivedAt;
    if (result.mail?.state === "processed" && !mail.tokenAccepted) this.#processed.push({ at, key: loopKey });
    if (result.mail?.toldFailure === true)
      this.#toldFailures.push({ at, key: mail.envelopeFrom.toLowerCase() });
  }

  /** A secret that the test does not give has a made-up value: then any password is right. */
  #isAccepted(read: ReadMail, mailboxes: readonly MailboxIr[]): boolean {
    if (read.token.kind !== "token") return false;
    const password = read.token.token.values.PW;
    const given = new Map(
      this.#parts.test.steps.flatMap((step) =>
        step.kind === "given secret" ? [[foldName(step.name.value), step.value?.value ?? ""] as const] : [],
      ),
    );
    return mailboxes.some(({ active, tokenPassword }) => {
      if (!active || tokenPassword === undefined || password === undefined) return false;
      const wanted = given.get(foldName(tokenPassword));
      return wanted === undefined || samePassword(password, wanted);
    });
  }

  /* ---------- findings ---------- */

  #findings(mail: MailToDecide, mailbox: MailboxIr, loopKey: string): MailFindings {
    const questions = mailQuestions(mail, mailbox);
    const found: MailFindings = {
      resources: [],
      contacts: this.#contacts(questions.sender),
      devices: [],
      domainOrganizations: [],
      fallback: this.#organization(mailbox.organizationFallback),
      items: this.#items(questions),
      answeredTicketId: questions.messageIds
        .map((id) => this.#ticketByMessage.get(id))
        .find((id) => id !== undefined),
      ...this.#ofToken(mail, mailbox, questions),
      sameBefore: countSince(this.#processed, loopKey, mail.receivedAt - MAIL_LOOP_WINDOW_MS),
      failureTold:
        countSince(
          this.#toldFailures,
          mail.envelopeFrom.toLowerCase(),
          mail.receivedAt - MAIL_FAILURE_NOTICE_MS,
        ) > 0,
      tags: this.#tags(),
      duplicates: [],
    };
    const { own } = this.#parts.records;
    const { organization } = attributeMail({ mail, mailbox, found, ownOrganization: own });
    if (organization === undefined) return found;
    const asked = duplicateQuestions(acceptedToken(mail, mailbox), mailbox, this.#parts.ir);
    return { ...found, duplicates: asked.flatMap((question) => this.#duplicate(organization, question)) };
  }

  #organization(name: string | undefined): FoundOrganization | undefined {
    const found = name === undefined ? undefined : this.#parts.records.organization(name);
    return found === undefined ? undefined : { ...found, active: true };
  }

  /** Those that the test gives. */
  #contacts(address: string | undefined): readonly FoundContact[] {
    if (address === undefined) return [];
    return this.#parts.test.steps.flatMap((step): readonly FoundContact[] => {
      if (step.kind !== "given contact" || step.email.value.trim().toLowerCase() !== address) return [];
      const organization = this.#organization(step.of?.value ?? this.#parts.records.own.name);
      const contact = this.#parts.records.contact(step.of?.value, step.email.value);
      if (organization === undefined || contact === undefined) return [];
      return [{ contact, active: true, position: 1, organization }];
    });
  }

  #items({ numbers }: MailQuestions): MailFindings["items"] {
    return numbers.flatMap(({ kind, number }) => {
      if (kind !== "ticket") return [];
      const ticket = [...this.#parts.tickets.values()].find((one) => one.number === number);
      return ticket === undefined ? [] : [{ kind, ticketId: ticket.id, number }];
    });
  }

  /** Ids are names here: whoever a test names is known, unless it says otherwise (language.md 4). */
  #ofToken(
    mail: MailToDecide,
    mailbox: MailboxIr,
    questions: MailQuestions,
  ): Pick<MailFindings, "tokenContacts" | "tokenCustomer" | "customer" | "device"> {
    const token = acceptedToken(mail, mailbox);
    const customer =
      questions.customerId === undefined ? undefined : this.#organization(questions.customerId.id);
    const tokenCustomer = this.#organization(token?.values.Customer);
    const owner = customer ?? tokenCustomer;
    const device =
      questions.deviceId === undefined || owner === undefined
        ? undefined
        : {
            device: this.#parts.records.device(owner.id, questions.deviceId.id),
            active: true,
            organization: owner,
          };
    return { tokenContacts: this.#contacts(questions.tokenEmail), tokenCustomer, customer, device };
  }

  #duplicate(
    organization: OrganizationReference,
    { by, field, value }: DuplicateQuestion,
  ): readonly FoundDuplicate[] {
    const same = [...this.#parts.tickets.values()].filter(
      (ticket) => ticket.organization.id === organization.id && ticket.udf[field] === value,
    );
    const best = same.findLast(({ status }) => status !== COMPLETE) ?? same.at(-1);
    return best === undefined ? [] : [{ by, ticketId: best.id }];
  }

  #tags(): readonly string[] {
    const ofTickets = [...this.#parts.tickets.values()].flatMap(({ tags, organization }) => [
      ...tags,
      ...organization.tags,
    ]);
    const ofRules = this.#parts.ir.rules.flatMap(({ actions }) =>
      actions.flatMap((action) => (action.kind === "add-tags" ? action.tags : [])),
    );
    return [...new Set([...ofTickets, ...ofRules])];
  }
}

function countSince(earlier: readonly Earlier[], key: string, since: Instant): number {
  return earlier.filter((one) => one.key === key && one.at > since).length;
}

/** By its recipients; a set with one mailbox means that one. */
function mailboxOf(read: ReadMail, mailboxes: readonly MailboxIr[]): MailboxIr | string {
  const recipients = new Set([...read.to, ...read.cc].map(({ address }) => address.toLowerCase()));
  const named = mailboxes.find(({ address }) => recipients.has(address.toLowerCase()));
  const [only, ...others] = mailboxes;
  const mailbox = named ?? (others.length === 0 ? only : undefined);
  if (mailbox === undefined)
    return only === undefined
      ? "the rules declare no mailbox"
      : `the mail goes to none of the mailboxes: write \`To: ${only.address}\` in its headers`;
  return mailbox.active ? mailbox : `the mailbox ${mailbox.address} is inactive: it takes no mail`;
}
