/**
 * The tree of a message over its own bytes: parts are places in the buffer, so that reading and masking see the very same parts.
 *
 *   message ── multipart/mixed ─┬─ multipart/alternative ─┬─ text/plain   [bodyStart, bodyEnd)
 *                               │                         └─ text/html
 *                               └─ message/rfc822 ── message ── ...        (embedded: not encoded)
 *
 * Own instead of mailparser's splitter: that one gives decoded text and no places, so a password could not be masked in the part where it
 * stands, and bytes under a wrong charset label are lost before one can look. mailparser is the oracle of the tests.
 * Bounded in number and depth; linear in the bytes times the depth. Knows nothing of what a mail is for.
 */
import { MAIL_DEPTH_MAX, MAIL_PARTS_MAX } from "../domain/index.ts";
import { decodeTransfer, toTransferEncoding, type TransferEncoding } from "./content-encoding.ts";
import { readHeaderBlock, readStructured, type HeaderField, type StructuredValue } from "./header-fields.ts";

export interface MessagePart {
  readonly fields: readonly HeaderField[];
  /** Where its header block begins. */
  readonly start: number;
  readonly bodyStart: number;
  readonly bodyEnd: number;
  readonly type: StructuredValue;
  readonly disposition: StructuredValue;
  readonly encoding: TransferEncoding;
  /** Of a multipart; of `message/rfc822` the message in it. */
  readonly children: readonly MessagePart[];
}

export interface MessageTree {
  readonly bytes: Buffer;
  /** Bodies that were decoded once: masking looks at each several times. */
  readonly decoded: Map<MessagePart, Buffer>;
  readonly root: MessagePart;
  readonly warnings: readonly string[];
}

interface Walk {
  readonly bytes: Buffer;
  readonly warnings: Set<string>;
  parts: number;
}

export function readMessageTree(raw: Uint8Array): MessageTree {
  const bytes = Buffer.from(raw.buffer, raw.byteOffset, raw.length);
  const walk: Walk = { bytes, warnings: new Set(), parts: 0 };
  const root = readPart(walk, 0, bytes.length, 0, "text/plain");
  return { bytes, decoded: new Map(), root, warnings: [...walk.warnings] };
}

export function bodyOf(tree: MessageTree, part: MessagePart): Buffer {
  const encoded = tree.bytes.subarray(part.bodyStart, part.bodyEnd);
  if (part.encoding === "identity") return encoded;
  const body = tree.decoded.get(part) ?? decodeTransfer(encoded, part.encoding);
  tree.decoded.set(part, body);
  return body;
}

export function firstField(part: MessagePart, name: string): string | undefined {
  return part.fields.find((field) => field.name === name)?.value;
}

export function* leavesOf(part: MessagePart): Generator<MessagePart> {
  if (part.children.length === 0) yield part;
  for (const child of part.children) yield* leavesOf(child);
}

function readPart(walk: Walk, start: number, end: number, depth: number, typeByDefault: string): MessagePart {
  walk.parts += 1;
  const block = readHeaderBlock(walk.bytes, start, end);
  for (const warning of block.warnings) walk.warnings.add(warning);
  const field = (name: string): string | undefined => block.fields.find((it) => it.name === name)?.value;
  const type = readStructured(field("content-type") ?? typeByDefault);
  const part = {
    fields: block.fields,
    start,
    bodyStart: block.bodyStart,
    bodyEnd: end,
    type: type.value.includes("/") ? type : { value: typeByDefault, params: type.params },
    disposition: readStructured(field("content-disposition") ?? ""),
    /* A multipart has no encoding of its own; senders say one all the same. */
    encoding: type.value.startsWith("multipart/")
      ? ("identity" as const)
      : toTransferEncoding(field("content-transfer-encoding")),
  };
  return { ...part, children: childrenOf(walk, part, depth) };
}

function childrenOf(walk: Walk, part: Omit<MessagePart, "children">, depth: number): readonly MessagePart[] {
  const isMultipart = part.type.value.startsWith("multipart/");
  const isMessage = part.type.value === "message/rfc822" || part.type.value === "message/global";
  if ((!isMultipart && !isMessage) || part.encoding !== "identity") return [];
  if (depth >= MAIL_DEPTH_MAX) {
    walk.warnings.add(`parts lie more than ${MAIL_DEPTH_MAX} deep: what is below is not read`);
    return [];
  }
  if (isMessage) {
    return isFull(walk) ? [] : [readPart(walk, part.bodyStart, part.bodyEnd, depth + 1, "text/plain")];
  }
  const boundary = part.type.params.get("boundary")?.trimEnd() ?? "";
  if (boundary === "") {
    walk.warnings.add("a multipart says no boundary and is taken as text");
    return [];
  }
  const childType = part.type.value === "multipart/digest" ? "message/rfc822" : "text/plain";
  const children: MessagePart[] = [];
  for (const [from, to] of placesBetween(walk.bytes, part.bodyStart, part.bodyEnd, boundary)) {
    if (isFull(walk)) break;
    children.push(readPart(walk, from, to, depth + 1, childType));
  }
  return children;
}

function isFull(walk: Walk): boolean {
  if (walk.parts < MAIL_PARTS_MAX) return false;
  walk.warnings.add(`there are more than ${MAIL_PARTS_MAX} parts: the others are not read`);
  return true;
}

/** What stands between delimiter lines. Without the closing one the last part reaches to the end, as after a cut message. */
function* placesBetween(
  bytes: Buffer,
  start: number,
  end: number,
  boundary: string,
): Generator<readonly [number, number]> {
  const delimiter = Buffer.from(`--${boundary}`, "utf8");
  let partStart: number | undefined;
  let at = start;
  while (at < end) {
    const found = bytes.indexOf(delimiter, at);
    if (found < 0 || found + delimiter.length > end) break;
    at = found + delimiter.length;
    const isAtLineStart = found === start || bytes[found - 1] === 0x0a;
    const line = isAtLineStart ? restOfDelimiter(bytes, at, end) : undefined;
    if (line === undefined) continue;
    if (partStart !== undefined) yield [partStart, withoutLineEnd(bytes, partStart, found)];
    partStart = line.end;
    if (line.isClosing) return;
    at = line.end;
  }
  if (partStart !== undefined) yield [partStart, end];
}

const DELIMITER_PADDING_MAX = 200;

function restOfDelimiter(
  bytes: Buffer,
  from: number,
  end: number,
): { readonly end: number; readonly isClosing: boolean } | undefined {
  const isClosing = bytes[from] === 0x2d && bytes[from + 1] === 0x2d;
  let at = isClosing ? from + 2 : from;
  const last = Math.min(end, at + DELIMITER_PADDING_MAX);
  while (at < last && (bytes[at] === 0x20 || bytes[at] === 0x09 || bytes[at] === 0x0d)) at += 1;
  if (at >= end) return { end, isClosing };
  return bytes[at] === 0x0a ? { end: at + 1, isClosing } : undefined;
}

function withoutLineEnd(bytes: Buffer, start: number, found: number): number {
  let end = found;
  if (end > start && bytes[end - 1] === 0x0a) end -= 1;
  if (end > start && bytes[end - 1] === 0x0d) end -= 1;
  return end;
}
