/** A block without its `end`: told at the words that open it, with a label where it was noticed. */
import type { TokenType } from "chevrotain";
import { diagnostic, type Diagnostic, type SourceText, type Span } from "../../src/diagnostics/index.ts";
import { type RuleToken, tokenEnd } from "../lexer.ts";
import { T } from "../tokens.ts";
import { tokensSpan, tokenSpan, type Scene } from "./trial.ts";

/** Blocks that close with `end`, by production, and the word that opens each. */
const openers: ReadonlyMap<string, readonly TokenType[]> = new Map([
  ["rule", [T.Rule]],
  ["test", [T.Test]],
  ["lookupDeclaration", [T.Lookup]],
  ["calendarDeclaration", [T.Calendar]],
  ["categoryDeclaration", [T.Category]],
  ["recipientDeclaration", [T.Recipient]],
  ["templateDeclaration", [T.Template]],
  ["calloutDeclaration", [T.Callout]],
  ["mailboxDeclaration", [T.Mailbox]],
  ["maintenanceDeclaration", [T.Maintenance]],
  ["bodyLine", [T.Body]],
  ["duplicatesBlock", [T.Duplicates]],
  ["mailDefaults", [T.Ticket, T.Note, T.Time, T.Project, T.Task]],
  ["receiveAlert", [T.Receive]],
  ["givenTicket", [T.Given]],
]);
const innerBlocks = ["bodyLine", "duplicatesBlock", "mailDefaults", "receiveAlert", "givenTicket"];
const innerOpeners: ReadonlySet<TokenType> = new Set(innerBlocks.flatMap((name) => openers.get(name) ?? []));

export function missingEnd(scene: Scene): Diagnostic {
  const { source, tokens, fault } = scene;
  const misread = fault.at >= tokens.length ? misreadEnd(source, tokens) : undefined;
  const opener = misread?.opener ?? openBlock(scene);
  const noticed = misread?.end ?? tokens[fault.at] ?? scene.chunk.next;
  const head = headSpan(source, tokens, opener);
  return diagnostic("R1102", head, `\`${opener.image}\` without its \`end\``, {
    note: "opened here",
    labels:
      noticed === undefined
        ? []
        : [{ span: tokenSpan(source, noticed), text: noticedText(scene, misread, noticed) }],
    help: "close the block with `end` on a line of its own",
    fixes: [endFix(scene, opener, misread?.end)],
  });
}

function noticedText(scene: Scene, misread: unknown, noticed: RuleToken): string {
  if (misread !== undefined) return "this `end` was taken for it";
  return noticed === scene.chunk.next ? "noticed here, where the next declaration begins" : "noticed here";
}

function openBlock({ tokens, fault }: Scene): RuleToken {
  const production = fault.productions.findLast((name) => openers.has(name)) ?? "rule";
  const types = openers.get(production) ?? [];
  const found = tokens
    .slice(0, fault.at)
    .findLast((token) => types.includes(token.tokenType) && opensLine(token, tokens));
  return found ?? firstOf(tokens);
}

/** `at 23:05 receive alert` opens a block in the middle of its line. */
function opensLine(token: RuleToken, tokens: readonly RuleToken[]): boolean {
  return token.firstOnLine || token.tokenType === T.Receive || token === tokens[0] || token === tokens[1];
}

function firstOf(tokens: readonly RuleToken[]): RuleToken {
  const [first] = tokens;
  if (first === undefined) throw new Error("a declaration has at least one token");
  return first;
}

/**
 * An `end` that stands where the declaration's own would, while a block inside is deeper: then it is the inner block
 * that lacks its `end`, though the grammar only sees that one is missing at the very end.
 */
function misreadEnd(
  source: SourceText,
  tokens: readonly RuleToken[],
): { readonly opener: RuleToken; readonly end: RuleToken } | undefined {
  const outer = indentOf(source, firstOf(tokens));
  const index = tokens.findLastIndex((token) => token.tokenType === T.End);
  const end = tokens[index];
  if (end === undefined || !end.firstOnLine || indentOf(source, end) !== outer) return undefined;
  const opener = tokens
    .slice(1, index)
    .findLast(
      (token) => innerOpeners.has(token.tokenType) && (token.firstOnLine || token.tokenType === T.Receive),
    );
  if (opener === undefined || indentOf(source, opener) <= outer) return undefined;
  const closedBefore = tokens.slice(tokens.indexOf(opener), index).some((token) => token.tokenType === T.End);
  return closedBefore ? undefined : { opener, end };
}

function indentOf(source: SourceText, token: RuleToken): number {
  const { text } = source;
  let start = token.startOffset;
  while (start > 0 && text.charCodeAt(start - 1) !== 10 && text.charCodeAt(start - 1) !== 13) start--;
  return /^[ \t]*/.exec(text.slice(start, token.startOffset))?.[0].length ?? 0;
}

/** The opening word with the name behind it. */
function headSpan(source: SourceText, tokens: readonly RuleToken[], opener: RuleToken): Span {
  const at = tokens.indexOf(opener);
  const next = tokens[at + 1];
  const isHead =
    next !== undefined && (at <= 1 || opener.tokenType === T.Receive || opener.tokenType === T.Body);
  return isHead ? tokensSpan(source, [opener, next]) : tokenSpan(source, opener);
}

function endFix({ source, tokens, fault }: Scene, opener: RuleToken, before: RuleToken | undefined) {
  const indent = " ".repeat(indentOf(source, opener));
  const previous = before === undefined ? tokens[fault.at - 1] : tokens[tokens.indexOf(before) - 1];
  const place = previous === undefined ? 0 : tokenEnd(previous);
  return {
    title: "add `end`",
    safe: false,
    edits: [{ span: source.span(place, place), newText: `\n${indent}end` }],
  };
}
