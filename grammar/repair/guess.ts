/** What a guess is, and the ways in which one changes tokens. */
import type { TokenType } from "chevrotain";
import type { Diagnostic } from "../../src/diagnostics/index.ts";
import { createRuleToken, type RuleToken, tokenEnd } from "../lexer.ts";
import { T } from "../tokens.ts";
import type { Scene } from "./trial.ts";

export interface Guess {
  readonly tokens: readonly RuleToken[];
  readonly report: () => Diagnostic;
  /** Reading must get beyond this offset for the guess to count, not only beyond the fault. */
  readonly beyond?: number | undefined;
}

export type Guesser = (scene: Scene) => readonly Guess[];

/** The tokens with some taken out and some put in. */
export function splice(
  tokens: readonly RuleToken[],
  at: number,
  count: number,
  ...items: RuleToken[]
): RuleToken[] {
  return [...tokens.slice(0, at), ...items, ...tokens.slice(at + count)];
}

/** A token without text, at the end of the one before. */
export function virtualToken(type: TokenType, tokens: readonly RuleToken[], at: number): RuleToken {
  const previous = tokens[at - 1];
  const place = previous === undefined ? (tokens[at]?.startOffset ?? 0) : tokenEnd(previous);
  return { ...createRuleToken(type, "", place, place, false), isInsertedInRecovery: true };
}

/** Puts a token without text in at the fault. */
export function insertion(scene: Scene, type: TokenType, report: () => Diagnostic): Guess {
  const { tokens, fault } = scene;
  return { tokens: splice(tokens, fault.at, 0, virtualToken(type, tokens, fault.at)), report };
}

export function isSoft(token: RuleToken): boolean {
  return token.tokenType === T.Word || token.tokenType.CATEGORIES?.includes(T.Word) === true;
}

export function isText(token: RuleToken | undefined): boolean {
  return token?.tokenType.CATEGORIES?.includes(T.Quoted) === true;
}
