/**
 * What an editor asks about a place in half-typed text: which tokens stand before it in its declaration, and which could
 * follow. Asked of the parser itself: each kind of token is tried behind what stands there, so completion knows no
 * second grammar. Knows the language, no names.
 */
import type { TokenType } from "chevrotain";
import type { SourceText } from "../src/diagnostics/index.ts";
import type { CommentNode } from "./ast.ts";
import { DiagnosticSink } from "./diagnostic-sink.ts";
import { createRuleToken, lex, type RuleToken } from "./lexer.ts";
import { tryRead } from "./repair/trial.ts";
import { isLetterAt } from "./scan-text.ts";
import { splitDeclarations } from "./split-declarations.ts";
import { allTokens, reservedTypes, T, wordTypes } from "./tokens.ts";

export interface PlainToken {
  /** Name of its type: `When`, `Word`, `PlainText`. */
  readonly type: string;
  readonly kind: "reserved" | "word" | "text" | "number" | "sign";
  readonly image: string;
  readonly start: number;
  readonly end: number;
  readonly firstOnLine: boolean;
}

export interface Assist {
  /** Tokens of the declaration at hand that end before the place, without the one under way. */
  readonly before: readonly PlainToken[];
  /** The word or text that the place stands in, or ends. */
  readonly at: PlainToken | undefined;
  readonly inComment: boolean;
  /** Small words and names of token types that could stand here, and the productions under way, outermost first. */
  readonly expected: ReadonlySet<string>;
  readonly productions: readonly string[];
  /** A declaration could begin here. */
  readonly mayBegin: boolean;
}

export function plainTokens(source: SourceText): {
  readonly tokens: readonly PlainToken[];
  readonly comments: readonly CommentNode[];
} {
  const { tokens, comments } = lex(source, new DiagnosticSink());
  return { tokens: tokens.map(toPlain), comments };
}

export function assistAt(source: SourceText, offset: number): Assist {
  const { tokens, comments } = lex(source, new DiagnosticSink());
  const at = tokens.find((token) => isUnderWay(source, token, offset));
  const until = at?.startOffset ?? offset;
  const chunk = splitDeclarations(tokens).findLast(
    ({ tokens: [first] }) => (first?.startOffset ?? 0) < until,
  );
  const before = (chunk?.tokens ?? []).filter((token) => endOf(token) <= until);
  // Hover and signatures ask only for the tokens: nothing is tried before somebody wants to know.
  let told: Told | undefined;
  const tell = (): Told => (told ??= tellAbout(before));
  return {
    before: before.map(toPlain),
    at: at && toPlain(at),
    inComment: comments.some(({ span }) => span.start < offset && offset <= span.end),
    get expected() {
      return tell().expected;
    },
    get productions() {
      return tell().productions;
    },
    get mayBegin() {
      return tell().mayBegin;
    },
  };
}

type Told = Pick<Assist, "expected" | "productions" | "mayBegin">;

function tellAbout(before: readonly RuleToken[]): Told {
  const { tail, isWhole } = readable(before);
  return {
    ...expectedBehind(tail),
    mayBegin: before.length === 0 || (isWhole && tryRead(before, false).fault === undefined),
  };
}

/** All kinds of tokens are tried behind at most so many. */
const TRIED_TOKENS_MAX = 120;

/** A part of the declaration that reads to its end: the whole, else its head with the last clause, line or action. */
function readable(before: readonly RuleToken[]): {
  readonly tail: readonly RuleToken[];
  readonly isWhole: boolean;
} {
  const fits = (tokens: readonly RuleToken[]): boolean => {
    const { fault } = tryRead(tokens, false);
    return fault === undefined || fault.at >= tokens.length;
  };
  if (before.length <= TRIED_TOKENS_MAX && fits(before)) return { tail: before, isWhole: true };
  const headLength = before[0]?.tokenType === T.Inactive ? 3 : 2;
  const head = before.slice(0, headLength);
  const isRule = head.some(({ tokenType }) => tokenType === T.Rule);
  for (let i = before.length - 1, tries = 0; i >= headLength && tries < TRIED_TOKENS_MAX; i--) {
    const token = before[i];
    if (token === undefined || !(token.firstOnLine || clauseWords.has(token.tokenType))) continue;
    const rest = before.slice(i, i + TRIED_TOKENS_MAX);
    if (rest.length < before.length - i) break;
    for (const lead of isRule ? [head, [...head, ...leadToActions]] : [head]) {
      tries++;
      if (fits([...lead, ...rest])) return { tail: [...lead, ...rest], isWhole: false };
    }
  }
  return { tail: head, isWhole: false };
}

