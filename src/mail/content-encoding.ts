/** Transfer encodings both ways (RFC 2045 6): bytes in, bytes out, in linear time. Knows nothing of parts or charsets. */

export type TransferEncoding = "identity" | "base64" | "quoted-printable";

/** What is not known is taken as it stands, as every mail reader does. */
export function toTransferEncoding(header: string | undefined): TransferEncoding {
  const name = header?.trim().toLowerCase();
  return name === "base64" || name === "quoted-printable" ? name : "identity";
}

export function decodeTransfer(bytes: Buffer, encoding: TransferEncoding): Buffer {
  if (encoding === "base64") return decodeBase64(bytes.toString("latin1"));
  if (encoding === "quoted-printable") return decodeQuotedPrintable(bytes);
  return bytes;
}

export function encodeTransfer(bytes: Buffer, encoding: TransferEncoding): Buffer {
  if (encoding === "base64") return Buffer.from(encodeBase64(bytes), "latin1");
  if (encoding === "quoted-printable") return encodeQuotedPrintable(bytes);
  return bytes;
}

/** Foreign characters are skipped; padding in the middle ends one run and begins the next, as when two encoded texts were glued together. */
export function decodeBase64(text: string): Buffer {
  if (/^[A-Za-z0-9+/\r\n]*={0,2}\s*$/u.test(text)) return Buffer.from(text, "base64");
  const runs = text
    .replace(/[^A-Za-z0-9+/=]+/gu, "")
    .split(/=+/u)
    .filter((run) => run !== "");
  return runs.length === 1
    ? Buffer.from(runs[0] ?? "", "base64")
    : Buffer.concat(runs.map((run) => Buffer.from(run, "base64")));
}

const BASE64_LINE = 76;

function encodeBase64(bytes: Buffer): string {
  const text = bytes.toString("base64");
  const lines: string[] = [];
  for (let at = 0; at < text.length; at += BASE64_LINE) lines.push(text.slice(at, at + BASE64_LINE));
  return `${lines.join("\r\n")}\r\n`;
}

const EQUALS = 0x3d;
const CR = 0x0d;
const LF = 0x0a;
const SPACE = 0x20;
const TAB = 0x09;

/** An `=` that begins no escape and no soft break is kept: it is a letter of a sender who does not encode. */
function decodeQuotedPrintable(bytes: Buffer): Buffer {
  const out = Buffer.allocUnsafe(bytes.length);
  let length = 0;
  for (let at = 0; at < bytes.length;) {
    const found = bytes.indexOf(EQUALS, at);
    const next = found < 0 ? bytes.length : found;
    length += copyRun(bytes, out, length, { start: at, end: next });
    if (found < 0) break;
    const high = hexDigit(bytes[next + 1]);
    const low = hexDigit(bytes[next + 2]);
    if (high >= 0 && low >= 0) {
      out[length++] = high * 16 + low;
      at = next + 3;
      continue;
    }
    const after = softBreakEnd(bytes, next + 1);
    if (after === undefined) out[length++] = EQUALS;
    at = after ?? next + 1;
  }
  return out.subarray(0, length);
}

/** From so many bytes on a call costs less than the loop. */
const RUN_BYTES_MIN = 48;

function copyRun(
  from: Buffer,
  to: Buffer,
  at: number,
  { start, end }: { readonly start: number; readonly end: number },
): number {
  if (end - start >= RUN_BYTES_MIN) return from.copy(to, at, start, end);
  for (let i = start; i < end; i++) to[at + i - start] = from[i] ?? 0;
  return end - start;
}

/** Blanks that a relay added, at most this many: else a run of them would be walked again from every `=`. */
const SOFT_BREAK_BLANKS_MAX = 80;

function softBreakEnd(bytes: Buffer, from: number): number | undefined {
  let at = from;
  while (at - from < SOFT_BREAK_BLANKS_MAX && (bytes[at] === SPACE || bytes[at] === TAB)) at += 1;
  if (bytes[at] === LF) return at + 1;
  if (bytes[at] === CR) return bytes[at + 1] === LF ? at + 2 : at + 1;
  return at >= bytes.length ? at : undefined;
}

function hexDigit(byte: number | undefined): number {
  if (byte === undefined) return -1;
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

const QUOTED_LINE = 72;
/** `=0A`. */
const ESCAPE_BYTES = 3;
const HEX = Buffer.from("0123456789ABCDEF", "latin1");

/** Byte by byte into one buffer: a string that grows by a letter costs ten times as much. */
function encodeQuotedPrintable(bytes: Buffer): Buffer {
  const encoded = bytes.length * ESCAPE_BYTES;
  const softBreaks = Math.ceil(encoded / (QUOTED_LINE - ESCAPE_BYTES)) * ESCAPE_BYTES;
  const out = Buffer.allocUnsafe(encoded + softBreaks + ESCAPE_BYTES);
  let length = 0;
  let lineStart = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    const lineEnd = byte === LF ? 1 : byte === CR && bytes[at + 1] === LF ? 2 : 0;
    if (lineEnd > 0) {
      out[length++] = CR;
      out[length++] = LF;
      lineStart = length;
      at += lineEnd - 1;
      continue;
    }
    if (length - lineStart >= QUOTED_LINE) {
      out[length++] = EQUALS;
      out[length++] = CR;
      out[length++] = LF;
      lineStart = length;
    }
    if ((byte > SPACE && byte < 0x7f && byte !== EQUALS) || (byte === SPACE && !endsLine(bytes, at + 1))) {
      out[length++] = byte;
    } else {
      out[length++] = EQUALS;
      out[length++] = HEX[byte >> 4] ?? 0;
      out[length++] = HEX[byte & 15] ?? 0;
    }
  }
  // A copy: what was set aside for the worst case is several times as much.
  return Buffer.from(out.subarray(0, length));
}

function endsLine(bytes: Buffer, at: number): boolean {
  return at >= bytes.length || bytes[at] === LF || (bytes[at] === CR && bytes[at + 1] === LF);
}
