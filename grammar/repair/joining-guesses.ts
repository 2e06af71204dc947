/** Guesses about words that join: one too many, one that joins nothing, a field that is not said again. */
import type { TokenType } from "chevrotain";
import { diagnostic, spanText } from "../../src/diagnostics/index.ts";
import { createRuleToken, type RuleToken } from "../lexer.ts";
import { reservedTypes, T } from "../tokens.ts";
import { insertion, splice, type Guess } from "./guess.ts";
import { tokenSpan, tokensSpan, type Scene } from "./trial.ts";

/** `if if alert.source ...` */
export function doubledWord(scene: Scene): readonly Guess[] {
  const { tokens, fault } = scene;
  const word = tokens[fault.at];
  const previous = tokens[fault.at - 1];
  if (word === undefined || word.tokenType !== previous?.tokenType) return [];
  if (!reservedTypes.has(word.tokenType) || word.tokenType === T.End) return [];
  return [removal(scene, word, `\`${word.image}\` is written twice`, true)];
}

/** `if and alert.source ...` */
export function strayJoiner(scene: Scene): readonly Guess[] {
  const { tokens, fault } = scene;
  const word = tokens[fault.at];
  const before = tokens[fault.at - 1]?.tokenType;
  if (word === undefined || (word.tokenType !== T.And && word.tokenType !== T.Or)) return [];
  if (before === undefined || ![T.If, T.And, T.Or, T.When, T.LParen, T.Not].includes(before)) return [];
  return [removal(scene, word, `\`${word.image}\` has nothing before it to join`, false)];
}

function removal({ source, tokens, fault }: Scene, word: RuleToken, summary: string, safe: boolean): Guess {
  const span = tokenSpan(source, word);
  const report = () =>
    diagnostic("R1101", span, summary, {
      help: "remove it",
      fixes: [{ title: `remove \`${word.image}\``, safe, edits: [{ span, newText: "" }] }],
    });
  return { tokens: splice(tokens, fault.at, 1), report };
}

/** `alert.source is "A", alert.title ...`, or the next condition on a line of its own: what joins the two is missing. */
export function joinerMissing(scene: Scene): readonly Guess[] {
  const { source, tokens, fault } = scene;
  const token = tokens[fault.at];
  const begun = tokens
    .slice(0, fault.at)
    .findLast((one) => [T.When, T.If, T.Then, T.Define].includes(one.tokenType));
  if (token === undefined || begun?.tokenType !== T.If) return [];
  const isComma = token.tokenType === T.Comma;
  if (tokens[fault.at + (isComma ? 2 : 1)]?.tokenType !== T.Dot || (!isComma && !token.firstOnLine))
    return [];
  const span = tokenSpan(source, token);
  const place = isComma ? span : source.span(span.start, span.start);
  const report = () =>
    diagnostic("R1103", span, "two conditions are joined by `and` or `or`", {
      help: "write `and` when both must hold, `or` when one is enough",
      fixes: ["and", "or"].map((word) => ({
        title: `write \`${word}\``,
        safe: false,
        edits: [{ span: place, newText: isComma ? ` ${word}` : `${word} ` }],
      })),
    });
  const joiner = createRuleToken(
    T.And,
    isComma ? token.image : "",
    span.start,
    isComma ? span.end : span.start,
    false,
  );
  return [{ tokens: splice(tokens, fault.at, isComma ? 1 : 0, joiner), report }];
}

const operators: ReadonlySet<TokenType> = new Set([
  ...[T.Is, T.Contains, T.In, T.Like, T.Matches, T.Starts, T.Ends, T.Does, T.Equals, T.NotEquals],
]);

/** `alert.source is "A" or is "B"`: each condition says which field it asks about. */
export function fieldLeftOut(scene: Scene): readonly Guess[] {
  const { source, tokens, fault } = scene;
  const operator = tokens[fault.at];
  const before = tokens[fault.at - 1]?.tokenType;
  if (operator === undefined || !operators.has(operator.tokenType)) return [];
  if (before !== T.And && before !== T.Or) return [];
  const field = fieldBefore(scene);
  const place = source.span(operator.startOffset, operator.startOffset);
  const report = () =>
    diagnostic(
      "R1103",
      tokenSpan(source, operator),
      `\`${operator.image}\` lacks the field that it asks about`,
      {
        help:
          field === undefined
            ? "name the field again before it"
            : `write \`${field} ${operator.image} ...\`; several values of one field stand in \`any of (...)\``,
        fixes:
          field === undefined
            ? []
            : [{ title: `insert \`${field}\``, safe: false, edits: [{ span: place, newText: `${field} ` }] }],
      },
    );
  return [insertion(scene, T.Quoted, report)];
}

/** The path that the comparison before asks about. */
function fieldBefore({ source, tokens, fault }: Scene): string | undefined {
  const at = tokens.slice(0, fault.at).findLastIndex((token) => operators.has(token.tokenType));
  let start = at - 1;
  while (tokens[start - 1]?.tokenType === T.Dot && start >= 2) start -= 2;
  const path = tokens.slice(Math.max(0, start), Math.max(0, at));
  return path.length < 2 ? undefined : spanText(tokensSpan(source, path));
}
