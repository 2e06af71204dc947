/**
 * The header block of a message or of a part: where fields begin and end, unfolded values, encoded words (RFC 2047), parameters
 * (RFC 2231). Bounded in number and length. Knows nothing of what a field means.
 */
import { MAIL_HEADER_BYTES_MAX, MAIL_HEADERS_MAX } from "../domain/index.ts";
import { decodeBase64 } from "./content-encoding.ts";
import { cleanText, decodeText, decodeUnlabelled } from "./decode-text.ts";

export interface HeaderField {
  /** Lower case. */
  readonly name: string;
  /** Unfolded, not decoded; cut at MAIL_HEADER_BYTES_MAX. */
  readonly value: string;
  /** Of the whole field in the buffer, its line end included. */
  readonly start: number;
  readonly end: number;
}

export interface HeaderBlock {
  readonly fields: readonly HeaderField[];
  /** Where the body begins. */
  readonly bodyStart: number;
  readonly warnings: readonly string[];
}

const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const TAB = 0x09;
const COLON = 0x3a;
/** A name longer than this is none. */
const NAME_BYTES_MAX = 200;

/** A line that can be no field ends the block, and the body begins with it: what a sender wrote without headers is not lost. */
export function readHeaderBlock(bytes: Buffer, start: number, end: number): HeaderBlock {
  const fields: HeaderField[] = [];
  const warnings = new Set<string>();
  let at = start;
  while (at < end) {
    const lineEnd = lineEndOf(bytes, at, end);
    if (isEmptyLine(bytes, at, lineEnd)) return { fields, bodyStart: lineEnd, warnings: [...warnings] };
    const name = fieldName(bytes, at, lineEnd);
    if (name === undefined && !(at === start && isEnvelopeLine(bytes, at))) {
      if (at !== start || fields.length > 0) warnings.add("the headers end without an empty line");
      return { fields, bodyStart: at, warnings: [...warnings] };
    }
    const fieldEnd = foldedEnd(bytes, lineEnd, end);
    if (name !== undefined && fields.length < MAIL_HEADERS_MAX) {
      const valueStart = at + name.length + 1;
      const valueEnd = Math.min(fieldEnd, valueStart + MAIL_HEADER_BYTES_MAX);
      if (valueEnd < fieldEnd) warnings.add("a header field was too long and is cut");
      fields.push({
        name: name.trim().toLowerCase(),
        value: unfold(bytes.subarray(valueStart, valueEnd)),
        start: at,
        end: fieldEnd,
      });
    } else if (name !== undefined) warnings.add("there are too many header fields");
    at = fieldEnd;
  }
  return { fields, bodyStart: end, warnings: [...warnings] };
}

function lineEndOf(bytes: Buffer, at: number, end: number): number {
  const found = bytes.indexOf(LF, at);
  return found < 0 || found >= end ? end : found + 1;
}

function isEmptyLine(bytes: Buffer, at: number, lineEnd: number): boolean {
  return (
    lineEnd - at <= 2 &&
    (bytes[at] === LF || (bytes[at] === CR && (lineEnd - at === 1 || bytes[at + 1] === LF)))
  );
}

function foldedEnd(bytes: Buffer, from: number, end: number): number {
  let at = from;
  while (at < end && (bytes[at] === SPACE || bytes[at] === TAB)) {
    const next = lineEndOf(bytes, at, end);
    if (isBlank(bytes, at, next)) break;
    at = next;
  }
  return at;
}

/** A line of blanks only is taken for the empty line that a relay spoiled. */
function isBlank(bytes: Buffer, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    const byte = bytes[at];
    if (byte !== SPACE && byte !== TAB && byte !== CR && byte !== LF) return false;
  }
  return true;
}

/** `From alice Mon Nov 16 ...`, which mailbox files put above a message. */
function isEnvelopeLine(bytes: Buffer, at: number): boolean {
  return bytes.subarray(at, at + 5).toString("latin1") === "From ";
}

function fieldName(bytes: Buffer, at: number, lineEnd: number): string | undefined {
  const colon = bytes.subarray(at, Math.min(lineEnd, at + NAME_BYTES_MAX)).indexOf(COLON);
  if (colon < 1) return undefined;
  const name = bytes.subarray(at, at + colon).toString("latin1");
  return /^[\x21-\x39\x3b-\x7e]+[ \t]*$/u.test(name) ? name : undefined;
}

function unfold(bytes: Buffer): string {
  const text = cleanText(decodeUnlabelled(bytes)).trim();
  return text.includes("\n") ? text.replace(/\n[ \t]*/gu, " ") : text;
}

