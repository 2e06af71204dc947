/** Changes a text as people, editors and bad lines do: bytes, characters, words, lines, declarations. */
import { declarationWords, reservedWords, wordTypes } from "../grammar/tokens.ts";
import type { Random } from "./random.ts";

const words = [...reservedWords, ...wordTypes.keys(), ...declarationWords];
const signs = [
  '"',
  '"""',
  "'",
  "{",
  "}",
  "[",
  "]",
  "(",
  ")",
  ",",
  ".",
  "=",
  "==",
  "->",
  "<",
  "<=",
  ":",
  "#",
  "##",
  "\\",
  "*",
  "&&",
  "||",
  "!=",
  "|",
  ";",
  "//",
  "/*",
  "<!--",
];
const characters = [
  "\n",
  "\r\n",
  "\r",
  "\t",
  "\u00a0",
  "\u2028",
  "\ufeff",
  "\u0000",
  "\u0007",
  "\ud800",
  "\udc00",
  "“",
  "”",
  "‘",
  "’",
  "–",
  "…",
  "ß",
  "İ",
  "ﬁ",
  "e\u0301",
  "👩‍👩‍👧",
  "\u202e",
];
const literals = [
  "5",
  "3,5",
  "5m",
  "8am",
  "25:00",
  "2026-13-01",
  "1e9",
  "0x10",
  "99999999999999999999",
  "-",
  "4xx",
  "8:00",
  "5 minutes",
  '"{a.b or "c"}"',
  '"""\n x\n"""',
];

const CHANGES_MAX = 4;
const REMOVED_MAX = 40;
const REPEATED_MAX = 200;

/** Changes a text up to `CHANGES_MAX` times; pieces are taken from `others` too. */
export function mutate(text: string, others: readonly string[], random: Random): string {
  let now = text;
  for (let left = 1 + random.below(CHANGES_MAX); left > 0; left--) now = change(now, others, random);
  return now;
}

function change(text: string, others: readonly string[], random: Random): string {
  const at = random.below(text.length + 1);
  const splice = (removed: number, put: string): string => text.slice(0, at) + put + text.slice(at + removed);
  switch (random.below(10)) {
    case 0:
      return splice(1 + random.below(REMOVED_MAX), "");
    case 1:
      return splice(0, random.pick(signs));
    case 2:
      return splice(0, ` ${random.pick(words)} `);
    case 3:
      return splice(1, random.pick(characters));
    case 4:
      return splice(0, ` ${random.pick(literals)} `);
    case 5:
      return splice(0, random.pick(signs).repeat(1 + random.below(REPEATED_MAX)));
    case 6:
      return moveLine(text, random);
    case 7:
      return splice(random.below(REMOVED_MAX), pieceOf(random.pick(others), random));
    case 8:
      return flipByte(text, random);
    default:
      return dropLine(text, random);
  }
}

function pieceOf(text: string, random: Random): string {
  const at = random.below(text.length + 1);
  return text.slice(at, at + random.below(120));
}

function moveLine(text: string, random: Random): string {
  const lines = text.split("\n");
  const [line = ""] = lines.splice(random.below(lines.length), 1);
  lines.splice(random.below(lines.length + 1), 0, line);
  return lines.join("\n");
}

function dropLine(text: string, random: Random): string {
  const lines = text.split("\n");
  lines.splice(random.below(lines.length), 1);
  return lines.join("\n");
}

/** Of the bytes, as a bad line does; read as the reader of files does when they are no UTF-8 any more. */
function flipByte(text: string, random: Random): string {
  const bytes = Buffer.from(text, "utf8");
  if (bytes.length === 0) return text;
  const at = random.below(bytes.length);
  bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
  return bytes.toString("utf8");
}
