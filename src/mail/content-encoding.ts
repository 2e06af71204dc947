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
    const byte = bytes[at] ?? 0;
    if (byte !== EQUALS) {
      out[length++] = byte;
      at += 1;
      continue;
    }
    const high = hexDigit(bytes[at + 1]);
    const low = hexDigit(bytes[at + 2]);
    if (high >= 0 && low >= 0) {
      out[length++] = high * 16 + low;
      at += 3;
      continue;
    }
    const after = softBreakEnd(bytes, at + 1);
    if (after === undefined) out[length++] = EQUALS;
    at = after ?? at + 1;
  }
  return out.subarray(0, length);
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

function encodeQuotedPrintable(bytes: Buffer): Buffer {
  const lines: string[] = [];
  for (const line of bytes.toString("latin1").split(/\r\n|\n/u)) {
    let encoded = "";
    for (let at = 0; at < line.length; at++) {
      if (encoded.length >= QUOTED_LINE) {
        lines.push(`${encoded}=`);
        encoded = "";
      }
      const unit = line.charCodeAt(at);
      const isLast = at === line.length - 1;
      const isPlain = (unit > SPACE && unit < 0x7f && unit !== EQUALS) || (unit === SPACE && !isLast);
      encoded += isPlain ? line.charAt(at) : `=${unit.toString(16).toUpperCase().padStart(2, "0")}`;
    }
    lines.push(encoded);
  }
  return Buffer.from(lines.join("\r\n"), "latin1");
}
