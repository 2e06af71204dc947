/**
 * Where a token's password stands in a text, whole token or not: straight, typographic and escaped quotes, escaped brackets, as text, unclosed.
 * Wider than the reader of tokens on purpose: what only looks like a password is masked too. Knows nothing of parts.
 */
import { PASSWORD_MASKED_CHARACTERS_MIN, PASSWORD_PLACES_MAX } from "../domain/index.ts";
import { decodeHtmlEntities, decodeXmlEntities } from "./entities.ts";

export const MASK = "***";

export interface PasswordPlace {
  readonly start: number;
  readonly end: number;
  readonly value: string;
}

const OPENING = /(?:<|&lt;?|&#0{0,5}60;?|&#x0{0,5}3c;?)[ \t]{0,9}PW(?![\w])/giu;
/** Straight, escaped, typographic; and typographic ones in UTF-8 or windows-1252 whose bytes are read as Latin-1. */
const QUOTE =
  "(?:\"|'|&quot;?|&apos;?|&#0{0,5}(?:34|39);?|&#x0{0,5}2[27];?|&[lrb]dquo;?|&[lrs]s?b?quo;?|&#(?:8216|8217|8218|8220|8221|8222);?|[\u2018-\u201f\u2032\u2033\u00ab\u00bb]|\u00e2\u0080[\u0098-\u009f\u00b2\u00b3]|[\u0082\u0084\u0091-\u0094])";
const ATTRIBUTE = new RegExp(`[\\s/]{0,50}(?:[\\w:.-]{1,60}\\s{0,9})?=\\s{0,9}(?:3D)?(${QUOTE})`, "iuy");
const ANY_QUOTE = new RegExp(QUOTE, "giu");
const BRACKET = /<|&lt;/giu;
/** A password and its tag are not longer. */
const PLACE_CHARACTERS_MAX = 4096;

export function hasPasswordPlace(text: string): boolean {
  OPENING.lastIndex = 0;
  return OPENING.test(text);
}

/** At most PASSWORD_PLACES_MAX and a few: what has as many holds nothing that anybody reads. */
export function passwordPlaces(text: string): readonly PasswordPlace[] {
  const places: PasswordPlace[] = [];
  let behind = 0;
  for (const match of text.matchAll(OPENING)) {
    if (places.length > PASSWORD_PLACES_MAX) break;
    if (match.index < behind) continue;
    const found = [...placesAfter(text, match.index + match[0].length)];
    behind = found.at(-1)?.end ?? behind;
    places.push(...found);
  }
  return places;
}

function* placesAfter(text: string, from: number): Generator<PasswordPlace> {
  const limit = Math.min(text.length, from + PLACE_CHARACTERS_MAX);
  let at = from;
  for (;;) {
    ATTRIBUTE.lastIndex = at;
    const opener = ATTRIBUTE.exec(text);
    if (opener === null || ATTRIBUTE.lastIndex >= limit) break;
    const start = ATTRIBUTE.lastIndex;
    const end = closingQuote(text, start, opener[1] ?? "", limit);
    if (end === undefined) {
      yield place(text, start, bracketOrLimit(text, start, limit));
      return;
    }
    yield place(text, start, end.start);
    at = end.end;
  }
  const rest = bracketOrLimit(text, at, limit);
  const content = /^\s{0,50}(?:\/\s{0,9})?(?:>|&gt;)?/u.exec(text.slice(at, rest))?.[0].length ?? 0;
  if (text.slice(at, at + content).includes("/") || text.slice(at + content, rest).trim() === "") return;
  if (at === from || /[>;]$/u.test(text.slice(at, at + content))) yield place(text, at + content, rest);
}

function place(text: string, start: number, end: number): PasswordPlace {
  return { start, end, value: text.slice(start, end) };
}

/** A straight quote, escaped or not, ends at its like; a typographic one at any. */
function closingQuote(
  text: string,
  from: number,
  opener: string,
  limit: number,
): { readonly start: number; readonly end: number } | undefined {
  ANY_QUOTE.lastIndex = from;
  for (
    let match = ANY_QUOTE.exec(text);
    match !== null && match.index < limit;
    match = ANY_QUOTE.exec(text)
  ) {
    const isStraight = opener === '"' || opener === "'";
    if (!isStraight || match[0] === opener) return { start: match.index, end: match.index + match[0].length };
  }
  return undefined;
}

function bracketOrLimit(text: string, from: number, limit: number): number {
  BRACKET.lastIndex = from;
  return Math.min(BRACKET.exec(text)?.index ?? limit, limit);
}

/** How a password may stand elsewhere: as written, with its references decoded, without line breaks, as UTF-8 read as Latin-1. */
export function passwordForms(value: string): readonly string[] {
  const unwrapped = value.replace(/[ \t]*=?[\r\n]+[\s>]*/gu, "");
  const decoded = [value, unwrapped, unwrapped.trim()].flatMap((it) => [
    it,
    decodeXmlEntities(it),
    decodeHtmlEntities(it),
  ]);
  const forms = decoded.flatMap((it) => [it, Buffer.from(it, "utf8").toString("latin1")]);
  return [...new Set(forms)]
    .filter((form) => form.length >= PASSWORD_MASKED_CHARACTERS_MIN && form !== MASK)
    .toSorted((a, b) => b.length - a.length);
}

/** Its length is hidden too. */
export function maskText(text: string, forms: readonly string[]): string {
  let out = "";
  let at = 0;
  for (const { start, end } of passwordPlaces(text)) {
    out += text.slice(at, start) + MASK;
    at = end;
  }
  out += text.slice(at);
  for (const form of forms) out = out.replaceAll(form, MASK);
  return out;
}
