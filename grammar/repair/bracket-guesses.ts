/** Guesses about values that stand in a row without the brackets that hold them, or in brackets where none stand. */
import type { TokenType } from "chevrotain";
import { diagnostic, spanText } from "../../src/diagnostics/index.ts";
import { createRuleToken, type RuleToken } from "../lexer.ts";
import { T } from "../tokens.ts";
import { isText, splice, virtualToken, type Guess } from "./guess.ts";
import { tokensSpan, type Scene } from "./trial.ts";

const comparing: ReadonlySet<TokenType> = new Set([
  ...[
    T.Is,
    T.Not,
    T.Contains,
    T.Contain,
    T.With,
    T.Like,
    T.Matches,
    T.Match,
    T.Exactly,
    T.To,
    T.From,
    T.Equals,
  ],
]);

/** `in "A", "B"`, `contains "a", "b"`: the fault is the comma. */
export function bareValues(scene: Scene): readonly Guess[] {
  const { tokens, fault } = scene;
  if (tokens[fault.at]?.tokenType !== T.Comma || !isValue(tokens[fault.at - 1])) return [];
  const before = tokens[fault.at - 2]?.tokenType;
  const run: Run = { from: fault.at - 1, to: endOfRun(tokens, fault.at - 1) };
  if (before === T.In) return [bracketed(scene, run, "R1103", "several values stand in square brackets")];
  if (before === undefined || !comparing.has(before)) return [];
  return [quantified(scene, run)];
}

/** `list a = "x", "y"`: the fault is the first value. */
export function listWithoutBrackets(scene: Scene): readonly Guess[] {
  const { tokens, fault } = scene;
  if (tokens[0]?.tokenType !== T.List || tokens[fault.at - 1]?.tokenType !== T.Equals) return [];
  if (!isValue(tokens[fault.at])) return [];
  const run: Run = { from: fault.at, to: endOfRun(tokens, fault.at) };
  return [bracketed(scene, run, "R1103", "a list stands in square brackets")];
}

/** `values ticket.priority = ["Low", "High"]` */
export function bracketsAroundValues({ source, tokens, fault }: Scene): readonly Guess[] {
  if (tokens[0]?.tokenType !== T.Values || tokens[fault.at]?.tokenType !== T.LBracket) return [];
  const close = tokens.findIndex((token, i) => i > fault.at && token.tokenType === T.RBracket);
  const end = close < 0 ? tokens.length - 1 : close;
  const inner = tokens.slice(fault.at + 1, close < 0 ? tokens.length : close);
  const span = tokensSpan(source, tokens.slice(fault.at, end + 1));
  const written = spanText(tokensSpan(source, inner));
  const report = () =>
    diagnostic("R1101", span, "the words of `values` stand without brackets", {
      help: `write \`${written}\`, or put \`<\` between them where they have an order`,
      fixes: [{ title: "remove the brackets", safe: false, edits: [{ span, newText: written }] }],
    });
  return [{ tokens: splice(tokens, fault.at, end + 1 - fault.at, ...inner), report }];
}

/** Tokens from `from` to before `to`. */
interface Run {
  readonly from: number;
  readonly to: number;
}

function isValue(token: RuleToken | undefined): boolean {
  return isText(token) || token?.tokenType === T.NumberLiteral;
}

function endOfRun(tokens: readonly RuleToken[], from: number): number {
  let to = from + 1;
  while (tokens[to]?.tokenType === T.Comma && isValue(tokens[to + 1])) to += 2;
  return to;
}

function bracketed({ source, tokens }: Scene, run: Run, code: "R1103", summary: string): Guess {
  const inner = tokens.slice(run.from, run.to);
  const span = tokensSpan(source, inner);
  const written = `[${spanText(span)}]`;
  const report = () =>
    diagnostic(code, span, summary, {
      help: `write \`${written}\``,
      fixes: [{ title: "put them in brackets", safe: true, edits: [{ span, newText: written }] }],
    });
  const open = virtualToken(T.LBracket, tokens, run.from);
  const close = virtualToken(T.RBracket, tokens, run.to);
  return { tokens: splice(tokens, run.from, run.to - run.from, open, ...inner, close), report };
}

function quantified({ source, tokens }: Scene, run: Run): Guess {
  const inner = tokens.slice(run.from, run.to);
  const span = tokensSpan(source, inner);
  const text = spanText(span);
  const report = () =>
    diagnostic("R1111", span, "several values need `any of` or `all of` before them", {
      help: `write \`any of (${text})\` or \`all of (${text})\``,
      fixes: ["any", "all"].map((word) => ({
        title: `write \`${word} of (...)\``,
        safe: false,
        edits: [{ span, newText: `${word} of (${text})` }],
      })),
    });
  // Words without length, but not taken for missing: the tree holds `any of`.
  const before = [T.Any, T.Of, T.LParen].map((type) =>
    createRuleToken(type, "", span.start, span.start, false),
  );
  const close = createRuleToken(T.RParen, "", span.end, span.end, false);
  return { tokens: splice(tokens, run.from, run.to - run.from, ...before, ...inner, close), report };
}
