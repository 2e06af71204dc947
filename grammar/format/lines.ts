/**
 * A declaration as lines with blocks below them, in the order of language.md 2. Knows which productions are lines of their own
 * and where they stand; nothing of how a sentence is written.
 *
 *   rule "x"                 head
 *     when alert received    line
 *     then                   line
 *       stop                   line in it
 *   end                      end
 */
import type { CstNode } from "chevrotain";
import type { CommentNode } from "../ast.ts";
import { flatText, LINE_WIDTH, widthOf, type Doc } from "./doc.ts";
import { inOrder } from "./line-order.ts";
import { childrenOf, isNode, joinPieces, rangeOf, type Child, type Piece, type Writing } from "./sentence.ts";
import { laySentence, layChild } from "./sentences.ts";

export interface Line {
  /** The production that it is. */
  readonly name: string;
  /** Written below each other, what follows these texts is aligned. */
  readonly key: string | undefined;
  readonly doc: Doc;
  readonly blankAbove: boolean;
  readonly blankBelowComments: boolean;
  /** Comments that have to leave the line, above those that stood there. */
  readonly inside: readonly CommentNode[];
  readonly above: readonly CommentNode[];
  readonly trailing: CommentNode | undefined;
  readonly body: readonly Line[];
  readonly end: EndLine | undefined;
}

export interface EndLine {
  /** At the end of the block, behind its last line. */
  readonly dangling: readonly CommentNode[];
  readonly trailing: CommentNode | undefined;
}

const lineNames: ReadonlySet<string> = new Set([
  ...[
    "clause",
    "action",
    "fieldLine",
    "dueInLine",
    "dedupLine",
    "noDedupLine",
    "onRepeatLine",
    "oncePerLine",
  ],
  ...[
    "lookupEntry",
    "lookupOtherwise",
    "zoneLine",
    "hoursLine",
    "closedLine",
    "recipientLine",
    "templateLine",
  ],
  ...[
    "maintenanceScopes",
    "maintenanceEvery",
    "maintenanceFrom",
    "calloutLine",
    "mailboxLine",
    "duplicateCase",
  ],
  ...["testLine"],
]);

export function buildLine(writing: Writing, node: CstNode): Line {
  const { head, body, end } = cut(node);
  const tokens = head.map(({ element }) => rangeOf(writing, element));
  const first = tokens.reduce((least, range) => Math.min(least, range.first), Infinity);
  const last = tokens.reduce((most, range) => Math.max(most, range.last), 0);
  const isSentence = body.length === 0 && end === undefined;
  const pieces = isSentence ? laySentence(writing, node) : head.flatMap((child) => layChild(writing, child));
  const { key, doc } = splitKey(node.name, pieces);
  const { inside, above, trailing } = writing.comments.take({ first, last });
  const lines = buildBody(writing, node.name, inOrder(body));
  const start = writing.tokens[first]?.startOffset ?? 0;
  return {
    name: node.name,
    key,
    doc,
    blankAbove: isBlankAbove(writing.text, above[0]?.span.start ?? start),
    blankBelowComments: isBlankAbove(writing.text, start),
    inside,
    above,
    trailing,
    body: lines,
    end: end === undefined ? undefined : buildEnd(writing, end),
  };
}

function buildEnd(writing: Writing, { element }: Child): EndLine {
  const { first } = rangeOf(writing, element);
  const dangling = writing.comments.takeLeading(first);
  return { dangling, trailing: writing.comments.takeTrailing(first)[0] };
}

interface Cut {
  readonly head: readonly Child[];
  readonly body: readonly CstNode[];
  readonly end: Child | undefined;
}

