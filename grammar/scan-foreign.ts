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
  if (unit === 45 && isComment(source.text, at)) return scanComment(source, at, "-");
  if (unit === 45 || unit === 0x2013)
    return ranged.has(previous) || isBehindDay(source.text, at) ? scanDash(source, at) : undefined;
  if (unit === 43) return scanPlus(source, at, previous);
  if (unit === 37) return previous === T.NumberLiteral ? scanPercent(source, at) : undefined;
  if (unit === 59) return isLineStart(source.text, at) ? scanComment(source, at, ";") : undefined;
  if (unit === 60) return source.text.startsWith("<!--", at) ? scanComment(source, at, "<") : undefined;
  if (unit !== 47) return undefined;
  const next = source.text.charAt(at + 1);
  if (next === "/" || next === "*") return scanComment(source, at, next);
  return beforePattern.has(previous) ? scanPattern(source, at) : undefined;
}

/** `-- a comment`: with a blank on each side, or the line's end. */
function isComment(text: string, at: number): boolean {
  return (
    text.startsWith("--", at) && /^(?:[\s-]|$)/.test(text.charAt(at + 2)) && /^\s?$/.test(text.charAt(at - 1))
  );
}

function isLineStart(text: string, at: number): boolean {
  let before = at - 1;
  while (before >= 0 && (text.charAt(before) === " " || text.charAt(before) === "\t")) before--;
  return (before < 0 || /[\r\n]/.test(text.charAt(before))) && /^[; \t]/.test(text.charAt(at + 1));
}

/** `mon-fri` */
function isBehindDay(text: string, at: number): boolean {
  return /(?:^|[^\p{L}])(?:mon|tue|wed|thu|fri|sat|sun) ?$/iu.test(text.slice(Math.max(0, at - 5), at));
}

/** `90 %`: the number is kept. */
function scanPercent(source: SourceText, at: number): ForeignForm {
  const span = source.span(at, at + 1);
  const report = diagnostic("R1105", span, "a number stands without `%`", {
    help: "leave the sign out: a value is compared as its source sends it, `90` or `0.9`",
    fixes: [{ title: "remove `%`", safe: false, edits: [{ span, newText: "" }] }],
  });
  return { type: undefined, end: at + 1, report };
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

/** The length of the sign that opens it, and the sign that closes it before the line does. */
const commentForms = {
  "/": { opens: 2, closes: "" },
  "*": { opens: 2, closes: "*/" },
  "-": { opens: 2, closes: "" },
  ";": { opens: 1, closes: "" },
  "<": { opens: 4, closes: "-->" },
} as const;

/** A longer one is told at each of its lines: looking for its end again and again would not be bounded. */
const commentMax = 10_000;

function scanComment(source: SourceText, at: number, kind: keyof typeof commentForms): ForeignForm {
  const { opens, closes } = commentForms[kind];
  const close = closes === "" ? -1 : source.text.slice(at, at + commentMax).indexOf(closes, opens);
  const end = close < 0 ? lineEnd(source.text, at) : at + close + closes.length;
  const sign = source.span(at, at + opens);
  const report = diagnostic("R1105", sign, "a comment begins with `#`", {
    help: "write `#` before each line of the comment",
    fixes: closes === "" ? [{ title: "write `#`", safe: true, edits: [{ span: sign, newText: "#" }] }] : [],
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
