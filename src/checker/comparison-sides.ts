/** The right side of a comparison, spread out: lists in brackets and list declarations become their values. */
import { spanText, type Span } from "../diagnostics/index.ts";
import { exactText } from "../domain/index.ts";
import type { Comparison, Expression } from "../../grammar/ast.ts";
import type { Checking, Place } from "./checking.ts";
import { comparedReading, plainReading, typeOf, wrongType, type ValueType } from "./value-type.ts";

export interface Side {
  readonly node: Expression;
  readonly type: ValueType;
  /** Where mistakes about this value are told: the name of the list when it came from one. */
  readonly at: Span;
  /** From a list, in brackets or declared. */
  readonly listed: boolean;
}

export interface Sides {
  readonly left: ValueType;
  readonly right: readonly Side[];
}

export function sidesOf(checking: Checking, place: Place, node: Comparison): Sides {
  // A pattern's braces and stars mean something of their own.
  const mode = node.operator === "like" || node.operator === "matches" ? plainReading : comparedReading;
  const left = typeOf(checking, place, node.left, comparedReading);
  const right = node.right.flatMap((side) => spread(checking, place, side, mode));
  return { left, right };
}

function spread(
  checking: Checking,
  place: Place,
  node: Expression,
  mode: typeof plainReading,
): readonly Side[] {
  const type = typeOf(checking, place, node, mode);
  if (node.kind === "list")
    return node.items.map((item) => ({
      node: item,
      type: item.kind === "list" ? wrongType : typeOf(checking, place, item, mode),
      at: item.span,
      listed: true,
    }));
  const meaning = node.kind === "path" ? checking.meanings.get(node) : undefined;
  if (meaning?.kind !== "list") return [{ node, type, at: node.span, listed: false }];
  return meaning.list.items.map((item) => ({
    node: item,
    type: item.kind === "list" ? wrongType : typeOf(checking, place, item, plainReading),
    at: node.span,
    listed: true,
  }));
}

/** `"Datto RMM"`, `alert.title`: how the left side is named in messages. */
export function sideText(node: Expression): string {
  return exactText(spanText(node.span).replace(/\s+/g, " "));
}
