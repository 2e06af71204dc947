/**
 * Guesses about lengths of time as people say them: in years, with a comma, in words, in quotes, joined by `and`, the last unit
 * left out. One message each; what was meant is read on with. Knows nothing of what a length is for.
 */
import { diagnostic, type DiagnosticCode } from "../../src/diagnostics/index.ts";
import { createRuleToken, type RuleToken, tokenEnd } from "../lexer.ts";
import { T } from "../tokens.ts";
import { isText, splice, virtualToken, type Guess } from "./guess.ts";
import { tokensSpan, type Scene } from "./trial.ts";

/** Days of what has no fixed length, as they are offered. */
const daysOfForeignUnit: Readonly<Record<string, number>> = {
  fortnight: 14,
  month: 30,
  quarter: 91,
  year: 365,
};

const numberWords: readonly string[] = [
  ...["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"],
];

const halves: Readonly<Record<string, string>> = {
  w: "84 hours",
  d: "12 hours",
  h: "30 minutes",
  m: "30 seconds",
  s: "1 second",
};

/** What stands behind a longer unit when its own was left out: `1 hour 30`. */
const nextSmallerUnit: Readonly<Record<string, string>> = {
  w: "days",
  d: "hours",
  h: "minutes",
  m: "seconds",
};

/** How far before the fault a length may begin: what follows it was taken for a field, or for another condition. */
const TOKENS_BACK_MAX = 3;

export function lengthsAsSpoken(scene: Scene): readonly Guess[] {
  const { at } = scene.fault;
  const starts = Array.from({ length: Math.min(TOKENS_BACK_MAX, at) + 1 }, (_, back) => at - back);
  return starts.flatMap((start) => [
    ...foreignUnit(scene, start),
    ...decimalComma(scene, start),
    ...inWords(scene, start),
    ...half(scene, start),
    ...joinedParts(scene, start),
    ...unitLeftOut(scene, start),
    ...inQuotes(scene, start),
  ]);
}

/** `10 years`: a month and a year have no fixed length. */
function foreignUnit(scene: Scene, at: number): readonly Guess[] {
  const [number, word] = scene.tokens.slice(at, at + 2);
  const days = daysOfForeignUnit[(word?.image ?? "").toLowerCase().replace(/s$/u, "")];
  if (number?.tokenType !== T.NumberLiteral || word === undefined || days === undefined) return [];
  return [
    written(scene, at, 2, lengthOf(Number(number.image) * days, "days"), {
      code: "R1101",
      summary: `\`${word.image}\` is no unit of time here`,
      safe: false,
    }),
  ];
}

/** `1,5 hours` */
function decimalComma(scene: Scene, at: number): readonly Guess[] {
  const [number, unit] = scene.tokens.slice(at, at + 2);
  if (number?.tokenType !== T.DecimalComma || unit?.tokenType !== T.Unit) return [];
  return [
    written(scene, at, 2, `${number.image.replace(",", ".")} ${unit.image}`, {
      code: "R1006",
      summary: `\`${number.image}\` is not read as a number`,
      safe: false,
    }),
  ];
}

/** `five minutes`, `an hour` */
function inWords(scene: Scene, at: number): readonly Guess[] {
  const [word, unit] = scene.tokens.slice(at, at + 2);
  if (word === undefined || unit?.tokenType !== T.Unit) return [];
  const text = word.image.toLowerCase();
  const amount = text === "a" || text === "an" ? 1 : numberWords.indexOf(text) + 1;
  return amount === 0 ? [] : [spoken(scene, at, 2, lengthOf(amount, unit.image))];
}

/** `half an hour`, `half hour` */
function half(scene: Scene, at: number): readonly Guess[] {
  const { tokens } = scene;
  if (tokens[at]?.image.toLowerCase() !== "half") return [];
  const length = /^an?$/iu.test(tokens[at + 1]?.image ?? "") ? 3 : 2;
  const unit = tokens[at + length - 1];
  const text = unit?.tokenType === T.Unit ? halves[unit.image.charAt(0).toLowerCase()] : undefined;
  return text === undefined ? [] : [spoken(scene, at, length, text)];
}

function spoken(scene: Scene, at: number, count: number, text: string): Guess {
  return written(scene, at, count, text, {
    code: "R1101",
    summary: "a length of time begins with a number",
    safe: true,
  });
}

