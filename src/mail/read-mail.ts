/**
 * Raw bytes to what they say: one pass over a bounded tree. Never throws, and takes time in proportion to the bytes; what could not be read
 * or was mended is told in `warnings`. Knows no clock, no sockets, no database, no tickets.
 */
import {
  MAIL_HEADER_CHARACTERS_KEPT_MAX,
  MAIL_HEADERS_KEPT_MAX,
  MAIL_REFERENCES_MAX,
  MAIL_WARNINGS_MAX,
  PASSWORDS_PER_MAIL_MAX,
  parseRfc3339,
  type Instant,
} from "../domain/index.ts";
import { readToken } from "./ates-token.ts";
import { readAuthentication } from "./authentication-results.ts";
import { recogniseAutomatic } from "./automatic-mail.ts";
import { cleanText } from "./decode-text.ts";
import { decodeWords, type HeaderField } from "./header-fields.ts";
import { domainOf, readAddresses, readMessageIds } from "./mail-addresses.ts";
import { readContent, type MailContent } from "./mail-text.ts";
import { maskToken } from "./mask-token.ts";
import { firstField, readMessageTree, type MessageTree } from "./message-part.ts";
import { maskText, passwordForms, passwordPlaces } from "./password-places.ts";
import { cutReply } from "./reply-text.ts";
import type { MailAttachment, ReadMail, TokenReading } from "./types.ts";

export interface ReadMailOptions {
  /** TOCSIN_TRUSTED_AUTHSERV; undefined: nobody's results are believed. */
  readonly trustedAuthserv?: string | undefined;
  /** Of the mailboxes and of our notices: mail from them is a loop. */
  readonly ownAddresses?: readonly string[] | undefined;
  /** `MAIL FROM` as the door heard it; empty is a bounce. Undefined: `Return-Path` is looked at. */
  readonly envelopeFrom?: string | undefined;
}

/**
 * No password is in the answer but `token.values.PW`: not in texts, headers or attachments.
 * Asynchronous because readers may be moved off the thread some day; today it is done when it returns.
 */
export function readMail(raw: Uint8Array, options: ReadMailOptions = {}): Promise<ReadMail> {
  return Promise.resolve(readMailNow(raw, options));
}

/** For pure rooms that cannot wait: rule tests. */
export function readMailNow(raw: Uint8Array, options: ReadMailOptions = {}): ReadMail {
  const tree = readMessageTree(raw);
  const content = readContent(tree);
  const texts = readTexts(content);
  return hidePasswords(content, assemble(tree, content, texts, options), texts.whole);
}

interface Texts {
  /** With its tokens. */
  readonly whole: string;
  /** The token is cut out. */
  readonly text: string;
  readonly token: TokenReading;
}

/** The plain part, unless it is empty or only the HTML part has the token. */
function readTexts(content: MailContent): Texts {
  const candidates = [content.plain, content.fromHtml].filter((text) => text.trim() !== "");
  const readings = candidates.map((whole) => ({ whole, reading: readToken(whole) }));
  const best =
    readings.find(({ reading }) => reading.kind === "token") ??
    readings.find(({ reading }) => reading.kind === "malformed") ??
    readings[0];
  if (best === undefined) return { whole: "", text: "", token: { kind: "none" } };
  const { place, in: source = best.whole, ...token } = best.reading;
  if (place === undefined) return { whole: best.whole, text: best.whole.trim(), token };
  const text = [source.slice(0, place.start).trim(), source.slice(place.end).trim()].filter(
    (it) => it !== "",
  );
  return { whole: source, text: text.join("\n\n"), token };
}

function assemble(tree: MessageTree, content: MailContent, texts: Texts, options: ReadMailOptions): ReadMail {
  const { root } = tree;
  const froms = readAddresses(root.fields, "from");
  const from = froms[0];
  const hasOneSender =
    froms.length === 1 && root.fields.filter((field) => field.name === "from").length === 1;
  const subject = oneLine(decodeWords(firstField(root, "subject") ?? ""));
  const warnings = new Set([...tree.warnings, ...content.warnings]);
  if (!hasOneSender)
    warnings.add(from === undefined ? "there is no sender in From" : "there is more than one sender in From");
  return {
    messageId: readMessageIds(firstField(root, "message-id"), 1)[0],
    from,
    to: readAddresses(root.fields, "to"),
    cc: readAddresses(root.fields, "cc"),
    subject,
    sentAt: readDate(firstField(root, "date")),
    inReplyTo: readMessageIds(firstField(root, "in-reply-to"), MAIL_REFERENCES_MAX),
    references: readMessageIds(firstField(root, "references"), MAIL_REFERENCES_MAX),
    headers: keepHeaders(root.fields),
    text: texts.text,
    newText: cutReply(
      texts.token.kind === "token" ? texts.token.textAbove || texts.text : texts.text,
      subject,
    ),
    attachments: content.attachments,
    isPrivate: /^(?:private|personal|company-confidential)/iu.test(firstField(root, "sensitivity") ?? ""),
    automatic: recogniseAutomatic({
      root,
      from,
      subject,
      envelopeFrom: options.envelopeFrom,
      ownAddresses: options.ownAddresses ?? [],
    }),
    authentication: readAuthentication(
      root.fields,
      options.trustedAuthserv,
      hasOneSender && from !== undefined ? domainOf(from.address) : undefined,
    ),
    token: texts.token,
    warnings: [...warnings].slice(0, MAIL_WARNINGS_MAX),
  };
}

