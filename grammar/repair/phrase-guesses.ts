/**
 * Guesses by the tables of phrases: at a fault the words around it are compared with what people say in that place, and
 * what they mean is put there. One message for the whole phrase, underlining only what differs.
 *
 *   when new alert            tokens   when [new alert] then          form   `new alerts?`
 *        ^ fault                       when [alert received] then     write  `alert received`
 */
import type { TokenType } from "chevrotain";
import { SourceText } from "../../src/diagnostics/index.ts";
import { DiagnosticSink } from "../diagnostic-sink.ts";
import { createRuleToken, lex, tokenEnd, type RuleToken } from "../lexer.ts";
import { T } from "../tokens.ts";
import { isText, splice, type Guess } from "./guess.ts";
import { actionPhrases, tailPhrases, ticketLinePhrases } from "./phrases/actions.ts";
import { clausePhrases, headPhrases, joinerPhrases, optionPhrases } from "./phrases/clauses.ts";
import { conditionPhrases, durationPhrases, valuePhrases } from "./phrases/conditions.ts";
import { eventPhrases } from "./phrases/events.ts";
import { blockLinePhrases, calendarPhrases, calloutPhrases, testPhrases } from "./phrases/lines.ts";
import type { Phrase } from "./phrases/phrase.ts";
import { phraseReport } from "./phrase-report.ts";
import type { Scene } from "./trial.ts";

/** Words that a form may look at. */
const wordsMax = 24;
const imageMax = 60;

/** Where a table of phrases is looked for: its first tokens. */
interface Place {
  readonly starts: readonly number[];
  readonly phrases: readonly Phrase[];
}

export function phrases(scene: Scene): readonly Guess[] {
  const { at } = scene.fault;
  const durations: Place = { starts: [at - 2, at - 1, at], phrases: durationPhrases };
  return [...placesOf(scene), durations].flatMap(({ starts, phrases }) =>
    [...new Set(starts)].flatMap((start) => {
      const run = runFrom(scene.tokens, start);
      return run === undefined ? [] : phrases.flatMap((phrase) => guessOf(scene, run, phrase) ?? []);
    }),
  );
}

/* ---------- where ---------- */

const clauseHeads: ReadonlySet<TokenType> = new Set([...[T.When, T.If, T.Then, T.Except, T.Unless, T.Order]]);

function placesOf(scene: Scene): readonly Place[] {
  const { tokens, fault } = scene;
  const at = Math.min(fault.at, tokens.length - 1);
  const near = range(Math.max(0, at - 4), fault.at);
  const lines = lineStarts(tokens, at);
  switch (kindOf(tokens)) {
    case "rule":
      return [...rulePlaces(scene, at, lines, near)];
    case "test":
      return [
        { starts: lines, phrases: testPhrases },
        { starts: near, phrases: testPhrases },
      ];
    case "define":
      return [{ starts: near, phrases: conditionPhrases }];
    case "calendar":
      return [
        { starts: [...lines, ...near], phrases: calendarPhrases },
        { starts: lines, phrases: blockLinePhrases },
      ];
    case "callout":
      return [
        { starts: [...lines, at], phrases: calloutPhrases },
        { starts: lines, phrases: blockLinePhrases },
      ];
    case "lines":
      return [{ starts: lines, phrases: [...blockLinePhrases, ...clausePhrases.filter(closes)] }];
    case "unknown":
      return [{ starts: [0], phrases: headPhrases }];
  }
}

/** `endif`, `end rule`: the same in each block. */
function closes(phrase: Phrase): boolean {
  return phrase.write === "end";
}

function rulePlaces(
  scene: Scene,
  at: number,
  lines: readonly number[],
  near: readonly number[],
): readonly Place[] {
  const { tokens, fault } = scene;
  const part = tokens.slice(0, at).findLastIndex((token) => clauseHeads.has(token.tokenType));
  const type = tokens[part]?.tokenType;
  const clauses: Place = { starts: lines, phrases: clausePhrases };
  const head: Place = { starts: [0], phrases: headPhrases };
  const options: Place = { starts: [...lines, at], phrases: optionPhrases };
  if (part < 0 || type === T.Order) return [head, options, clauses, { starts: [at], phrases: clausePhrases }];
  if (type === T.When && tokens[part - 1]?.tokenType !== T.Except) {
    const ors = range(part, fault.at).filter((i) => tokens[i]?.tokenType === T.Or);
    const events = [part + 1, ...ors.map((i) => i + 1)];
    return [
      { starts: events, phrases: eventPhrases },
      { starts: [at, at - 1], phrases: joinerPhrases },
      options,
      clauses,
    ];
  }
  // `more than 20 alerts in 5 minutes by` begins that far before its fault.
  const conditions = range(Math.max(part + 1, at - 8), fault.at);
  if (type !== T.Then) return [{ starts: conditions, phrases: conditionPhrases }, options, clauses];
  const actions = [...lines, part + 1, at, at - 1].filter((i) => i > part);
  const isTicket = tokens.slice(part, at).some((token) => token.tokenType === T.Create);
  return [
    ...(isTicket ? [{ starts: [...lines, at], phrases: ticketLinePhrases }] : []),
    { starts: [at], phrases: tailPhrases },
    { starts: actions, phrases: actionPhrases },
    clauses,
    { starts: near, phrases: valuePhrases },
  ];
}

