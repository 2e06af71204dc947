/**
 * Where texts end: quotes, escapes and `{...}` in their lexical form (language.md 1). Knows nothing of tokens or meaning.
 *
 *   "Open {ticket.udf."Site code"} now"     the quotes inside a complete hole do not end the text
 *         ^ hole                    ^
 */
import { declarationWords } from "./tokens.ts";

const QUOTE = 34;
const BACKSLASH = 92;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;

const letter = /[\p{L}_]/uy;
const wordPart = /[\p{L}\p{M}\p{N}_]+/uy;

export function wordEnd(text: string, from: number): number {
  // Words of ASCII are by far the most: to ask the pattern costs ten times as much.
  let at = from;
  while (isAsciiWordPart(text.charCodeAt(at))) at++;
  if (!(text.charCodeAt(at) > 127)) return at;
  wordPart.lastIndex = from;
  return wordPart.test(text) ? wordPart.lastIndex : from;
}

export function isAsciiWordPart(unit: number): boolean {
  return (
    (unit >= 97 && unit <= 122) || (unit >= 65 && unit <= 90) || (unit >= 48 && unit <= 57) || unit === 95
  );
}

export function isLetterAt(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  if (unit < 128) return (unit >= 97 && unit <= 122) || (unit >= 65 && unit <= 90) || unit === 95;
  letter.lastIndex = at;
  return letter.test(text);
}

export function isLineBreak(unit: number): boolean {
  return unit === 10 || unit === 13;
}

/** The offset of the line break at or after `from`, or the end of the text. */
export function lineEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && !isLineBreak(text.charCodeAt(at))) at++;
  return at;
}

/**
 * The offset behind the `}` of the hole that opens at `open`, or -1 when it is not complete before `limit` or its line's end.
 * A quote inside counts only where a path or a fallback may have one (after `.` or a blank), so that in
 * `"{ticket.number", "x}"` the first quote still ends the text.
 */
export function holeEnd(text: string, open: number, limit: number): number {
  let at = open + 1;
  while (at < limit) {
    const unit = text.charCodeAt(at);
    if (unit === CLOSE_BRACE) return at + 1;
    if (unit === OPEN_BRACE || isLineBreak(unit)) return -1;
    if (unit === QUOTE) {
      const before = text.charCodeAt(at - 1);
      if (before !== 46 && before !== 32 && before !== 9 && before !== 160) return -1;
      at = plainQuoteEnd(text, at + 1, limit);
      if (at < 0) return -1;
    } else at++;
  }
  return -1;
}

/** The end of a text without holes, as it stands inside a hole. */
function plainQuoteEnd(text: string, from: number, limit: number): number {
  for (let at = from; at < limit; at++) {
    const unit = text.charCodeAt(at);
    if (unit === QUOTE) return at + 1;
    if (isLineBreak(unit)) return -1;
    if (unit === BACKSLASH) at++;
  }
  return -1;
}

/** The offset behind the closing quote of the `"..."` that opens at `open`, or -1 when its line ends first. */
export function plainTextEnd(text: string, open: number): number {
  return scanFor(text, open + 1, (at) => text.charCodeAt(at) === QUOTE, 1, true);
}

/** The offset behind the closing `"""`, or -1. */
export function blockTextEnd(text: string, open: number): number {
  return scanFor(text, open + 3, (at) => text.startsWith('"""', at), 3, false);
}

function scanFor(
  text: string,
  from: number,
  isEnd: (at: number) => boolean,
  width: number,
  oneLine: boolean,
): number {
  let at = from;
  while (at < text.length) {
    const unit = text.charCodeAt(at);
    if (unit === QUOTE && isEnd(at)) return at + width;
    if (oneLine && isLineBreak(unit)) return -1;
    if (unit === BACKSLASH && !isLineBreak(text.charCodeAt(at + 1))) at += 2;
    else if (unit === OPEN_BRACE && isLetterAt(text, at + 1)) {
      const end = holeEnd(text, at, text.length);
      at = end < 0 ? at + 1 : end;
    } else at++;
  }
  return -1;
}

const named = declarationWords.filter((word) => !["values", "udf", "inactive"].includes(word)).join("|");
const resumeLine = new RegExp(
  String.raw`^[ \t]*(?:end[ \t]*(?:#.*)?$|(?:${named})[ \t]+"|(?:list|lookup|define)[ \t]+[\p{L}_]+[ \t]*(?:=|as\b|$|#)|` +
    String.raw`values[ \t]+\w+\.|inactive[ \t]+(?:rule|callout|mailbox)\b|udf[ \t]+(?:ticket|organization|device)\b)`,
  "imu",
);

/** Where reading goes on after a text block that was never closed: the next line that begins with `end` or a declaration. */
export function resumeAfterBlock(text: string, open: number, limit: number): number {
  const from = lineEnd(text, open);
  const rest = text.slice(from, limit);
  const found = resumeLine.exec(rest);
  return found === null ? limit : from + found.index;
}