/** What stands on the line itself, and the lines below it, however deep in the tree they are. */
function cut(node: CstNode): Cut {
  const head: Child[] = [];
  const body: CstNode[] = [];
  let end: Child | undefined;
  for (const child of childrenOf(node)) {
    const { key, element } = child;
    if (!isNode(element)) {
      if (key === "End") end = child;
      else head.push(child);
    } else if (lineNames.has(key) && node.name !== "testLine") body.push(element);
    else if (holdsLines(element)) {
      const inner = cut(element);
      for (const part of inner.head) head.push(part);
      for (const line of inner.body) body.push(line);
      end ??= inner.end;
    } else head.push(child);
  }
  return { head, body, end };
}

const blockNames: ReadonlySet<string> = new Set([
  ...["thenClause", "createTicket", "bodyLine", "duplicatesBlock", "mailDefaults", "given", "givenTicket"],
  ...["timedStep", "step", "receiveAlert"],
]);

function holdsLines(node: CstNode): boolean {
  return blockNames.has(node.name);
}

const signs: ReadonlyMap<string, string> = new Map([
  ["fieldLine", "="],
  ["listDeclaration", "="],
  ["valuesDeclaration", "="],
  ["lookupEntry", "->"],
  ["lookupOtherwise", "->"],
  ["duplicateCase", "->"],
]);

function splitKey(name: string, pieces: readonly Piece[]): Pick<Line, "key" | "doc"> {
  const sign = signs.get(name);
  const at = sign === undefined ? -1 : pieces.findIndex((piece) => piece.doc === sign);
  if (at <= 0) return { key: undefined, doc: joinPieces(pieces) };
  return { key: flatText(joinPieces(pieces.slice(0, at))), doc: joinPieces(pieces.slice(at)) };
}

/* ---------- fields that share a line ---------- */

/** In tests, fields that were typed on one line stay on it (`source = "x", organization = "Acme"`), if it is short enough. */
function buildBody(writing: Writing, name: string, nodes: readonly CstNode[]): readonly Line[] {
  const lines = nodes.map((node) => buildLine(writing, node));
  if (name !== "testLine") return lines;
  const merged: Line[] = [];
  for (let from = 0; from < lines.length;) {
    let to = from + 1;
    while (to < lines.length && sharesLine(writing, [nodes[to - 1], nodes[to]], [lines[to - 1], lines[to]]))
      to++;
    for (const line of mergeFields(lines.slice(from, to))) merged.push(line);
    from = to;
  }
  return merged;
}

type Pair<Part> = readonly [before: Part | undefined, after: Part | undefined];

function sharesLine(writing: Writing, [left, right]: Pair<CstNode>, [before, after]: Pair<Line>): boolean {
  if (left === undefined || right === undefined || before === undefined || after === undefined) return false;
  if (before.trailing !== undefined || after.above.length > 0 || after.inside.length > 0) return false;
  const from = writing.tokens[rangeOf(writing, left).first]?.startOffset ?? 0;
  const to = writing.tokens[rangeOf(writing, right).last]?.endOffset ?? 0;
  return !/[\r\n]/.test(writing.text.slice(from, to));
}

/** Four columns are the indentation of such a line. */
function mergeFields(lines: readonly Line[]): readonly Line[] {
  const [first, ...others] = lines;
  if (first === undefined || others.length === 0) return lines;
  const texts = others.map(({ key, doc }) => `${key ?? ""} ${flatText(doc)}`);
  const text = [flatText(first.doc), ...texts].join(", ");
  if (widthOf(`    ${first.key ?? ""} ${text}`) > LINE_WIDTH) return lines;
  return [{ ...first, doc: text, trailing: others.at(-1)?.trailing }];
}

/** Whether a blank line stands before an offset; comments count as lines of their own. */
export function isBlankAbove(text: string, offset: number): boolean {
  let breaks = 0;
  for (let at = offset - 1; at >= 0 && breaks < 2; at--) {
    const character = text.charAt(at);
    if (character === "\n" || (character === "\r" && text.charAt(at + 1) !== "\n")) breaks++;
    else if (character.trim() !== "") return false;
  }
  return breaks >= 2;
}
