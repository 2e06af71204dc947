/**
 * Bytes to text by the charset that was said, or by the one that it must have been: a wrong label must not cost the words.
 * Knows nothing of parts.
 */
import { isAscii as isAsciiOnly, isUtf8 } from "node:buffer";

export interface DecodedText {
  readonly text: string;
  /** Told when the label was wrong or unknown. */
  readonly warning: string | undefined;
}

/** Labels seen in mail that the Encoding Standard does not list. */
const ALIASES: ReadonlyMap<string, string> = new Map([
  ["cp1252", "windows-1252"],
  ["cp-1252", "windows-1252"],
  ["ansi", "windows-1252"],
  ["win1252", "windows-1252"],
  ["cp1250", "windows-1250"],
  ["cp1251", "windows-1251"],
  ["cp932", "shift_jis"],
  ["cp936", "gb18030"],
  ["cp949", "euc-kr"],
  ["cp950", "big5"],
  ["iso8859-1", "windows-1252"],
  ["utf8mb4", "utf-8"],
  ["utf-8mb4", "utf-8"],
  ["utf", "utf-8"],
  ["ks_c_5601-1987", "euc-kr"],
  ["gb18030-2000", "gb18030"],
  ["iso-2022-jp-ms", "iso-2022-jp"],
  ["x-sjis", "shift_jis"],
]);

const MULTI_BYTE = /^(?:gb|big5|euc|shift|iso-2022|utf-16)/u;
/** Charsets in which every byte above 127 is a letter of its own: valid UTF-8 under such a label is UTF-8. */
const SINGLE_BYTE = /^(?:windows|iso-8859|koi8|macintosh|x-mac|ibm866)/u;

export function decodeText(bytes: Uint8Array, declared: string | undefined): DecodedText {
  const label = normalLabel(declared);
  const name = label === undefined ? "utf-8" : nameOf(label);
  if (name === undefined) return readAnyway(bytes, `the charset ${printable(label)} is not known`);
  if (name === "utf-8") return readAnyway(bytes, `said to be ${printable(label ?? "utf-8")} and is not`);
  if (isAscii(bytes) && !MULTI_BYTE.test(name)) return { text: latin1(bytes), warning: undefined };
  if (SINGLE_BYTE.test(name)) {
    const utf8 = decodeStrictly(bytes, "utf-8");
    if (utf8 !== undefined) return { text: utf8, warning: `said to be ${name} and is utf-8` };
    return { text: new TextDecoder(name).decode(bytes), warning: undefined };
  }
  const strict = decodeStrictly(bytes, name);
  if (strict !== undefined) return { text: strict, warning: undefined };
  const utf8 = decodeStrictly(bytes, "utf-8");
  if (utf8 !== undefined) return { text: utf8, warning: `said to be ${name} and is utf-8` };
  return { text: new TextDecoder(name).decode(bytes), warning: `some bytes are not ${name}` };
}

/** For headers, which say no charset. */
export function decodeUnlabelled(bytes: Uint8Array): string {
  return readAnyway(bytes, "").text;
}

/** Only what a text may hold: no control characters, no half of a surrogate pair, one kind of line end. */
export function cleanText(text: string): string {
  const lines = withOneLineEnd(text.toWellFormed());
  return CONTROLS_ONCE.test(lines) ? lines.replace(CONTROLS, "\ufffd") : lines;
}

const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/gu;
const CONTROLS_ONCE = new RegExp(CONTROLS.source, "u");

/** By fixed texts, which are found many times faster than a pattern. */
function withOneLineEnd(text: string): string {
  if (!text.includes("\r")) return text;
  const lines = text.replaceAll("\r\n", "\n");
  return lines.includes("\r") ? lines.replaceAll("\r", "\n") : lines;
}

function readAnyway(bytes: Uint8Array, why: string): DecodedText {
  if (isAsciiOnly(bytes)) return { text: latin1(bytes), warning: undefined };
  const utf16 = byteOrderOf(bytes);
  if (utf16 !== undefined) return { text: new TextDecoder(utf16).decode(bytes), warning: undefined };
  const utf8 = decodeStrictly(bytes, "utf-8");
  if (utf8 !== undefined) return { text: utf8, warning: undefined };
  return { text: new TextDecoder("windows-1252").decode(bytes), warning: `${why}: read as windows-1252` };
}

function normalLabel(declared: string | undefined): string | undefined {
  const label = declared
    ?.trim()
    .toLowerCase()
    .replace(/^["']|["']$/gu, "");
  if (label === undefined || label === "") return undefined;
  return label === "us-ascii" || label === "ascii" || label === "ansi_x3.4-1968" || label === "unknown-8bit"
    ? undefined
    : (ALIASES.get(label) ?? label);
}

function nameOf(label: string): string | undefined {
  try {
    return new TextDecoder(label).encoding;
  } catch {
    return undefined;
  }
}

function decodeStrictly(bytes: Uint8Array, name: string): string | undefined {
  if (name === "utf-8" && !isUtf8(bytes)) return undefined;
  try {
    return new TextDecoder(name, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

export function byteOrderOf(bytes: Uint8Array): "utf-16le" | "utf-16be" | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  return bytes[0] === 0xfe && bytes[1] === 0xff ? "utf-16be" : undefined;
}

/** ESC begins the shifts of iso-2022. */
function isAscii(bytes: Uint8Array): boolean {
  return isAsciiOnly(bytes) && !bytes.includes(0x1b);
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
}

function printable(label: string | undefined): string {
  return (label ?? "").replace(/[^\w.:+-]/gu, "?").slice(0, 40);
}
