/**
 * Guesses at what a broken declaration was meant to be, each with the diagnostic that tells it. A guess changes the
 * tokens around the fault; whether it was right is for read-chunk.ts to try. In order of trust.
 */
import type { TokenType } from "chevrotain";
import { diagnostic, spanText } from "../../src/diagnostics/index.ts";
import { createRuleToken, type RuleToken, tokenEnd } from "../lexer.ts";
import { reservedTypes, T } from "../tokens.ts";
import { bareValues, bracketsAroundValues, listWithoutBrackets } from "./bracket-guesses.ts";
import { lengthsAsSpoken } from "./duration-guesses.ts";
import { insertion, isSoft, isText, splice, virtualToken, type Guess, type Guesser } from "./guess.ts";
import {
  equalTo,
  joinedActions,
  listInRoundBrackets,
  methodMissing,
  secondIf,
  whenMissing,
  lengthWordMissing,
  withMissing,
} from "./habit-guesses.ts";
import { doubledWord, fieldLeftOut, joinerMissing, strayJoiner } from "./joining-guesses.ts";
import { missingEnd } from "./missing-end.ts";
import { phrases } from "./phrase-guesses.ts";
import { meantWords } from "./similar-words.ts";
import { onSameLine, tokenSpan, tokensSpan, type Scene } from "./trial.ts";

/** Tried one after the other: the first group with a guess that helps is taken. */
export const guessers: readonly Guesser[] = [
  phrases,
  endAfterCreateTicket,
  elseBranch,
  methodMissing,
  equalTo,
  secondIf,
  lengthsAsSpoken,
  misspelt,
  lengthWordMissing,
  withMissing,
  missingThen,
  whenMissing,
  joinedActions,
  doubledWord,
  strayJoiner,
  joinerMissing,
  fieldLeftOut,
  bareValues,
  listWithoutBrackets,
  listInRoundBrackets,
  bracketsAroundValues,
  equalsForArrow,
  unquoted,
  missingComma,
  missingValue,
  // Of these two the one that reads further: a line of the outer block is no field without its `=`.
  (scene) => [...missingEquals(scene), ...(isBracketOpen(scene) ? [] : endMissing(scene))],
  unbalanced,
  endMissing,
  earlyEnd,
];

export const actionVerbs: ReadonlySet<TokenType> = new Set([
  ...[T.Create, T.Add, T.Set, T.Complete, T.Remove, T.Run, T.Notify, T.Suppress, T.Stop],
]);

/** The lines of `create ticket` end by themselves. */
function endAfterCreateTicket(scene: Scene): readonly Guess[] {
  const { source, tokens, fault } = scene;
  const end = tokens[fault.at - 1];
  const isRule = tokens[0]?.tokenType === T.Rule || tokens[1]?.tokenType === T.Rule;
  if (!isRule || end?.tokenType !== T.End) return [];
  const verb = tokens.slice(0, fault.at).findLast((token) => actionVerbs.has(token.tokenType));
  if (verb?.tokenType !== T.Create) return [];
  const span = tokenSpan(source, end);
  const { text } = source;
  let start = span.start;
  while (start > 0 && /[ \t]/.test(text.charAt(start - 1))) start--;
  const lineBreak = /^[ \t]*(\r\n|\n|\r)/.exec(text.slice(span.end))?.[0] ?? "";
  const isAlone = end.firstOnLine && lineBreak !== "";
  const removed = isAlone ? source.span(start, span.end + lineBreak.length) : span;
  const report = () =>
    diagnostic("R1108", span, "`end` is not needed after the lines of `create ticket`", {
      labels: [{ span: tokenSpan(source, verb), text: "its lines end where the next action begins" }],
      help: "remove this `end`",
      fixes: [{ title: "remove `end`", safe: true, edits: [{ span: removed, newText: "" }] }],
    });
  return [{ tokens: splice(tokens, fault.at - 1, 1), report }];
}

/** Reading goes on behind an `end` as if it were not there. */
function earlyEnd({ source, tokens, fault }: Scene): readonly Guess[] {
  const end = tokens[fault.at - 1];
  const next = tokens[fault.at];
  const opener = tokens[0];
  if (end?.tokenType !== T.End || next === undefined || next.tokenType === T.End || opener === undefined)
    return [];
  const span = tokenSpan(source, end);
  const report = () =>
    diagnostic("R1108", span, `this \`end\` closes \`${opener.image}\` too early`, {
      labels: [{ span: tokenSpan(source, next), text: "the declaration goes on here" }],
      help: "remove this `end`",
      fixes: [{ title: "remove `end`", safe: false, edits: [{ span, newText: "" }] }],
    });
  return [{ tokens: splice(tokens, fault.at - 1, 1), report }];
}

