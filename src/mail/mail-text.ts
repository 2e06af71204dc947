/** Which parts of a message are its text and which are files; bytes of a text part to text. Knows nothing of tokens. */
import {
  MAIL_HTML_CHARACTERS_MAX,
  MAIL_ATTACHMENT_BYTES_MAX,
  MAIL_NAME_CHARACTERS_MAX,
  MAIL_TEXT_CHARACTERS_MAX,
} from "../domain/index.ts";
import { cleanText, decodeText } from "./decode-text.ts";
import { unflowText } from "./flowed-text.ts";
import { decodeWords } from "./header-fields.ts";
import { htmlToText } from "./html-text.ts";
import { bodyOf, firstField, type MessagePart, type MessageTree } from "./message-part.ts";
import type { MailAttachment } from "./types.ts";

export interface MailContent {
  /** Plain text parts; empty: there are none. */
  readonly plain: string;
  /** HTML parts as text; empty: there are none. */
  readonly fromHtml: string;
  readonly attachments: readonly MailAttachment[];
  readonly warnings: readonly string[];
}

interface Gathering {
  readonly tree: MessageTree;
  readonly plain: string[];
  readonly html: string[];
  readonly attachments: MailAttachment[];
  readonly warnings: Set<string>;
}

export function readContent(tree: MessageTree): MailContent {
  const gathering: Gathering = { tree, plain: [], html: [], attachments: [], warnings: new Set() };
  gather(gathering, tree.root, { parent: "multipart/mixed", isRoot: true, isAlternative: false });
  return {
    plain: cut(gathering.plain.join("\n\n"), MAIL_TEXT_CHARACTERS_MAX, gathering.warnings),
    fromHtml: cut(gathering.html.join("\n\n"), MAIL_TEXT_CHARACTERS_MAX, gathering.warnings),
    attachments: gathering.attachments,
    warnings: [...gathering.warnings],
  };
}

interface Place {
  /** Type of the part around it. */
  readonly parent: string;
  readonly isRoot: boolean;
  /** One of several forms of the same, at any depth. */
  readonly isAlternative: boolean;
}

function gather(to: Gathering, part: MessagePart, place: Place): void {
  const type = part.type.value;
  const isMessage = type === "message/rfc822" || type === "message/global";
  if (isMessage || (part.children.length === 0 && !isText(part, place.isRoot))) {
    to.attachments.push(...attachmentOf(to, part, place.parent));
  } else if (part.children.length > 0) {
    const isAlternative = place.isAlternative || type === "multipart/alternative";
    for (const child of part.children) gather(to, child, { parent: type, isRoot: false, isAlternative });
  } else {
    gatherText(to, part, place.isAlternative);
  }
}

/** A text that is no other form of one before is added to both: a footer must not replace the mail, nor vanish. */
function gatherText(to: Gathering, part: MessagePart, isAlternative: boolean): void {
  const text = textOf(to.tree, part, to.warnings);
  if (part.type.value === "text/html") {
    const plain = htmlToText(text);
    to.html.push(plain);
    if (!isAlternative && to.plain.length > 0) to.plain.push(plain);
  } else {
    to.plain.push(text);
    if (!isAlternative && to.html.length > 0) to.html.push(text);
  }
}

function isText(part: MessagePart, isRoot: boolean): boolean {
  const type = part.type.value;
  if (part.disposition.value === "attachment") return false;
  if (type.startsWith("multipart/")) return true;
  if (type !== "text/plain" && type !== "text/html" && type !== "text/enriched") return false;
  return isRoot || nameOf(part) === undefined;
}