/** `1 day and 2 hours`, `1 day, 2 hours` */
function joinedParts({ source, tokens }: Scene, at: number): readonly Guess[] {
  const [first, before, joiner, number, unit] = at < 2 ? [] : tokens.slice(at - 2, at + 3);
  const joins = joiner?.tokenType === T.And || joiner?.tokenType === T.Comma;
  if (first === undefined || before?.tokenType !== T.Unit || joiner === undefined || !joins) return [];
  if (number?.tokenType !== T.NumberLiteral || unit?.tokenType !== T.Unit) return [];
  const removed = source.span(tokenEnd(before), tokenEnd(joiner));
  const report = () =>
    diagnostic(
      "R1101",
      tokensSpan(source, [joiner]),
      `parts of a length of time stand without \`${joiner.image}\``,
      {
        help: `write \`${first.image} ${before.image} ${number.image} ${unit.image}\``,
        fixes: [{ title: `remove \`${joiner.image}\``, safe: true, edits: [{ span: removed, newText: "" }] }],
      },
    );
  return [{ tokens: splice(tokens, at, 1), report }];
}

/** `1 hour 30`, `every 5` */
function unitLeftOut({ source, tokens, fault }: Scene, at: number): readonly Guess[] {
  const number = tokens[at];
  const before = tokens[at - 1];
  if (number?.tokenType !== T.NumberLiteral || tokens[at + 1]?.tokenType === T.Unit) return [];
  const isBehindUnit = before?.tokenType === T.Unit;
  if (!isBehindUnit && !(fault.at === at + 1 && fault.expected.includes(T.Unit.name))) return [];
  const unit = isBehindUnit ? nextSmallerUnit[before.image.charAt(0).toLowerCase()] : "minutes";
  if (unit === undefined) return [];
  const text = lengthOf(Number(number.image), unit);
  const place = source.span(tokenEnd(number), tokenEnd(number));
  const report = () =>
    diagnostic("R1103", tokensSpan(source, [number]), `\`${number.image}\` lacks its unit of time`, {
      help: `write \`${text}\`, or another of seconds, minutes, hours, days, weeks`,
      fixes: [
        {
          title: `write \`${text}\``,
          safe: false,
          edits: [{ span: place, newText: text.slice(text.indexOf(" ")) }],
        },
      ],
    });
  const token = { ...virtualToken(T.Unit, tokens, at + 1), image: unit };
  return [{ tokens: splice(tokens, at + 1, 0, token), report }];
}

/** `"5 minutes"` */
function inQuotes(scene: Scene, at: number): readonly Guess[] {
  const text = scene.tokens[at];
  const [, length] =
    /^["'](\d+(?:\.\d+)? (?:second|minute|hour|day|week)s?)["']$/iu.exec(text?.image ?? "") ?? [];
  if (!isText(text) || length === undefined) return [];
  return [
    written(scene, at, 1, length, {
      code: "R1101",
      summary: "a length of time stands without quotes",
      safe: true,
    }),
  ];
}

function lengthOf(amount: number, unit: string): string {
  const one = unit.toLowerCase().replace(/s$/u, "");
  return `${amount} ${one}${amount === 1 ? "" : "s"}`;
}

interface Told {
  readonly code: DiagnosticCode;
  readonly summary: string;
  readonly safe: boolean;
}

/** The tokens read as `text`, a number and its unit; the fix writes it so. */
function written(
  { source, tokens }: Scene,
  at: number,
  count: number,
  text: string,
  { code, summary, safe }: Told,
): Guess {
  const replaced: readonly RuleToken[] = tokens.slice(at, at + count);
  const span = tokensSpan(source, replaced);
  const [amount = "", unit = ""] = text.split(" ");
  const isFirst = replaced[0]?.firstOnLine ?? false;
  const number = createRuleToken(T.NumberLiteral, amount, span.start, span.end, isFirst);
  const report = () =>
    diagnostic(code, span, summary, {
      help: `write \`${text}\``,
      fixes: [{ title: `write \`${text}\``, safe, edits: [{ span, newText: text }] }],
    });
  const tokenOfUnit = createRuleToken(T.Unit, unit, span.start, span.end, false);
  return { tokens: splice(tokens, at, count, number, tokenOfUnit), report };
}