function elseBranch(scene: Scene): readonly Guess[] {
  const { source, tokens, fault } = scene;
  const word = tokens[fault.at];
  if (word === undefined || (word.tokenType !== T.Else && word.tokenType !== T.Otherwise)) return [];
  let next = fault.at + 1;
  while (
    next < tokens.length &&
    !actionVerbs.has(tokens[next]?.tokenType ?? T.End) &&
    tokens[next]?.tokenType !== T.End
  )
    next++;
  const report = () =>
    diagnostic("R1105", tokenSpan(source, word), `a rule has no \`${word.image}\``, {
      help: "write a second rule with the opposite condition, or one that runs later: the first ends with `stop`",
    });
  return [{ tokens: splice(tokens, fault.at, next - fault.at), report }];
}

/** The word at the fault, or the one before it. */
function misspelt(scene: Scene): readonly Guess[] {
  const { source, tokens, fault } = scene;
  return [fault.at, fault.at - 1].flatMap((at) => {
    const token = tokens[at];
    if (token === undefined || !isSoft(token) || tokens[at - 1]?.tokenType === T.Dot) return [];
    // In a calendar days stand with dashes and hours of many forms, which its own message tells better.
    const words = meantWords(token.image).filter(
      ({ types, distance }) => distance > 0 || types[0] !== T.DayName || tokens[0]?.tokenType !== T.Calendar,
    );
    return words.flatMap(({ text: word, types, distance }) => {
      const text = types[0] === T.Unit ? inNumber(word, tokens[at - 1]) : word;
      // It is that word already: something else is wrong.
      if (text === token.image.toLowerCase()) return [];
      const end = tokenEnd(token);
      // Units and days are read by their letters, so the token has those that were meant.
      const meant = types.map((type) =>
        createRuleToken(
          type,
          type === T.Unit || type === T.DayName ? text : token.image,
          token.startOffset,
          end,
          token.firstOnLine,
        ),
      );
      const span = tokenSpan(source, token);
      const report = () =>
        diagnostic("R1104", span, `\`${token.image}\` is not a word that fits here`, {
          help: `did you mean \`${text}\`?`,
          // A slip of typing has one reading, as has a short unit; a word of another tool may have meant something else.
          fixes: [
            {
              title: `write \`${text}\``,
              safe: distance > 0 || types[0] === T.Unit || types[0] === T.DayName,
              edits: [{ span, newText: text }],
            },
          ],
        });
      const next = tokens[at + 1]?.startOffset;
      // Two letters make another word of many: then what follows must fit as well.
      const beyond = distance > 1 ? next : undefined;
      return [{ tokens: splice(tokens, at, 1, ...meant), report, beyond }];
    });
  });
}

/** `5 minuts` are minutes. */
function inNumber(unit: string, before: RuleToken | undefined): string {
  const isSeveral = before?.tokenType === T.NumberLiteral && before.image !== "1";
  return isSeveral && !unit.endsWith("s") ? `${unit}s` : unit;
}

function missingThen(scene: Scene): readonly Guess[] {
  const { source, tokens, fault } = scene;
  const verb = tokens[fault.at];
  if (verb === undefined || !actionVerbs.has(verb.tokenType)) return [];
  if (tokens.slice(0, fault.at).some((token) => token.tokenType === T.Then)) return [];
  const report = () =>
    diagnostic("R1103", tokenSpan(source, verb), "`then` is missing before the first action", {
      help: "write `then` before it",
      fixes: [
        {
          title: "insert `then`",
          safe: true,
          edits: [{ span: source.span(verb.startOffset, verb.startOffset), newText: "then " }],
        },
      ],
    });
  return [insertion(scene, T.Then, report)];
}

/* ---------- values without quotes ---------- */

const headWords: ReadonlySet<TokenType> = new Set([
  ...[
    T.Rule,
    T.Test,
    T.Calendar,
    T.Category,
    T.Recipient,
    T.Template,
    T.Callout,
    T.Partner,
    T.Mailbox,
    T.Maintenance,
  ],
]);

