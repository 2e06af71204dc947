/**
 * The sentences of the language as pieces of a line: every accepted spelling in its one form (language.md 3.2, 3.3). Knows the
 * productions by name; nothing of blocks and their lines (lines.ts).
 */
import type { CstNode, IToken } from "chevrotain";
import { conditionDoc, isChain, itemsOf, listDoc } from "./conditions.ts";
import { group, nest, softLine, type Doc } from "./doc.ts";
import { bracketed, chained, type ListItem } from "./lists.ts";
import {
  childNode,
  childNodes,
  childrenOf,
  childToken,
  comma,
  isNode,
  joinPieces,
  part,
  rangeOf,
  tokenPiece,
  word,
  type Child,
  type Piece,
  type Writing,
} from "./sentence.ts";

type Layout = (writing: Writing, node: CstNode) => readonly Piece[];

/** Any part of a sentence: in its own form where it has one, else as typed with single blanks. */
export function laySentence(writing: Writing, node: CstNode): readonly Piece[] {
  return layouts.get(node.name)?.(writing, node) ?? layAsTyped(writing, node);
}

function layAsTyped(writing: Writing, node: CstNode): readonly Piece[] {
  return childrenOf(node).flatMap((child) => layChild(writing, child));
}

export function layChild(writing: Writing, { key, element }: Child): readonly Piece[] {
  if (isNode(element)) return laySentence(writing, element);
  return [key === "Comma" ? commaPiece(writing, element) : tokenPiece(key, element)];
}

/** A comment behind a comma, or above what follows it, stays there: the line breaks for it. */
function commaPiece({ comments, indexes }: Writing, token: IToken): Piece {
  const index = indexes.get(token);
  if (index === undefined) return comma;
  const behind = comments.takeTrailing(index);
  const below = comments.takeLeading(index + 1);
  return behind.length + below.length === 0 ? comma : { ...comma, comments: { behind, below } };
}

/** As typed, with the tokens of some keys in another form or left out. */
function rewriting(forms: Readonly<Record<string, string>>): Layout {
  return (writing, node) =>
    childrenOf(node).flatMap((child) => {
      const form = isNode(child.element) ? undefined : forms[child.key];
      if (form === undefined) return layChild(writing, child);
      return form === "" ? [] : [word(form)];
    });
}

const layouts: ReadonlyMap<string, Layout> = new Map<string, Layout>([
  ["condition", (writing, node) => [part(nest("here", conditionDoc(writing, node, laySentence)))]],
  ["list", (writing, node) => [part(listDoc(writing, node, laySentence, "list"))]],
  ["expression", layExpression],
  ["pathOrLookup", layPathOrLookup],
  ["per", layPer],
  ["count", rewriting({ Within: "in", Alert: "alerts" })],
  ["defineDeclaration", layDefine],
  ["valuesDeclaration", layValues],
  ["whenClause", layWhen],
  ["fieldEvent", rewriting({ Changed: "changes" })],
  ["valueList", layValueList],
  ["scope", rewriting({ Organizations: "organization" })],
  ["setField", rewriting({ To: "=", Is: "=" })],
  ["changeTag", rewriting({ Tags: "tag" })],
  ["tagsPart", rewriting({ Tag: "tags" })],
  ["notify", layNotify],
  ["fieldLine", rewriting({ Comma: "" })],
  ["dueInLine", rewriting({ Comma: "" })],
  ["fieldLines", layFieldLines],
  ["lookupEntry", layLookupEntry],
  ["lookupOtherwise", rewriting({ Comma: "" })],
  ["duplicateCase", rewriting({ Comma: "" })],
]);

function layExpression(writing: Writing, node: CstNode): readonly Piece[] {
  const [first, ...others] = childNodes(node, "atom").map((atom) => laySentence(writing, atom));
  if (first === undefined || others.length === 0) return first ?? [];
  const rest = others.map((pieces): Doc => [softLine, "or ", joinPieces(pieces)]);
  return [part(group(nest(2, [joinPieces(first), rest])))];
}