function kindOf(
  tokens: readonly RuleToken[],
): "rule" | "test" | "define" | "calendar" | "callout" | "lines" | "unknown" {
  const type = tokens[tokens[0]?.tokenType === T.Inactive ? 1 : 0]?.tokenType;
  if (type === T.Rule) return "rule";
  if (type === T.Test) return "test";
  if (type === T.Define) return "define";
  if (type === T.Calendar || type === T.Maintenance) return "calendar";
  if (type === T.Callout) return "callout";
  return type !== undefined && [T.Recipient, T.Template, T.Category, T.Lookup, T.Mailbox].includes(type)
    ? "lines"
    : "unknown";
}

/** Of the line of a token, and of the line before: what ends it too early shows at the next. */
function lineStarts(tokens: readonly RuleToken[], at: number): readonly number[] {
  const own = tokens.slice(0, at + 1).findLastIndex((token) => token.firstOnLine);
  const before = tokens.slice(0, Math.max(0, own)).findLastIndex((token) => token.firstOnLine);
  return [own, before].filter((start) => start > 0);
}

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);
}

/* ---------- what ---------- */

interface Run {
  readonly start: number;
  /** As forms see them, with a blank between each two. */
  readonly words: string;
}

function runFrom(tokens: readonly RuleToken[], start: number): Run | undefined {
  if (start < 0 || start >= tokens.length) return undefined;
  const words = tokens.slice(start, start + wordsMax).map((token, i) => wordOf(token, start + i));
  return { start, words: words.join(" ") };
}

function wordOf({ image, tokenType }: RuleToken, index: number): string {
  // `order: 10`: the sign is read as `=`.
  if (tokenType === T.Equals) return "=";
  if (tokenType === T.To) return "to";
  if (tokenType === T.Dot) return ".";
  return image === "" || image.length > imageMax || /\s/.test(image) ? `§${index}` : image;
}

function guessOf(scene: Scene, { start, words }: Run, phrase: Phrase): Guess | undefined {
  const found = phrase.form.exec(words);
  if (found === null || found[0].trim() === "") return undefined;
  const count = found[0].trim().split(" ").length;
  const forms = [phrase.write].flat().map((form) => filled(form, found));
  const [first = ""] = forms;
  const old = scene.tokens.slice(start, start + count);
  const written = tokensOf(scene, first, old);
  if (written === undefined || isSame(old, written)) return undefined;
  const report = () => phraseReport(scene, phrase, { start, old, forms });
  return { tokens: splice(scene.tokens, start, count, ...written), report };
}

function filled(form: string, found: RegExpExecArray): string {
  return form
    .replaceAll(/\$(\d)/g, (_, group: string) => found[Number(group)] ?? "")
    .replaceAll(/(?<![\d.:])1 (second|minute|hour|day|week)s\b/g, "1 $1")
    .replaceAll(/ +/g, " ")
    .trim();
}

function isSame(old: readonly RuleToken[], written: readonly RuleToken[]): boolean {
  return old.length === written.length && old.every((token, i) => token.tokenType === written[i]?.tokenType);
}

/**
 * The words as tokens: what was typed keeps its place, as far as the order allows; the rest has the place before it.
 * Undefined where a text would lose its own place, of which its value is read.
 */
function tokensOf(scene: Scene, form: string, old: readonly RuleToken[]): readonly RuleToken[] | undefined {
  const [first] = old;
  if (first === undefined) return undefined;
  let place = first.startOffset;
  const kept = new Set<RuleToken>();
  const tokens: RuleToken[] = [];
  for (const token of lexed(form)) {
    const own = old.find((one) => !kept.has(one) && isTyped(scene, token, one));
    const firstOnLine = tokens.length === 0 && first.firstOnLine;
    if (own !== undefined && own.startOffset >= place) {
      kept.add(own);
      place = tokenEnd(own);
      const type = isText(own) ? own.tokenType : token.tokenType;
      tokens.push({ ...own, tokenType: type, tokenTypeIdx: type.tokenTypeIdx ?? 0, firstOnLine });
    } else if (isText(token)) return undefined;
    else {
      const end = Math.min(place + 1, scene.source.text.length);
      tokens.push(createRuleToken(token.tokenType, token.image, place, end, firstOnLine));
    }
  }
  return tokens;
}

function lexed(form: string): readonly RuleToken[] {
  if (form === "") return [];
  const text = form.replaceAll(/§\d+/g, '"$&"');
  return lex(new SourceText("", text), new DiagnosticSink()).tokens;
}

function isTyped({ tokens }: Scene, written: RuleToken, typed: RuleToken): boolean {
  const index = /^"§(\d+)"$/.exec(written.image)?.[1];
  if (index !== undefined) return tokens[Number(index)] === typed;
  return written.image.toLowerCase() === typed.image.toLowerCase();
}