const clauseWords: ReadonlySet<TokenType> = new Set([
  ...[T.When, T.If, T.Except, T.Then, T.Create, T.Add, T.Set, T.Complete, T.Remove, T.Run, T.Notify],
  ...[T.Suppress, T.Stop, T.At, T.After, T.Given, T.Expect, T.Receive],
]);

function expectedBehind(tail: readonly RuleToken[]): Pick<Assist, "expected" | "productions"> {
  const expected = new Set<string>();
  for (const type of tried) {
    const { fault } = tryRead([...tail, sample(type)], false);
    if (fault !== undefined && fault.at <= tail.length) continue;
    for (const word of wordsOf.get(type) ?? [type.name]) expected.add(word);
  }
  // Nothing takes this token: where it fails says what is being read.
  const { fault } = tryRead([...tail, sample(T.FourXx)], false);
  return { expected, productions: fault?.productions ?? [] };
}

/** Words of other languages are taken to be refused. */
const refused: ReadonlySet<TokenType> = new Set([T.Exists, T.Unless, T.Else, T.EqualsWord, T.Quoted]);
const unwanted: ReadonlySet<TokenType> = new Set([
  ...[T.BlockText, T.RawText, T.UnclosedText, T.UnclosedBlock, T.CurlyText, T.BareText],
  ...[T.DecimalComma, T.ShortDuration],
]);
const tried: readonly TokenType[] = allTokens.filter((type) => !refused.has(type) && !unwanted.has(type));

const wordsOf: ReadonlyMap<TokenType, readonly string[]> = new Map(
  [...Map.groupBy([...wordTypes], ([, type]) => type)].map(([type, pairs]) => [
    type,
    pairs.map(([word]) => word).filter((word) => word !== "honor"),
  ]),
);

function sample(type: TokenType): RuleToken {
  const image = wordsOf.get(type)?.[0] ?? "x";
  return createRuleToken(type, image, 0, image.length, true);
}

/** Behind it an action may stand. */
const leadToActions: readonly RuleToken[] = [T.When, T.Alert, T.Received, T.Then].map((type) => sample(type));

function isUnderWay(source: SourceText, token: RuleToken, offset: number): boolean {
  const { startOffset: start } = token;
  const end = endOf(token);
  if (token.tokenType.CATEGORIES?.includes(T.Quoted) === true) {
    const isOpen = token.tokenType === T.UnclosedText || token.tokenType === T.UnclosedBlock;
    return start < offset && (offset < end || (isOpen && offset === end));
  }
  return start < offset && offset <= end && isLetterAt(source.text, start);
}

function endOf(token: RuleToken): number {
  return token.startOffset + token.image.length;
}

function toPlain(token: RuleToken): PlainToken {
  const { image, startOffset, tokenType, firstOnLine } = token;
  return {
    type: tokenType.name,
    kind: kindOf(tokenType),
    image,
    start: startOffset,
    end: startOffset + image.length,
    firstOnLine,
  };
}

function kindOf(type: TokenType): PlainToken["kind"] {
  if (type.CATEGORIES?.includes(T.Quoted) === true) return "text";
  if (reservedTypes.has(type)) return "reserved";
  if (type === T.Word || type.CATEGORIES?.includes(T.Word) === true) return "word";
  return numbers.has(type) ? "number" : "sign";
}

const numbers: ReadonlySet<TokenType> = new Set([
  ...[T.NumberLiteral, T.DecimalComma, T.ShortDuration, T.ClockLiteral, T.DateLiteral, T.FourXx],
]);
