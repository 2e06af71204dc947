/** A notice as an e-mail that cannot be turned against anybody: no header can be broken out of, no answer machine will answer it. */
import { createHash } from "node:crypto";

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
}

export interface Mail {
  readonly from: string;
  readonly to: { readonly name: string; readonly address: string };
  readonly subject: string;
  readonly text: string;
  readonly date: Date;
  readonly messageId: string;
  readonly headers: Readonly<Record<string, string>>;
}

const SUBJECT_CHARACTERS_MAX = 250;
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
    headers: {
      // RFC 3834: vacation notices and list servers do not answer, so no loop begins here.
      "Auto-Submitted": "auto-generated",
      Precedence: "bulk",
      "X-Auto-Response-Suppress": "All",
      ...(notice.ticket === undefined ? {} : { "X-Tocsin-Ticket": oneLine(notice.ticket.number, 64) }),
    },
  };
}

/** The same on every attempt: a mail server that took it twice shows it once. */
function messageIdOf(id: string, from: string): string {
  const domain = /@([a-z0-9.-]+)>?\s*$/iu.exec(from)?.[1] ?? "localhost";
  const local = createHash("sha256").update(id).digest("hex").slice(0, 32);
  return `<tocsin.${local}@${domain}>`;
}

function oneLine(text: string, charactersMax: number): string {
  return [...text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, " ").trim()].slice(0, charactersMax).join("");
}
