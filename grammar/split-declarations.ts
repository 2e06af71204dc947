/**
 * Cuts the tokens of a file into declarations, each parsed by itself: a mistake in one can't reach the next, and a missing
 * `end` is noticed where the next declaration begins. Knows how declarations begin, not what stands in them.
 *
 *   rules 1 │ list a = [...] │ rule "x" when ... end │ templte "y" ... end
 *           ↑ head of a declaration                   ↑ a misspelt one, behind `end`
 */
import type { TokenType } from "chevrotain";
import type { RuleToken } from "./lexer.ts";
import { T } from "./tokens.ts";

export interface Chunk {
  readonly tokens: readonly RuleToken[];
  /** The first token of the next declaration. */
  readonly next: RuleToken | undefined;
}

export function splitDeclarations(tokens: readonly RuleToken[]): readonly Chunk[] {
  const starts: number[] = [];
  for (let i = 0; i < tokens.length; i++) {
    if (i === 0 || beginsDeclaration(tokens, i, starts.at(-1) ?? 0)) starts.push(i);
  }
  return starts.map((start, i) => ({
    tokens: tokens.slice(start, starts[i + 1] ?? tokens.length),
    next: tokens[starts[i + 1] ?? tokens.length],
  }));
}

const namedByText: ReadonlySet<TokenType> = new Set([
  ...[T.Calendar, T.Category, T.Recipient, T.Template, T.Callout, T.Partner, T.Mailbox, T.Maintenance],
]);
const oneLine: ReadonlySet<TokenType> = new Set([T.List, T.Values, T.Define, T.Partner, T.Udf, T.Rules]);
/** What a noun in the middle of a sentence stands behind: `run callout "x"`, `expect rule "x"`. */
const joining: ReadonlySet<TokenType> = new Set([
  ...[T.Expect, T.By, T.When, T.Or, T.And, T.Given, T.Run, T.With, T.No, T.In, T.Per, T.Comma, T.Not],
  ...[T.Inactive, T.Equals, T.LParen, T.LBracket, T.During, T.Outside, T.Unmapped],
]);

function beginsDeclaration(tokens: readonly RuleToken[], at: number, start: number): boolean {
  const token = tokens[at];
  const previous = tokens[at - 1];
  if (token === undefined || previous === undefined || joining.has(previous.tokenType)) return false;
  const next = tokens[at + 1];
  const head = headKind(token, next);
  if (head === undefined) return isMisspeltHead(token, previous, next);
  if (head === "certain" || previous.tokenType === T.End || token.firstOnLine) return true;
  return oneLine.has(tokens[start]?.tokenType ?? T.End);
}

/** `certain`: a reserved word that stands nowhere else. */
function headKind(token: RuleToken, next: RuleToken | undefined): "certain" | "possible" | undefined {
  const type = token.tokenType;
  if (type === T.List || type === T.Lookup || type === T.Values || type === T.Define) return "certain";
  if (type === T.Rule || type === T.Test) return isText(next) || token.firstOnLine ? "possible" : undefined;
  if (type === T.Inactive)
    return next !== undefined && inactiveKinds.has(next.tokenType) ? "certain" : "possible";
  if (namedByText.has(type)) return isText(next) ? "possible" : undefined;
  if (type === T.Udf) {
    const scope = next?.tokenType;
    return scope === T.Ticket || scope === T.Organization || scope === T.Device ? "possible" : undefined;
  }
  return type === T.Rules && next?.tokenType === T.NumberLiteral && token.firstOnLine
    ? "possible"
    : undefined;
}

const inactiveKinds: ReadonlySet<TokenType> = new Set([T.Rule, T.Callout, T.Mailbox]);

function isText(token: RuleToken | undefined): boolean {
  return token?.tokenType.CATEGORIES?.includes(T.Quoted) === true;
}

/** `templte "x"` behind the `end` of the declaration before: no line of a block looks like this. */
function isMisspeltHead(token: RuleToken, previous: RuleToken, next: RuleToken | undefined): boolean {
  const { tokenType } = token;
  return tokenType === T.Word && token.firstOnLine && previous.tokenType === T.End && isText(next);
}
