/**
 * What has to be looked up before a mail can be decided: whom its addresses mean, which item its subject names, what
 * its token says. And the keys that are locked first, so that equal mails wait for each other. Pure.
 */
import { hash } from "node:crypto";
import { MAIL_REFERENCES_MAX, exactText, foldName } from "../../domain/index.ts";
import type { MailboxIr, RuleSetIr } from "../../compiler/index.ts";
import type { AtesToken, ReadMail, TokenElement } from "../../mail/types.ts";
import type {
  DuplicateQuestion,
  ExternalQuestion,
  ItemNumber,
  MailQuestions,
  MailToDecide,
} from "./mail-types.ts";
import { isPublicDomain } from "./public-domains.ts";

export function mailQuestions(mail: MailToDecide, mailbox: MailboxIr): MailQuestions {
  const { read } = mail;
  const token = acceptedToken(mail, mailbox);
  const sender = senderOf(read);
  return {
    sender,
    domain: domainOf(sender),
    fallback: mailbox.organizationFallback === undefined ? undefined : foldName(mailbox.organizationFallback),
    numbers: numbersOf(read, token),
    messageIds: [...read.inReplyTo, ...read.references.toReversed()].slice(0, MAIL_REFERENCES_MAX),
    tokenEmail: valueOf(token, "Email")?.toLowerCase(),
    tokenCustomer: folded(valueOf(token, "Customer")),
    customerId: externalOf(token, "CustomerID"),
    deviceId: externalOf(token, "DeviceID"),
  };
}

/** A mail is judged by its token where the mailbox is for token mail and the password was right. */
export function acceptedToken(
  { read, tokenAccepted }: Pick<MailToDecide, "read" | "tokenAccepted">,
  mailbox: MailboxIr,
): AtesToken | undefined {
  if (mailbox.tokenPassword === undefined || !tokenAccepted) return undefined;
  return read.token.kind === "token" ? read.token.token : undefined;
}

/** The sender as the header says it: proves nothing. */
export function senderOf(read: ReadMail): string | undefined {
  const address = read.from?.address.trim().toLowerCase();
  return address === undefined || address === "" ? undefined : address;
}

function domainOf(address: string | undefined): string | undefined {
  const at = address?.lastIndexOf("@") ?? -1;
  if (address === undefined || at === -1) return undefined;
  const domain = address.slice(at + 1).replace(/\.$/u, "");
  return domain === "" || isPublicDomain(domain) ? undefined : domain;
}

/* ---------- numbers ---------- */

const NUMBER = /(?<![\p{L}\p{N}])([TP]\d{8}\.\d{4,12})(\.\d{4,12})?(?![\p{L}\p{N}])/giu;

/** IEP-3: the first number of the subject. `T20261122.0001`, `P20261122.0001`, and a task of it `P20261122.0001.0001`. */
export function itemNumbers(text: string): readonly ItemNumber[] {
  return [...text.matchAll(NUMBER)].map(([, item = "", task]): ItemNumber => {
    const number = item.toUpperCase();
    if (number.startsWith("T")) return { kind: "ticket", number };
    return task === undefined ? { kind: "project", number } : { kind: "task", number: number + task };
  });
}

function numbersOf(read: ReadMail, token: AtesToken | undefined): readonly ItemNumber[] {
  const [first] = itemNumbers(read.subject);
  if (token === undefined) return first === undefined ? [] : [first];
  const [named] = itemNumbers(valueOf(token, "TicketNumber") ?? "");
  return [named, first].flatMap((one) => (one?.kind === "ticket" ? [one] : []));
}

/* ---------- token ---------- */

export function valueOf(token: AtesToken | undefined, element: TokenElement): string | undefined {
  const value = token?.values[element];
  return value === undefined || value.trim() === "" ? undefined : exactText(value);
}

/** ATES-14: without a source the element is ignored; the reader has told it. */
export function sourcedValueOf(
  token: AtesToken | undefined,
  element: TokenElement,
): { readonly source: string; readonly id: string } | undefined {
  const id = valueOf(token, element);
  const source = token?.sources[element];
  if (id === undefined || source === undefined || source.trim() === "") return undefined;
  return { source: exactText(source), id };
}

function externalOf(token: AtesToken | undefined, element: TokenElement): ExternalQuestion | undefined {
  const value = sourcedValueOf(token, element);
  return value === undefined ? undefined : { sourceKey: foldName(value.source), id: value.id };
}

function folded(text: string | undefined): string | undefined {
  return text === undefined ? undefined : foldName(text);
}

const FIELDS = [
  { by: "alert id", element: "AlertID", suffix: "Alert ID" },
  { by: "ticket id", element: "TicketID", suffix: "Ticket ID" },
] as const;

/** ATES-12, ATES-13: what the token writes into the ticket's fields, by the partner that its source names. */
export function tokenFields(
  token: AtesToken | undefined,
  ir: Pick<RuleSetIr, "partners">,
): { readonly fields: readonly DuplicateQuestion[]; readonly unknownSources: readonly string[] } {
  const fields: DuplicateQuestion[] = [];
  const unknownSources: string[] = [];
  for (const { by, element, suffix } of FIELDS) {
    const value = sourcedValueOf(token, element);
    if (value === undefined) continue;
    const partner = ir.partners.get(foldName(value.source));
    if (partner === undefined) unknownSources.push(`${element} ${value.id} of "${value.source}"`);
    else fields.push({ by, field: `${partner} ${suffix}`, value: value.id });
  }
  return { fields, unknownSources };
}

/** What is asked of tickets, by the mailbox's setting; the ticket id counts when no alert id is there to compare (ATES-13). */
export function duplicateQuestions(
  token: AtesToken | undefined,
  mailbox: MailboxIr,
  ir: Pick<RuleSetIr, "partners">,
): readonly DuplicateQuestion[] {
  const compared = tokenFields(token, ir).fields.filter(({ by }) => mailbox.duplicates.by.includes(by));
  const byAlert = compared.filter(({ by }) => by === "alert id");
  return byAlert.length > 0 ? byAlert : compared;
}

/** Rows of `dedup_keys` that the mail holds until it is decided: a hundred mails with one alert id are one ticket. */
export function mailLockKeys(mail: MailToDecide, mailbox: MailboxIr, ir: RuleSetIr): readonly string[] {
  const token = acceptedToken(mail, mailbox);
  if (token === undefined) return [];
  const keys = duplicateQuestions(token, mailbox, ir).map(({ field, value }) => ["mail", field, value]);
  const email = valueOf(token, "Email")?.toLowerCase();
  const isNewPerson =
    email !== undefined && (token.contact !== undefined || valueOf(token, "Contact") !== undefined);
  if (isNewPerson) keys.push(["mail-contact", email]);
  return keys.map((key) => hash("sha256", JSON.stringify(key), "hex"));
}
