/** Forms of other languages that mean something plain here: ranges with a dash, comments, patterns between slashes. */
import type { TokenType } from "chevrotain";
import { diagnostic, type Diagnostic, type SourceText } from "../src/diagnostics/index.ts";
import { lineEnd } from "./scan-text.ts";
import { T } from "./tokens.ts";

interface ForeignForm {
  /** Undefined for a comment: nothing is left of it. */
  readonly type: TokenType | undefined;
  readonly end: number;
  readonly report: Diagnostic;
}

const ranged: ReadonlySet<TokenType | undefined> = new Set([T.DayName, T.ClockLiteral, T.DateLiteral]);
const beforePattern: ReadonlySet<TokenType | undefined> = new Set([T.Matches, T.Match, T.Exactly]);

export function scanForeign(
  source: SourceText,
  at: number,
  unit: number,
  previous: TokenType | undefined,
): ForeignForm | undefined {
  if (unit === 45 || unit === 0x2013) return ranged.has(previous) ? scanDash(source, at) : undefined;
  if (unit === 43) return scanPlus(source, at, previous);
  if (unit !== 47) return undefined;
  const next = source.text.charAt(at + 1);
  if (next === "/" || next === "*") return scanComment(source, at, next);
  return beforePattern.has(previous) ? scanPattern(source, at) : undefined;
}

function scanDash(source: SourceText, at: number): ForeignForm | undefined {
  if (source.text.charAt(at + 1) === ">") return undefined;
  const span = source.span(at, at + 1);
  const before = /\s/.test(source.text.charAt(at - 1)) ? "" : " ";
  const after = /\s/.test(source.text.charAt(at + 1)) ? "" : " ";
  const report = diagnostic("R1105", span, `\`${source.text.charAt(at)}\` is written \`to\` here`, {
    help: "write `to`",
    fixes: [{ title: "write `to`", safe: true, edits: [{ span, newText: `${before}to${after}` }] }],
  });
  return { type: T.To, end: at + 1, report };
}

const joined = /(?:\+[ \t]*(?:"(?:[^"\\\n\r]|\\.)*"|'[^'\n\r]*'|[\w.]+)[ \t]*)+/y;

/** `"a " + alert.title`: told once, and what is joined is left out. */
function scanPlus(source: SourceText, at: number, previous: TokenType | undefined): ForeignForm | undefined {
  const isValue = previous === T.Word || previous?.CATEGORIES?.includes(T.Quoted) === true;
  joined.lastIndex = at;
  const found = joined.exec(source.text)?.[0].trimEnd();
  if (!isValue || found === undefined) return undefined;
  const report = diagnostic("R1105", source.span(at, at + found.length), "texts are not joined with `+`", {
    help: 'write the values inside of one text: `"{alert.source}: {alert.title}"`',
  });
  return { type: undefined, end: at + found.length, report };
}

/** A longer one is told at each of its lines: looking for its end again and again would not be bounded. */
const commentMax = 10_000;

function scanComment(source: SourceText, at: number, kind: "/" | "*"): ForeignForm {
  const close = kind === "*" ? source.text.slice(at, at + commentMax).indexOf("*/", 2) : -1;
  const end = close < 0 ? lineEnd(source.text, at) : at + close + 2;
  const sign = source.span(at, at + 2);
  const report = diagnostic("R1105", sign, "a comment begins with `#`", {
    help: "write `#` before each line of the comment",
    fixes: kind === "/" ? [{ title: "write `#`", safe: true, edits: [{ span: sign, newText: "#" }] }] : [],
  });
  return { type: undefined, end, report };
}

/** `/disk \d+/i`: between slashes up to the last one of the line. */
function scanPattern(source: SourceText, at: number): ForeignForm | undefined {
  const found = /^\/(.+)\/[a-z]*/.exec(source.text.slice(at, lineEnd(source.text, at)));
  const [whole, pattern] = found ?? [];
  if (whole === undefined || pattern === undefined) return undefined;
  const span = source.span(at, at + whole.length);
  const raw = `'${pattern}'`;
  const report = diagnostic("R1105", span, "a pattern stands in quotes, not between slashes", {
    help: `write \`${raw}\`; case does not matter unless \`exactly\` stands before it`,
    fixes: pattern.includes("'")
      ? []
      : [{ title: "use single quotes", safe: false, edits: [{ span, newText: raw }] }],
  });
  return { type: T.BareText, end: at + whole.length, report };
}
