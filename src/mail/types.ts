/**
 * What a mail says once it is read, and how a door hands it on. Types only: knows no sockets, no database, no tickets.
 *
 *   SMTP, HTTP ──> MailReceiver.receive (stores the raw message, then answers)   … later, in order …   readMail(raw) ──> ReadMail ──> who, what, duplicate
 */
import type { Instant } from "../domain/index.ts";

/** A message as it came, before anything in it is believed. */
export interface ArrivedMail {
  /** Mailbox address as declared in the rule set, found by `MailReceiver.mailboxOf`. */
  readonly mailbox: string;
  /** `MAIL FROM`; empty for bounces (`<>`). HTTP: from the `Return-Path` header, else `From`. */
  readonly envelopeFrom: string;
  readonly envelopeTo: readonly string[];
  /** Address of the peer that handed it over: for limits and the audit, proves nothing. */
  readonly peer: string;
  readonly receivedAt: Instant;
  /** RFC 5322 bytes, unchanged. */
  readonly raw: Uint8Array;
}

export type MailboxState = "active" | "inactive" | "unknown";

export type MailReceipt =
  /** It is committed: only now may a sender hear 250. `again`: the same Message-ID in the same mailbox was there already. */
  | { readonly kind: "stored"; readonly id: string; readonly again: boolean }
  /** Postgres is away, or the disk is full: 451, 503. */
  | { readonly kind: "unavailable" }
  /** Reading it takes more than a message may; nothing of it is kept, since its password could not be masked: 451, 503. */
  | { readonly kind: "unreadable" }
  /** IEP-19: nothing of it is kept. */
  | { readonly kind: "attachment-too-large" }
  | { readonly kind: "no-mailbox" };

/** What a door needs of the rest of the house. */
export interface MailReceiver {
  /** False while no rule set is in force, so that nobody knows which mailboxes there are: 451, not 550. Absent: always ready. */
  readonly isReady?: () => boolean;
  /** Compared without case; sub-addresses (`alerts+x@...`) are the mailbox's. */
  readonly mailboxOf: (address: string) => {
    readonly state: MailboxState;
    readonly mailbox: string | undefined;
  };
  readonly receive: (mail: ArrivedMail) => Promise<MailReceipt>;
}

export interface MailAddress {
  readonly address: string;
  readonly name: string | undefined;
}

export interface MailAttachment {
  readonly name: string;
  readonly contentType: string;
  readonly content: Uint8Array;
  /** Shown in the text (an image by `cid:`), not sent as a file. */
  readonly inline: boolean;
}

/** Why a mail is not a person's. The reason goes to the list of mail as it stands. */
export interface AutomaticMail {
  readonly kind: "bounce" | "auto-reply" | "list" | "bulk" | "loop";
  /** `Auto-Submitted: auto-replied`, `the return path is empty`, ... without the sender's free text. */
  readonly reason: string;
}

export type TokenElement =
  | "ID"
  | "PW"
  | "Customer"
  | "Email"
  | "Contact"
  | "SubIssue"
  | "TicketNumber"
  | "CustomerID"
  | "DeviceID"
  | "AlertID"
  | "TicketID";

/** The last ATES token of the text. `PW` is here because it must be compared; it goes no further. */
export interface AtesToken {
  readonly values: Readonly<Partial<Record<TokenElement, string>>>;
  /** The `source` of `CustomerID`, `DeviceID`, `AlertID`, `TicketID` (ATES-14); absent: the element is ignored with a message. */
  readonly sources: Readonly<Partial<Record<TokenElement, string>>>;
  readonly contact:
    { readonly firstName: string | undefined; readonly lastName: string | undefined } | undefined;
  /** What was odd and is told on the ticket: an unknown element, an ID without a source, one written twice. */
  readonly messages: readonly string[];
}

export type TokenReading =
  | { readonly kind: "none" }
  /** Looks like a token and is not one (ATES-21). */
  | { readonly kind: "malformed"; readonly reason: string }
  | { readonly kind: "token"; readonly token: AtesToken; readonly textAbove: string };

/** Results of the receiving MTA, only from the configured trusted host. */
export interface MailAuthentication {
  readonly host: string;
  readonly dkim: string | undefined;
  readonly spf: string | undefined;
  readonly dmarc: string | undefined;
  /** DMARC passed, or SPF or DKIM passed for the domain of `From`. */
  readonly passed: boolean;
}

export interface ReadMail {
  /** Without angle brackets; undefined when the header is missing. */
  readonly messageId: string | undefined;
  readonly from: MailAddress | undefined;
  readonly to: readonly MailAddress[];
  readonly cc: readonly MailAddress[];
  readonly subject: string;
  readonly sentAt: Instant | undefined;
  readonly inReplyTo: readonly string[];
  readonly references: readonly string[];
  /** First values by lower-case name, decoded; bounded in number and length. */
  readonly headers: Readonly<Record<string, string>>;
  /** The whole text: the plain part, else the HTML part as text. The token is cut out of it. */
  readonly text: string;
  /** `text` without quoted replies and signature: what a note says. Never empty when `text` is not. */
  readonly newText: string;
  readonly attachments: readonly MailAttachment[];
  /** `Sensitivity: Private | Personal | Company-Confidential` (IEP-5). */
  readonly isPrivate: boolean;
  readonly automatic: AutomaticMail | undefined;
  readonly authentication: MailAuthentication | undefined;
  readonly token: TokenReading;
  /** What was mended or cut while reading, for the mail's own record. */
  readonly warnings: readonly string[];
}