function unquoted(scene: Scene): readonly Guess[] {
  const { tokens, fault } = scene;
  const token = tokens[fault.at];
  const previous = tokens[fault.at - 1];
  if (token === undefined || previous === undefined || !onSameLine(scene.source, previous, token)) return [];
  if (headWords.has(previous.tokenType) && fault.at <= 2) return quoteRun(scene, fault.at, true);
  const isBareBefore = isValueWord(previous) && tokens[fault.at - 2]?.tokenType !== T.Dot;
  return [
    ...(fault.expected.includes("Quoted") ? quoteRun(scene, fault.at, false) : []),
    ...(isBareBefore && isValueWord(token) ? quoteRun(scene, fault.at - 1, false) : []),
  ];
}

function isValueWord(token: RuleToken): boolean {
  return isSoft(token) || token.tokenType === T.NumberLiteral;
}

/** Takes the words of a line from a place on for one text; the longest run that reads is taken, so several are tried. */
function quoteRun(scene: Scene, from: number, toLineEnd: boolean): readonly Guess[] {
  const { source, tokens } = scene;
  const start = tokens[from];
  if (start === undefined || (!toLineEnd && !isSoft(start))) return [];
  const next = tokens[from + 1];
  // `secret datto_token`: the word is right, its name wants quotes.
  if (/^secret$/iu.test(start.image) && next !== undefined && !next.firstOnLine && isSoft(next))
    return quoteRun(scene, from + 1, false);
  let end = from + 1;
  for (; end < tokens.length && end - from < runMax; end++) {
    const token = tokens[end];
    if (token === undefined || token.firstOnLine || !(toLineEnd || isValueWord(token))) break;
  }
  const ends = toLineEnd ? [end] : Array.from({ length: end - from }, (_, i) => end - i);
  return ends.map((last) => {
    const span = tokensSpan(source, tokens.slice(from, last));
    const text = spanText(span);
    const report = () =>
      diagnostic("R1107", span, `\`${text}\` stands without quotes`, {
        help: `put it in quotes: \`"${text}"\``,
        fixes: [{ title: "put it in quotes", safe: false, edits: [{ span, newText: `"${text}"` }] }],
      });
    const merged = createRuleToken(T.BareText, text, span.start, span.end, start.firstOnLine);
    return { tokens: splice(tokens, from, last - from, merged), report };
  });
}

const runMax = 20;

/* ---------- signs ---------- */

function missingComma(scene: Scene): readonly Guess[] {
  const { source, tokens, fault } = scene;
  const previous = tokens[fault.at - 1];
  const token = tokens[fault.at];
  if (previous === undefined || token === undefined || !isText(previous) || !isText(token)) return [];
  const place = tokenEnd(previous);
  const report = () =>
    diagnostic("R1103", tokensSpan(source, [previous, token]), "a comma is missing between two values", {
      help: "separate several values with commas",
      fixes: [
        {
          title: "put a comma between them",
          safe: true,
          edits: [{ span: source.span(place, place), newText: "," }],
        },
      ],
    });
  return [insertion(scene, T.Comma, report)];
}

/** `title =` with the next line taken for its value: the fault shows at the `=` behind it. */
function missingValue(scene: Scene): readonly Guess[] {
  const { source, tokens, fault } = scene;
  if (tokens[fault.at]?.tokenType !== T.Equals) return [];
  let start = fault.at - 1;
  while (start > 0 && tokens[start]?.firstOnLine === false) start--;
  const sign = tokens[start - 1];
  const name = tokens[start - 2];
  if (sign?.tokenType !== T.Equals || name === undefined) return [];
  const report = () =>
    diagnostic("R1103", tokensSpan(source, [name, sign]), `a value is missing after \`${name.image} =\``, {
      help: "write the value behind it, or remove the line",
    });
  return [{ tokens: splice(tokens, start, 0, virtualToken(T.Quoted, tokens, start)), report }];
}

