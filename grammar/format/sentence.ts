/**
 * A concrete tree in the order of its text, and how its words are joined to a line. Knows which signs stand close to their
 * neighbours and which words are small; nothing of single sentences.
 */
import type { CstElement, CstNode, IToken } from "chevrotain";
import type { RuleToken } from "../lexer.ts";
import { T } from "../tokens.ts";
import type { CommentNode } from "../ast.ts";
import { group, hardLine, nest, type Doc } from "./doc.ts";
import type { CommentPlaces, TokenRange } from "./comment-places.ts";
import { blockLines } from "./text-block.ts";

/** What every step of writing a file needs. */
export interface Writing {
  readonly tokens: readonly RuleToken[];
  readonly indexes: ReadonlyMap<IToken, number>;
  readonly comments: CommentPlaces;
  /** The text of the file. */
  readonly text: string;
}

/** A word, a sign, or a part that was laid out by itself. */
export interface Piece {
  readonly doc: Doc;
  readonly closeLeft: boolean;
  readonly closeRight: boolean;
  /** After it a long line may break. */
  readonly comma: boolean;
  /** Comments at the end of the line that the comma ends, and above what follows it: after them the line must break. */
  readonly comments?: CommaComments;
}

export interface CommaComments {
  readonly behind: readonly CommentNode[];
  readonly below: readonly CommentNode[];
}

export interface Child {
  /** The name under which the production took it: of the token type, or of the production. */
  readonly key: string;
  readonly element: CstElement;
}

export function childrenOf(node: CstNode): readonly Child[] {
  const all = Object.entries(node.children).flatMap(([key, elements]) =>
    elements.map((element) => ({ key, element })),
  );
  return all.sort((a, b) => startOf(a.element) - startOf(b.element));
}

export function childNode(node: CstNode, key: string): CstNode | undefined {
  return childNodes(node, key)[0];
}

export function childNodes(node: CstNode, key: string): readonly CstNode[] {
  return (node.children[key] ?? []).filter((element) => isNode(element));
}

export function childToken(node: CstNode, key: string): IToken | undefined {
  return (node.children[key] ?? []).find((element): element is IToken => !isNode(element));
}

export function isNode(element: CstElement): element is CstNode {
  return "children" in element;
}

export function startOf(element: CstElement): number {
  return isNode(element) ? (element.location?.startOffset ?? 0) : element.startOffset;
}

export function rangeOf(writing: Writing, element: CstElement): TokenRange {
  const leaves = leavesOf(element);
  const indexes = leaves.map((leaf) => writing.indexes.get(leaf) ?? 0);
  return indexes.reduce<TokenRange>(
    (range, index) => ({ first: Math.min(range.first, index), last: Math.max(range.last, index) }),
    { first: Infinity, last: -1 },
  );
}

function leavesOf(element: CstElement): readonly IToken[] {
  if (!isNode(element)) return [element];
  return Object.values(element.children).flatMap((elements) => elements.flatMap(leavesOf));
}

/** Taken as a name it stays as typed; a keyword is written small. */
export function tokenPiece(key: string, token: IToken): Piece {
  const type = token.tokenType;
  const isDot = type === T.Dot;
  return {
    doc: tokenDoc(key, token),
    closeLeft: isDot || type === T.Comma || type === T.RBracket || type === T.RParen,
    closeRight: isDot || type === T.LBracket || type === T.LParen,
    comma: type === T.Comma,
  };
}

function tokenDoc(key: string, token: IToken): Doc {
  const { image, tokenType } = token;
  if (key === "Word" || key === "Quoted") {
    const lines = tokenType === T.BlockText ? blockLines(image) : undefined;
    return lines === undefined ? image : ['"""', { kind: "block", lines }];
  }
  if (tokenType === T.DecimalComma) return image.replaceAll(",", ", ");
  if (tokenType === T.Arrow) return "->";
  if (tokenType === T.Honour) return "honour";
  return image.toLowerCase();
}

export function word(text: string): Piece {
  return { doc: text, closeLeft: false, closeRight: false, comma: false };
}

export function part(doc: Doc): Piece {
  return { doc, closeLeft: false, closeRight: false, comma: false };
}

export const comma: Piece = { doc: ",", closeLeft: true, closeRight: false, comma: true };

/** One line; a long one breaks behind its commas, and one with comments behind those that have them. */
export function joinPieces(pieces: readonly Piece[]): Doc {
  const rows: Doc[][] = [[]];
  let segment: Doc[] = [];
  pieces.forEach((piece, i) => {
    const before = pieces[i - 1];
    if (before?.comma === true && before.comments === undefined) {
      rows.at(-1)?.push(group(segment));
      segment = [];
    } else if (before !== undefined && !before.comma && !before.closeRight && !piece.closeLeft)
      segment.push(" ");
    segment.push(piece.doc);
    if (piece.comments !== undefined) {
      segment.push(commentsBehind(piece.comments));
      rows.at(-1)?.push(group(segment));
      segment = piece.comments.below.flatMap(({ text }) => [text, hardLine]);
      rows.push([]);
    }
  });
  rows.at(-1)?.push(group(segment));
  const [first = []] = rows;
  const [only] = first;
  if (rows.length === 1 && first.length === 1 && only !== undefined) return segment;
  return nest(
    4,
    rows.map((parts, i): Doc => [i > 0 ? hardLine : "", { kind: "fill", parts }]),
  );
}

function commentsBehind({ behind }: CommaComments): Doc {
  return behind.map(({ text }): Doc => ({ kind: "trailer", text }));
}
