/** A notice as an e-mail that cannot be turned against anybody: no header can be broken out of, no answer machine will answer it. */
import { LOOP_MARK } from "../domain/index.ts";

export interface Notice {
  readonly id: string;
  readonly recipient: string;
  readonly to: string;
  readonly subject: string;
  readonly body: string;
  /** Units: milliseconds since 1970 UTC. */
  readonly createdAt: number;
  readonly ticket: { readonly number: string; readonly title: string } | undefined;
  readonly rule: string | undefined;
  readonly callout: string | undefined;
  /** Left out, or undefined: it answers nobody. */
  readonly reply?: MailReply | undefined;
}

/** The mail that a notice answers; message ids without angle brackets. */
export interface MailReply {
  readonly inReplyTo: string | undefined;
  readonly references: readonly string[];
  /** Where an answer to the answer goes: the mailbox. */
  readonly replyTo: string;
}

export interface Mail {
  readonly from: string;
  readonly to: { readonly name: string; readonly address: string };
  readonly subject: string;
  readonly text: string;
  readonly date: Date;
  readonly messageId: string;
  readonly replyTo?: { readonly name: string; readonly address: string };
  readonly inReplyTo?: string;
  readonly references?: string;
  readonly headers: Readonly<Record<string, string>>;
}

const SUBJECT_CHARACTERS_MAX = 250;
const REFERENCES_MAX = 20;
const MESSAGE_ID = /^[^\s<>@\p{Cc}]{1,250}@[^\s<>@\p{Cc}]{1,250}$/u;
/** One address, nothing that separates addresses or begins a header. */
const ADDRESS = /^[^\s@<>(),;:\\"\p{Cc}]+@[^\s@<>(),;:\\"\p{Cc}]+$/u;

/** The mail, or the sentence that says why there can be none. */
export function composeMail(notice: Notice, from: string): Mail | string {
  if (!ADDRESS.test(notice.to)) return "the address is not an e-mail address";
  return {
    from,
    // An object and not a text: nothing in it is read as a second recipient.
    to: { name: "", address: notice.to },
    subject: oneLine(notice.subject, SUBJECT_CHARACTERS_MAX),
    text: notice.body,
    date: new Date(notice.createdAt),
    messageId: messageIdOf(notice.id, from),
    ...threadOf(notice.reply),
    headers: {
      // RFC 3834: vacation notices and list servers do not answer, so no loop begins here.
      "Auto-Submitted": notice.reply === undefined ? "auto-generated" : "auto-replied",
      // Our own mailboxes know it by this, should it come back.
      "X-Loop": LOOP_MARK,
      Precedence: "bulk",
      "X-Auto-Response-Suppress": "All",
      ...(notice.ticket === undefined ? {} : { "X-Tocsin-Ticket": oneLine(notice.ticket.number, 64) }),
    },
  };
}

/** RFC 5322 3.6.4. What is no message id is left out: it came from outside. */
function threadOf(reply: MailReply | undefined): Pick<Mail, "replyTo" | "inReplyTo" | "references"> {
  if (reply === undefined) return {};
  const references = reply.references.filter(isMessageId).slice(-REFERENCES_MAX);
  const { inReplyTo, replyTo } = reply;
  return {
    ...(ADDRESS.test(replyTo) ? { replyTo: { name: "", address: replyTo } } : {}),
    ...(inReplyTo === undefined || !isMessageId(inReplyTo) ? {} : { inReplyTo: `<${inReplyTo}>` }),
    ...(references.length === 0 ? {} : { references: references.map((id) => `<${id}>`).join(" ") }),
  };
}

function isMessageId(text: string): boolean {
  return MESSAGE_ID.test(text);
}

/**
 * The same on every attempt: a mail server that took it twice shows it once. The notice's id stands in it, so that an
 * answer to the notice finds its ticket; it tells nobody anything.
 */
function messageIdOf(id: string, from: string): string {
  const domain = /@([a-z0-9.-]+)>?\s*$/iu.exec(from)?.[1] ?? "localhost";
  return `<tocsin.${id}@${domain}>`;
}

function oneLine(text: string, charactersMax: number): string {
  return [...text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, " ").trim()].slice(0, charactersMax).join("");
}
