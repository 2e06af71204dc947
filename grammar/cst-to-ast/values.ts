/** Literals, paths, lists and fallbacks: from the concrete tree to expressions. Refuses the forms that only look right. */
import type { IToken } from "chevrotain";
import type { Expression, ListNode, Name, NumberNode, PathNode, SecretNode, StringNode } from "../ast.ts";
import { exactText } from "../../src/domain/index.ts";
import type * as Cst from "../gen/cst.d.ts";
import {
  endOf,
  first,
  isVirtual,
  inOrder,
  replaceFix,
  spanOf,
  spanOver,
  startOf,
  typed,
  type TreeContext,
} from "./context.ts";
import { isLetterAt } from "../scan-text.ts";
import { T } from "../tokens.ts";
import { buildString } from "./text.ts";
import { buildDurationParts, buildMoment } from "./times.ts";

export function buildExpression(
  context: TreeContext,
  node: Cst.ExpressionCstNode | undefined,
): Expression | undefined {
  if (node === undefined) return undefined;
  const parts = typed(node.children.atom).flatMap((atom) => buildAtom(context, atom) ?? []);
  if (parts.length <= 1) return parts[0];
  return { kind: "fallback", of: parts, span: spanOf(context, node) };
}

export function buildAtom(context: TreeContext, node: Cst.AtomCstNode | undefined): Expression | undefined {
  const children = node?.children;
  if (node === undefined || children === undefined) return undefined;
  const quoted = first(children.Quoted);
  if (quoted !== undefined) return buildString(context, quoted);
  const path = first(children.pathOrLookup);
  if (path !== undefined) return buildPathOrLookup(context, path);
  const duration = first(children.durationValue);
  if (duration !== undefined) return buildDurationParts(context, duration);
  const number = first(children.NumberLiteral) ?? first(children.DecimalComma);
  if (number !== undefined) return buildNumber(context, number);
  const truth = first(children.True) ?? first(children.False);
  if (truth !== undefined) {
    return { kind: "boolean", value: truth.image.toLowerCase() === "true", span: spanOf(context, truth) };
  }
  return buildMoment(context, first(children.moment)) ?? buildList(context, first(children.list));
}

export function buildText(context: TreeContext, token: IToken | undefined): StringNode | undefined {
  return token === undefined ? undefined : buildString(context, token);
}

export function buildTexts(context: TreeContext, node: Cst.TextsCstNode | undefined): readonly StringNode[] {
  return typed(node?.children.Quoted).map((token) => buildString(context, token));
}

/** A name is exact after trimming and NFC. */
export function buildName(context: TreeContext, token: IToken | undefined): Name | undefined {
  return token === undefined ? undefined : nameOf(context, token);
}

function nameOf(context: TreeContext, token: IToken): Name {
  if (token.tokenType === T.BlockText && !isVirtual(token))
    context.sink.report("R1101", spanOf(context, token), "a text block cannot be a name", {
      help: 'a name stands in `"..."` on one line',
    });
  const quoted = !isLetterAt(token.image, 0) && /^\W/.test(token.image);
  const text = quoted ? buildString(context, token).value : token.image;
  return { text: exactText(text), quoted, span: spanOf(context, token) };
}

export function buildNames(context: TreeContext, node: Cst.TextsCstNode | undefined): readonly Name[] {
  return typed(node?.children.Quoted).flatMap((token) => buildName(context, token) ?? []);
}

export function buildPath(context: TreeContext, node: Cst.PathCstNode | undefined): PathNode | undefined {
  if (node === undefined) return undefined;
  const tokens = inOrder(node.children.Word, node.children.Quoted);
  const segments = tokens.map((token) => nameOf(context, token));
  const dangling = node.children.Dot?.[Math.max(0, segments.length - 1)];
  if (dangling !== undefined) {
    context.sink.report("R1103", spanOf(context, dangling), "a field name is missing after the dot");
    // The root alone would be taken for the name of a definition: a second message for one mistake.
    if (segments.length === 1) return undefined;
  }
  return segments.length === 0 ? undefined : { kind: "path", segments, span: spanOf(context, node) };
}

