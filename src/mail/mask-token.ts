/**
 * Masks the password of ATES tokens in a raw message, in whatever encoding it stands there, before the message is stored (ATES-3).
 *
 * Part by part on the tree that the reader sees; a part in which something was masked is encoded anew. Then the result is searched
 * again, decoded and not, with and without regard to parts; if a password is still found, the body is withheld: rather no body than
 * a password in a table. What is inside archives is not looked into.
 */
import { PASSWORD_PLACES_MAX, PASSWORDS_PER_MAIL_MAX } from "../domain/index.ts";
import { byteOrderOf, decodeText } from "./decode-text.ts";
import { decodeTransfer, encodeTransfer } from "./content-encoding.ts";
import { decodeWords } from "./header-fields.ts";
import { htmlToText } from "./html-text.ts";
import { bodyOf, leavesOf, readMessageTree, type MessagePart, type MessageTree } from "./message-part.ts";
import { hasPasswordPlace, maskText, passwordForms, passwordPlaces } from "./password-places.ts";

/**
 * The message with `***` for every password; the very same bytes when there is none.
 * `known`: passwords that must not be in it although no token around them was found, such as that of `ReadMail.token`.
 */
export function maskToken(raw: Uint8Array, known: readonly string[] = []): Uint8Array {
  const tree = readMessageTree(raw);
  const found: string[] = [];
  for (const view of viewsOf(tree, mayHoldPassword)) {
    if (found.length <= PASSWORD_PLACES_MAX) found.push(...passwordPlaces(view).map((place) => place.value));
  }
  const passwords = [...new Set([...known, ...found])];
  const forms = [...new Set(passwords.slice(0, PASSWORDS_PER_MAIL_MAX).flatMap(passwordForms))];
  if (passwords.length > PASSWORDS_PER_MAIL_MAX || found.length > PASSWORD_PLACES_MAX)
    return withoutBody(tree, forms);
  if (found.length === 0 && !leaks(tree, forms)) return raw;
  const masked = rewrite(tree, forms);
  return leaks(readMessageTree(masked), forms) ? withoutBody(tree, forms) : masked;
}

/** Media that hold no text; the rest is looked into, whatever it says to be. */
const NO_TEXT =
  /^(?:image\/(?!svg)|audio\/|video\/|font\/|application\/(?:pdf|zip|gzip|x-gzip|x-zip-compressed|vnd\.openxmlformats))/u;

function mayHoldPassword(text: string): boolean {
  return /pw/iu.test(text);
}

/** Everything that a reader of the message could read, once as bytes and once as text; HTML as text where the markup is `worthIt`. */
function* viewsOf(tree: MessageTree, worthIt: (html: string) => boolean): Generator<string> {
  yield* headerViews(tree.root);
  for (const part of leavesOf(tree.root)) {
    if (NO_TEXT.test(part.type.value)) continue;
    const bytes = bodyOf(tree, part);
    const latin1 = bytes.toString("latin1");
    yield latin1;
    const isHtml = part.type.value === "text/html";
    const text = decodeText(bytes, part.type.params.get("charset")).text;
    if (text !== latin1) yield text;
    if (isHtml && worthIt(text)) yield htmlToText(text);
    if (part.encoding !== "identity" && part.type.value.startsWith("message/"))
      yield* viewsOf(readMessageTree(bytes), worthIt);
  }
  for (const gap of gapsOf(tree)) yield tree.bytes.subarray(gap.start, gap.end).toString("latin1");
}

function* headerViews(part: MessagePart): Generator<string> {
  for (const field of part.fields) {
    yield field.value;
    if (field.value.includes("=?")) yield decodeWords(field.value);
  }
  for (const child of part.children) yield* headerViews(child);
}

interface Place {
  readonly start: number;
  readonly end: number;
}

/** What belongs to no leaf: header blocks, delimiters, preambles, epilogues, parts beyond the limits. */
function* gapsOf(tree: MessageTree): Generator<Place> {
  let at = 0;
  for (const part of leavesOf(tree.root)) {
    if (part.bodyStart > at) yield { start: at, end: part.bodyStart };
    at = Math.max(at, part.bodyEnd);
  }
  if (at < tree.bytes.length) yield { start: at, end: tree.bytes.length };
}

function rewrite(tree: MessageTree, forms: readonly string[]): Buffer {
  const pieces: Buffer[] = [];
  const fields = [...fieldsOf(tree.root)].toSorted((a, b) => a.start - b.start);
  let at = 0;
  let nextField = 0;
  for (const part of leavesOf(tree.root)) {
    while ((fields[nextField]?.start ?? Infinity) < part.bodyStart) {
      const field = fields[nextField++];
      if (field === undefined) break;
      pieces.push(maskBytes(tree.bytes.subarray(at, field.start), forms), maskField(tree, field, forms));
      at = field.end;
    }
    pieces.push(maskBytes(tree.bytes.subarray(at, part.bodyStart), forms), maskLeaf(tree, part, forms));
    at = Math.max(at, part.bodyEnd);
  }
  return Buffer.concat([...pieces, maskBytes(tree.bytes.subarray(at), forms)]);
}