function keepHeaders(fields: readonly HeaderField[]): Readonly<Record<string, string>> {
  const kept = new Map<string, string>();
  for (const { name, value } of fields) {
    if (kept.has(name) || kept.size >= MAIL_HEADERS_KEPT_MAX) continue;
    kept.set(name, oneLine(decodeWords(value)).slice(0, MAIL_HEADER_CHARACTERS_KEPT_MAX).toWellFormed());
  }
  /* Object.fromEntries makes own members even of `__proto__`. */
  return Object.fromEntries(kept);
}

function oneLine(text: string): string {
  return cleanText(text).replace(/\s+/gu, " ").trim();
}

const EARLIEST = Date.UTC(1970, 0, 1);

/** What RFC 5322 and most programs write; else undefined. Never decides anything. */
function readDate(value: string | undefined): Instant | undefined {
  const text =
    value
      ?.replace(/\([^)]{0,100}\)/gu, " ")
      .trim()
      .slice(0, 100) ?? "";
  if (!/\d{4}/u.test(text)) return undefined;
  const at = parseRfc3339(text) ?? Date.parse(text);
  return Number.isFinite(at) && at >= EARLIEST && at < Date.UTC(10_000, 0, 1) ? at : undefined;
}

/** ATES-3: a password is in no text that is kept, be it of this token or of an older one in a quoted reply. */
function hidePasswords(content: MailContent, mail: ReadMail, whole: string): ReadMail {
  const texts = [whole, content.plain, content.fromHtml, mail.subject];
  const ofToken = mail.token.kind === "token" ? [mail.token.token.values.PW ?? ""] : [];
  const passwords = [
    ...ofToken,
    ...texts.flatMap((text) => passwordPlaces(text).map((place) => place.value)),
  ];
  const attachments = mail.attachments.map((attachment) => hideInAttachment(attachment, passwords));
  if (passwords.length === 0) return { ...mail, attachments };
  const forms = formsOf(passwords);
  const hide = (text: string): string => maskText(text, forms);
  return {
    ...mail,
    // Ids too: a Message-ID may be made of anything.
    messageId: mail.messageId === undefined ? undefined : hide(mail.messageId),
    inReplyTo: mail.inReplyTo.map(hide),
    references: mail.references.map(hide),
    subject: hide(mail.subject),
    headers: Object.fromEntries(Object.entries(mail.headers).map(([name, value]) => [name, hide(value)])),
    text: hide(mail.text),
    newText: hide(mail.newText),
    attachments,
    token:
      mail.token.kind === "token" ? { ...mail.token, textAbove: hide(mail.token.textAbove) } : mail.token,
  };
}

/** That of the token is the first. What is in a tag is masked anyway. */
function formsOf(passwords: readonly string[]): readonly string[] {
  return [...new Set([...new Set(passwords)].slice(0, PASSWORDS_PER_MAIL_MAX).flatMap(passwordForms))];
}

function hideInAttachment(attachment: MailAttachment, passwords: readonly string[]): MailAttachment {
  const isMessage =
    attachment.contentType.startsWith("message/") && attachment.contentType !== "message/delivery-status";
  const bytes = Buffer.from(
    attachment.content.buffer,
    attachment.content.byteOffset,
    attachment.content.length,
  );
  const content = isMessage ? maskToken(bytes, passwords) : maskPlain(bytes, passwords);
  return content === bytes ? attachment : { ...attachment, content };
}

function maskPlain(bytes: Buffer, passwords: readonly string[]): Uint8Array {
  const text = bytes.toString("latin1");
  const masked = maskText(text, formsOf(passwords));
  return masked === text ? bytes : Buffer.from(masked, "latin1");
}