function buildPathOrLookup(context: TreeContext, node: Cst.PathOrLookupCstNode): Expression | undefined {
  const { children } = node;
  if (first(children.Default) !== undefined) return { kind: "category-default", span: spanOf(context, node) };
  const secret = first(children.secret);
  if (secret !== undefined) return buildSecret(context, secret);
  const path = buildPath(context, first(children.path));
  const bracket = first(children.LBracket);
  if (bracket === undefined || path === undefined) return path;
  const [table, ...others] = path.segments;
  if (others.length > 0 || table === undefined) {
    context.sink.report("R1101", spanOf(context, bracket), "`[` stands only behind the name of a lookup", {
      help: "name the lookup alone, such as `priority_for[alert.severity]`",
    });
    return path;
  }
  const index = buildExpression(context, first(children.expression));
  return { kind: "lookup", table, index, span: spanOf(context, node) };
}

function buildSecret(context: TreeContext, node: Cst.SecretCstNode): SecretNode {
  return {
    kind: "secret",
    name: buildName(context, first(node.children.Quoted)),
    span: spanOf(context, node),
  };
}

export function buildList(context: TreeContext, node: Cst.ListCstNode | undefined): ListNode | undefined {
  if (node === undefined) return undefined;
  const items = buildSeparated(context, node.children.expression, node.children.Comma);
  return { kind: "list", items, span: spanOf(context, node) };
}

/** Values with commas between; a missing or doubled comma is told once and the values are kept. */
export function buildSeparated(
  context: TreeContext,
  expressions: readonly Cst.ExpressionCstNode[] | undefined,
  commas: readonly IToken[] | undefined,
): readonly Expression[] {
  const items = typed(expressions);
  const signs = typed(commas);
  let at = 0;
  // A missing quote shifts all commas of its line; it is told by itself.
  const isShifted = items.some(isUnclosed);
  const gaps: (readonly [Cst.ExpressionCstNode, Cst.ExpressionCstNode])[] = [];
  items.forEach((item, i) => {
    const next = items[i + 1];
    let count = 0;
    while (at < signs.length && (next === undefined || startOf(signs[at] ?? item) < startOf(next))) {
      at++;
      count++;
    }
    if (count === 0 && next !== undefined) gaps.push([item, next]);
  });
  if (!isShifted) reportMissingCommas(context, gaps);
  return items.flatMap((item) => buildExpression(context, item) ?? []);
}

function isUnclosed(node: Cst.ExpressionCstNode): boolean {
  return first(first(node.children.atom)?.children.Quoted)?.tokenType === T.UnclosedText;
}

/** One habit is one mistake: all places are mended by one fix. */
function reportMissingCommas(
  context: TreeContext,
  gaps: readonly (readonly [Cst.ExpressionCstNode, Cst.ExpressionCstNode])[],
): void {
  const [gap] = gaps;
  if (gap === undefined) return;
  const many = gaps.length > 1;
  const edits = gaps.map(([before]) => ({
    span: context.source.span(endOf(before), endOf(before)),
    newText: ",",
  }));
  const summary = many ? "commas are missing between the values" : "a comma is missing between two values";
  context.sink.report("R1103", spanOver(context, ...gap), summary, {
    help: "separate the values of a list with commas",
    fixes: [{ title: many ? "put the commas in" : "put a comma between them", safe: true, edits }],
  });
}

export function buildNumber(context: TreeContext, token: IToken): NumberNode {
  const span = spanOf(context, token);
  if (token.image.includes(",")) {
    const written = token.image.replace(",", ".");
    context.sink.report("R1006", span, `\`${token.image}\` is not read as a number`, {
      help: `write a decimal point: \`${written}\``,
      fixes: [replaceFix("write a decimal point", span, written, false)],
    });
  }
  const value = Number(token.image.replace(",", "."));
  if (!Number.isSafeInteger(Math.trunc(value))) {
    context.sink.report("R1006", span, "this number is too large to be kept exactly", {
      help: "if it is an identifier, put it in quotes",
      fixes: [replaceFix("put it in quotes", span, `"${token.image}"`, false)],
    });
  }
  return { kind: "number", value: Number.isFinite(value) ? value : 0, span };
}

/** `200, 204`, and `200,204` that came as one token. */
export function buildNumbers(
  context: TreeContext,
  node: Cst.NumbersCstNode | undefined,
): readonly NumberNode[] {
  return inOrder(node?.children.NumberLiteral, node?.children.DecimalComma).flatMap((token) =>
    splitNumbers(context, token),
  );
}

export function splitNumbers(context: TreeContext, token: IToken): readonly NumberNode[] {
  if (!token.image.includes(",")) return [buildNumber(context, token)];
  let start = token.startOffset;
  return token.image.split(",").map((image) => {
    const span = context.source.span(start, start + image.length);
    start += image.length + 1;
    return { kind: "number", value: Number(image), span };
  });
}
