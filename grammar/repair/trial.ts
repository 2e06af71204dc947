/**
 * Reads a declaration up to its first mistake, and judges a guess by whether reading gets further with it.
 * Knows nothing of what the guesses are.
 */
import type { CstNode, IRecognitionException } from "chevrotain";
import type { SourceText, Span } from "../../src/diagnostics/index.ts";
import { type RuleToken, tokenEnd } from "../lexer.ts";
import { sharedParser } from "../parser.ts";
import type { Chunk } from "../split-declarations.ts";

/** The first mistake of a declaration. */
export interface Fault {
  /** Index of the token that does not fit; the number of tokens when the declaration ends too early. */
  readonly at: number;
  /** Names of the token types that could stand there, as far as the grammar says. */
  readonly expected: readonly string[];
  /** Productions under way, outermost first. */
  readonly productions: readonly string[];
}

/** What a guess looks at. */
export interface Scene {
  readonly source: SourceText;
  readonly chunk: Chunk;
  readonly tokens: readonly RuleToken[];
  readonly fault: Fault;
}

export interface Attempt {
  readonly tree: CstNode | undefined;
  readonly fault: Fault | undefined;
}

export function tryRead(tokens: readonly RuleToken[], recover: boolean): Attempt {
  const { tree, errors } = sharedParser().parse(tokens, recover);
  const [error] = errors;
  return { tree, fault: error === undefined ? undefined : faultOf(tokens, error) };
}

function faultOf(tokens: readonly RuleToken[], error: IRecognitionException): Fault {
  const [shift = "0", names = ""] = error.message.split(":");
  const found = tokens.indexOf(error.token as RuleToken);
  const at = found < 0 ? tokens.length : Math.min(tokens.length, found + Number(shift));
  return { at, expected: names.split(" ").filter(Boolean), productions: error.context.ruleStack };
}

/** How far reading got, as the offset of the token that did not fit. */
export function reach(tokens: readonly RuleToken[], fault: Fault | undefined): number {
  if (fault === undefined) return Infinity;
  return tokens[fault.at]?.startOffset ?? Number.MAX_SAFE_INTEGER;
}

export function tokenSpan(source: SourceText, token: RuleToken): Span {
  return source.span(token.startOffset, tokenEnd(token));
}

/** From the first to the last token, both in. */
export function tokensSpan(source: SourceText, tokens: readonly RuleToken[]): Span {
  const first = tokens[0];
  const last = tokens.at(-1);
  if (first === undefined || last === undefined) return source.span(0, 0);
  return source.span(first.startOffset, tokenEnd(last));
}

export function onSameLine(source: SourceText, before: RuleToken, after: RuleToken): boolean {
  return !/[\r\n]/.test(source.text.slice(tokenEnd(before), after.startOffset));
}