/** `"critical" = "High"` in a lookup. */
function equalsForArrow({ source, tokens, fault }: Scene): readonly Guess[] {
  const sign = tokens[fault.at];
  if (sign?.tokenType !== T.Equals || !fault.expected.includes("Arrow")) return [];
  const span = tokenSpan(source, sign);
  const before = /\s/.test(source.text.charAt(span.start - 1)) ? "" : " ";
  const report = () =>
    diagnostic("R1105", span, `\`${sign.image}\` is written \`->\` here`, {
      help: "write `->`",
      fixes: [{ title: "write `->`", safe: true, edits: [{ span, newText: `${before}->` }] }],
    });
  return [
    {
      tokens: splice(tokens, fault.at, 1, {
        ...sign,
        tokenType: T.Arrow,
        tokenTypeIdx: T.Arrow.tokenTypeIdx ?? 0,
      }),
      report,
    },
  ];
}

/** The name may lie at the fault or before it: `priority "High"` fails at either. */
function missingEquals(scene: Scene): readonly Guess[] {
  const { source, tokens, fault } = scene;
  return [fault.at, fault.at + 1].flatMap((at) => {
    const name = tokens[at - 1];
    const value = tokens[at];
    if (name === undefined || value === undefined || !beginsField(tokens, at - 1)) return [];
    if (reservedTypes.has(value.tokenType) && value.tokenType !== T.True && value.tokenType !== T.False)
      return [];
    const place = tokenEnd(name);
    const report = () =>
      diagnostic("R1103", tokensSpan(source, [name, value]), `\`=\` is missing after \`${name.image}\``, {
        help: `write \`${name.image} = ...\``,
        fixes: [
          { title: "insert `=`", safe: true, edits: [{ span: source.span(place, place), newText: " =" }] },
        ],
      });
    return { tokens: splice(tokens, at, 0, virtualToken(T.Equals, tokens, at)), report };
  });
}

/** A name that a value is given to begins its line, or follows a comma or a word that takes fields. */
function beginsField(tokens: readonly RuleToken[], last: number): boolean {
  let start = last;
  while (tokens[start - 1]?.tokenType === T.Dot && start >= 2) start -= 2;
  const name = tokens[start];
  const previous = tokens[start - 1];
  if (name === undefined || !isSoft(name)) return false;
  return name.firstOnLine || (previous !== undefined && beforeField.has(previous.tokenType));
}

const beforeField: ReadonlySet<TokenType> = new Set([
  ...[T.Comma, T.With, T.Set, T.List, T.Values, T.Lookup, T.NumberLiteral],
]);

function openBracket({ tokens, fault }: Scene): RuleToken | undefined {
  const open: RuleToken[] = [];
  for (const token of tokens.slice(0, fault.at)) {
    if (token.image !== "" && (token.tokenType === T.LParen || token.tokenType === T.LBracket))
      open.push(token);
    else if (token.image !== "" && (token.tokenType === T.RParen || token.tokenType === T.RBracket))
      open.pop();
  }
  return open.at(-1);
}

function isBracketOpen(scene: Scene): boolean {
  return openBracket(scene) !== undefined;
}

function unbalanced(scene: Scene): readonly Guess[] {
  const { source, tokens, fault } = scene;
  const token = tokens[fault.at];
  const bracket = openBracket(scene);
  if (bracket === undefined) return strayBracket(scene, token);
  const [type, sign] = bracket.tokenType === T.LParen ? [T.RParen, ")"] : [T.RBracket, "]"];
  const previous = tokens[fault.at - 1] ?? bracket;
  const place = tokenEnd(previous);
  const report = () =>
    diagnostic("R1103", tokenSpan(source, bracket), `\`${bracket.image}\` is not closed`, {
      labels: token === undefined ? [] : [{ span: tokenSpan(source, token), text: "noticed here" }],
      help: `close it with \`${sign}\``,
      fixes: [
        {
          title: `insert \`${sign}\``,
          safe: false,
          edits: [{ span: source.span(place, place), newText: sign }],
        },
      ],
    });
  return [insertion(scene, type, report)];
}

function strayBracket(scene: Scene, token: RuleToken | undefined): readonly Guess[] {
  if (token === undefined || (token.tokenType !== T.RParen && token.tokenType !== T.RBracket)) return [];
  const span = tokenSpan(scene.source, token);
  const report = () =>
    diagnostic("R1101", span, `\`${token.image}\` closes nothing`, {
      help: "remove it, or open the bracket where it begins",
      fixes: [{ title: "remove it", safe: false, edits: [{ span, newText: "" }] }],
    });
  return [{ tokens: splice(scene.tokens, scene.fault.at, 1), report }];
}

function endMissing(scene: Scene): readonly Guess[] {
  return [insertion(scene, T.End, () => missingEnd(scene))];
}