/* ---- encoded words ---- */

const ENCODED_WORD = /=\?([\w.:+-]{1,60})(?:\*[\w-]{0,20})?\?([bq])\?([^?\n]*)\?=/giu;

/** Words that stand beside one another are one text: a letter may have been cut in two. What is no encoded word stays as it is. */
export function decodeWords(value: string): string {
  if (!value.includes("=?")) return value;
  let out = "";
  let after = 0;
  let pending: { charset: string; bytes: Buffer[] } | undefined;
  const flush = (): void => {
    if (pending === undefined) return;
    out += cleanText(decodeText(Buffer.concat(pending.bytes), pending.charset).text).replaceAll("\n", " ");
    pending = undefined;
  };
  for (const match of value.matchAll(ENCODED_WORD)) {
    const [whole, charset = "", kind = "", content = ""] = match;
    const between = value.slice(after, match.index);
    if (pending === undefined || between.trim() !== "") {
      flush();
      out += between;
    }
    const bytes = kind.toLowerCase() === "b" ? decodeBase64(content) : decodeQ(content);
    if (pending !== undefined && pending.charset === charset.toLowerCase()) pending.bytes.push(bytes);
    else {
      flush();
      pending = { charset: charset.toLowerCase(), bytes: [bytes] };
    }
    after = match.index + whole.length;
  }
  flush();
  return out + value.slice(after);
}

function decodeQ(content: string): Buffer {
  const text = content
    .replaceAll("_", " ")
    .replace(/=([\da-f]{2})/giu, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(text, /[^\u0000-\u00ff]/u.test(text) ? "utf8" : "latin1");
}

/* ---- values with parameters ---- */

export interface StructuredValue {
  /** Lower case. */
  readonly value: string;
  readonly params: ReadonlyMap<string, string>;
}

const PARAMETERS_MAX = 100;

/** `text/plain; charset=utf-8; name*0*=utf-8''a%20; name*1=b`. */
export function readStructured(text: string): StructuredValue {
  const parts = splitOutsideQuotes(text, ";").slice(0, PARAMETERS_MAX);
  const pieces = new Map<string, { at: number; isEncoded: boolean; text: string }[]>();
  for (const part of parts.slice(1)) {
    const equals = part.indexOf("=");
    if (equals < 1) continue;
    const [, name = "", at, star] =
      /^([^*]+)(?:\*(\d{1,3}))?(\*)?$/u.exec(part.slice(0, equals).trim().toLowerCase()) ?? [];
    if (name === "") continue;
    const list = pieces.get(name) ?? [];
    list.push({ at: Number(at ?? 0), isEncoded: star === "*", text: unquote(part.slice(equals + 1).trim()) });
    pieces.set(name, list);
  }
  return {
    value: (parts[0] ?? "").trim().toLowerCase(),
    params: new Map([...pieces].map(([name, list]) => [name, joinPieces(list)])),
  };
}

function joinPieces(list: readonly { at: number; isEncoded: boolean; text: string }[]): string {
  const sorted = list.toSorted((a, b) => a.at - b.at);
  const encoded = sorted.filter((piece) => piece.isEncoded);
  if (encoded.length === 0)
    return decodeWords(
      sorted.length > 1 && sorted.every((piece) => piece.at === 0)
        ? (sorted[0]?.text ?? "")
        : sorted.map((piece) => piece.text).join(""),
    );
  const [, charset = "utf-8"] = /^([\w.:+-]*)'[^']*'/u.exec(encoded[0]?.text ?? "") ?? [];
  const bytes = sorted.map((piece, index) => {
    const text = index === 0 ? piece.text.replace(/^[\w.:+-]*'[^']*'/u, "") : piece.text;
    const raw = piece.isEncoded
      ? text.replace(/%([\da-f]{2})/giu, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
      : text;
    return Buffer.from(raw, "latin1");
  });
  return cleanText(decodeText(Buffer.concat(bytes), charset).text);
}

export function splitOutsideQuotes(text: string, separator: string): readonly string[] {
  const parts: string[] = [];
  let from = 0;
  let isQuoted = false;
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === "\\" && isQuoted) at += 1;
    else if (character === '"') isQuoted = !isQuoted;
    else if (character === separator && !isQuoted) {
      parts.push(text.slice(from, at));
      from = at + 1;
    }
  }
  return [...parts, text.slice(from)];
}

function unquote(text: string): string {
  if (!text.startsWith('"')) return text;
  const end = text.endsWith('"') && text.length > 1 ? -1 : undefined;
  return text.slice(1, end).replace(/\\(.)/gu, "$1");
}