type Field = MessagePart["fields"][number];

function* fieldsOf(part: MessagePart): Generator<Field> {
  yield* part.fields;
  for (const child of part.children) yield* fieldsOf(child);
}

/** A field whose encoded words hold a password loses its value: half of an encoded word is none. */
function maskField(tree: MessageTree, field: Field, forms: readonly string[]): Buffer {
  const bytes = tree.bytes.subarray(field.start, field.end);
  const decoded = decodeWords(field.value);
  const isHidden =
    decoded !== field.value && (hasPasswordPlace(decoded) || forms.some((form) => decoded.includes(form)));
  return isHidden ? Buffer.from(`${field.name}: [masked]\r\n`, "latin1") : maskBytes(bytes, forms);
}

function maskLeaf(tree: MessageTree, part: MessagePart, forms: readonly string[]): Buffer {
  const encoded = tree.bytes.subarray(part.bodyStart, part.bodyEnd);
  const bytes = bodyOf(tree, part);
  const isMessage = part.type.value.startsWith("message/") && part.encoding !== "identity";
  const masked = isMessage ? Buffer.from(maskToken(bytes, forms)) : maskBody(bytes, part, forms);
  if (masked.equals(bytes)) return encoded;
  return encodeTransfer(masked, part.encoding);
}

function maskBody(bytes: Buffer, part: MessagePart, forms: readonly string[]): Buffer {
  const charset = part.type.params.get("charset")?.toLowerCase() ?? "";
  const order = byteOrderOf(bytes) ?? (charset.startsWith("utf-16") ? utf16Of(charset) : undefined);
  if (order === undefined) return maskBytes(bytes, forms);
  const text = new TextDecoder(order, { ignoreBOM: true }).decode(bytes);
  const masked = maskText(text, forms);
  if (masked === text) return bytes;
  const little = Buffer.from(masked, "utf16le");
  return order === "utf-16le" ? little : little.swap16();
}

function utf16Of(charset: string): "utf-16le" | "utf-16be" {
  return charset === "utf-16be" ? "utf-16be" : "utf-16le";
}

/** Latin-1 maps each byte to one character and back, so that nothing else changes. */
function maskBytes(bytes: Buffer, forms: readonly string[]): Buffer {
  const text = bytes.toString("latin1");
  const masked = maskText(text, forms);
  return masked === text ? bytes : Buffer.from(masked, "latin1");
}

/* ---- the search afterwards ---- */

function leaks(tree: MessageTree, forms: readonly string[]): boolean {
  if (forms.length === 0) return false;
  const isIn = (text: string): boolean => forms.some((form) => text.includes(form));
  const latin1 = tree.bytes.toString("latin1");
  if (isIn(latin1) || isIn(decodeTransfer(tree.bytes, "quoted-printable").toString("latin1"))) return true;
  for (const block of base64Blocks(latin1)) {
    const bytes = decodeTransfer(tree.bytes.subarray(block.start, block.end), "base64");
    if (isIn(bytes.toString("latin1")) || isIn(bytes.toString("utf16le"))) return true;
  }
  for (const view of viewsOf(tree, () => true)) if (isIn(view) || isIn(decodeEscapes(view))) return true;
  return false;
}

function decodeEscapes(view: string): string {
  return view.includes("&") ? htmlToText(view) : view;
}

const BASE64_LINE_MIN = 8;
/** At the start of a line. */
const BASE64_LINE = new RegExp(`[A-Za-z0-9+/=]{${BASE64_LINE_MIN},}[ \\t]{0,3}\\r?(?:\\n|$)`, "uy");

/** Lines that could be base64, wherever they stand; neighbours are one block. */
function* base64Blocks(latin1: string): Generator<Place> {
  let start: number | undefined;
  let at = 0;
  while (at < latin1.length) {
    const found = latin1.indexOf("\n", at);
    const next = found < 0 ? latin1.length : found + 1;
    BASE64_LINE.lastIndex = at;
    const isIn = next - at >= BASE64_LINE_MIN && BASE64_LINE.test(latin1);
    if (isIn) start ??= at;
    else if (start !== undefined) {
      yield { start, end: at };
      start = undefined;
    }
    at = next;
  }
  if (start !== undefined) yield { start, end: latin1.length };
}

/** Headers that hold no password, and a sentence instead of the body. */
function withoutBody(tree: MessageTree, forms: readonly string[]): Buffer {
  const kept = tree.root.fields.filter((field) => {
    if (/^content-|^mime-version/u.test(field.name)) return false;
    const views = [
      tree.bytes.subarray(field.start, field.end).toString("latin1"),
      field.value,
      decodeWords(field.value),
    ];
    return !views.some((view) => hasPasswordPlace(view) || forms.some((form) => view.includes(form)));
  });
  const headers = kept.map((field) =>
    tree.bytes.subarray(field.start, field.end).toString("latin1").trimEnd(),
  );
  const body = "[The body of this message is not kept: a password in it could not be masked.]";
  return Buffer.from([...headers, "", body, ""].join("\r\n"), "latin1");
}