/** The bracket of a lookup stands close to its name. */
function layPathOrLookup(writing: Writing, node: CstNode): readonly Piece[] {
  return childrenOf(node).flatMap((child) => {
    const pieces = layChild(writing, child);
    return child.key === "LBracket" ? pieces.map((piece) => ({ ...piece, closeLeft: true })) : pieces;
  });
}

function layPer(writing: Writing, node: CstNode): readonly Piece[] {
  const items = itemsOf(writing, node, "path", (path) => joinPieces(laySentence(writing, path)));
  const [only] = items;
  if (items.length === 1 && only !== undefined) return [word("per"), part(only.doc)];
  const { last } = rangeOf(writing, node);
  const opener = childToken(node, "LParen");
  const first = opener === undefined ? last : rangeOf(writing, opener).first;
  const form = { open: "(", close: ")", lastComma: false };
  return [word("per"), part(bracketed(writing, items, { first, last }, form))];
}

/** A long condition goes on below, not far to the right. */
function layDefine(writing: Writing, node: CstNode): readonly Piece[] {
  const name = childNode(node, "bareName");
  const condition = childNode(node, "condition");
  if (name === undefined || condition === undefined) return layAsTyped(writing, node);
  const doc = nest(isChain(condition) ? 2 : 0, conditionDoc(writing, condition, laySentence));
  return [word("define"), ...laySentence(writing, name), word("as"), part(doc)];
}

/** A long order breaks before `<`. */
function layValues(writing: Writing, node: CstNode): readonly Piece[] {
  const ranks: Doc[] = [];
  const head: Piece[] = [];
  let rank: Piece[] = [];
  let isHead = true;
  for (const child of childrenOf(node)) {
    const pieces = layChild(writing, child);
    if (isHead) head.push(...pieces);
    else if (child.key === "LessThan") {
      ranks.push(joinPieces(rank));
      rank = [...pieces];
    } else rank.push(...pieces);
    if (child.key === "Equals") isHead = false;
  }
  ranks.push(joinPieces(rank));
  const parts: Doc = ranks.length > 1 ? nest(4, { kind: "fill", parts: ranks }) : ranks;
  return [...head, part(parts)];
}

function layWhen(writing: Writing, node: CstNode): readonly Piece[] {
  const items: ListItem[] = [];
  let or: Child | undefined;
  for (const child of childrenOf(node)) {
    if (child.key === "Or") or = child;
    if (child.key !== "event") continue;
    const range = rangeOf(writing, child.element);
    const doc = joinPieces(layChild(writing, child));
    const first = or === undefined ? range.first : rangeOf(writing, or.element).first;
    items.push({ doc: or === undefined ? doc : ["or ", doc], range: { first, last: range.last } });
  }
  return [word("when"), part(nest("here", chained(writing, items)))];
}

/** `to any of ("A", "B")` is `to "A", "B"`. */
function layValueList(writing: Writing, node: CstNode): readonly Piece[] {
  const values = childNode(node, "valueGroup");
  if (values === undefined) return layAsTyped(writing, node);
  const expressions = childNodes(values, "expression").map((value) => laySentence(writing, value));
  return expressions.flatMap((pieces, i) => (i === 0 ? pieces : [comma, ...pieces]));
}

function layNotify(writing: Writing, node: CstNode): readonly Piece[] {
  return childrenOf(node).flatMap((child) => {
    if (child.key === "With") return [];
    const pieces = layChild(writing, child);
    return child.key === "Template" ? [word("with"), ...pieces] : pieces;
  });
}

function layFieldLines(writing: Writing, node: CstNode): readonly Piece[] {
  const fields = childNodes(node, "fieldLine").map((field) => laySentence(writing, field));
  return fields.flatMap((pieces, i) => (i === 0 ? pieces : [comma, ...pieces]));
}

/** Without a comma behind the value. */
function layLookupEntry(writing: Writing, node: CstNode): readonly Piece[] {
  const children = childrenOf(node);
  const kept = children.at(-1)?.key === "Comma" ? children.slice(0, -1) : children;
  // What stands before the arrow is a key, to which others are aligned: its comments stand above the line.
  return kept.flatMap((child) => (child.key === "Comma" ? [comma] : layChild(writing, child)));
}