export function textOf(tree: MessageTree, part: MessagePart, warnings: Set<string>): string {
  const decoded = decodeText(
    bodyOf(tree, part),
    part.type.params.get("charset") ?? charsetOfHtml(tree, part),
  );
  if (decoded.warning !== undefined) warnings.add(`text ${decoded.warning}`);
  const max = part.type.value === "text/html" ? MAIL_HTML_CHARACTERS_MAX : MAIL_TEXT_CHARACTERS_MAX;
  const text = cut(cleanText(decoded.text.slice(0, max + 1)), max, warnings);
  const isFlowed =
    part.type.value === "text/plain" && part.type.params.get("format")?.toLowerCase() === "flowed";
  return isFlowed ? unflowText(text, part.type.params.get("delsp")?.toLowerCase() === "yes") : text;
}

/** Where an HTML part may say its charset itself. */
const META_BYTES = 2048;

function charsetOfHtml(tree: MessageTree, part: MessagePart): string | undefined {
  if (part.type.value !== "text/html") return undefined;
  const start = bodyOf(tree, part).subarray(0, META_BYTES).toString("latin1");
  return /<meta[^>]{0,200}charset\s{0,5}=\s{0,5}["']?([\w.:-]{1,40})/iu.exec(start)?.[1];
}

function attachmentOf(to: Gathering, part: MessagePart, parent: string): readonly MailAttachment[] {
  const content = bodyOf(to.tree, part);
  if (content.length > MAIL_ATTACHMENT_BYTES_MAX) {
    to.warnings.add("an attachment is larger than 10 MiB and stays in the raw message");
    return [];
  }
  const contentId = firstField(part, "content-id");
  const isInline =
    part.disposition.value !== "attachment" &&
    (parent === "multipart/related" || (contentId !== undefined && part.type.value.startsWith("image/")));
  return [
    {
      name: nameOf(part) ?? madeUpName(part, to.attachments.length + 1),
      contentType: /^[\w.+-]{1,100}\/[\w.+-]{1,100}$/u.test(part.type.value)
        ? part.type.value
        : "application/octet-stream",
      content,
      inline: isInline,
    },
  ];
}

/** Without folders and control characters: it becomes a file name somewhere. */
function nameOf(part: MessagePart): string | undefined {
  const said = part.disposition.params.get("filename") ?? part.type.params.get("name");
  if (said === undefined) return undefined;
  const name = cleanText(decodeWords(said))
    .replace(/[\n\t]/gu, " ")
    .replace(/^.*[\\/]/su, "")
    .trim();
  return name === "" || name === "." || name === ".." ? undefined : name.slice(0, MAIL_NAME_CHARACTERS_MAX);
}

const ENDINGS: ReadonlyMap<string, string> = new Map([
  ["text/plain", ".txt"],
  ["text/html", ".html"],
  ["text/calendar", ".ics"],
  ["text/csv", ".csv"],
  ["message/rfc822", ".eml"],
  ["message/global", ".eml"],
  ["message/delivery-status", ".txt"],
  ["text/rfc822-headers", ".txt"],
  ["image/png", ".png"],
  ["image/jpeg", ".jpg"],
  ["image/gif", ".gif"],
  ["application/pdf", ".pdf"],
  ["application/ms-tnef", ".dat"],
]);

function madeUpName(part: MessagePart, n: number): string {
  return `attachment-${n}${ENDINGS.get(part.type.value) ?? ".bin"}`;
}

function cut(text: string, max: number, warnings: Set<string>): string {
  if (text.length <= max) return text;
  warnings.add("the text was too long and is cut; the raw message has all of it");
  return text.slice(0, max).toWellFormed();
}

export function hasOversizedPart(tree: MessageTree): boolean {
  return oversized(tree, tree.root, true);
}

function oversized(tree: MessageTree, part: MessagePart, isRoot: boolean): boolean {
  const type = part.type.value;
  const isFile = type.startsWith("message/") || (part.children.length === 0 && !isText(part, isRoot));
  if (isFile && part.bodyEnd - part.bodyStart > MAIL_ATTACHMENT_BYTES_MAX)
    return bodyOf(tree, part).length > MAIL_ATTACHMENT_BYTES_MAX;
  return !isFile && part.children.some((child) => oversized(tree, child, false));
}
