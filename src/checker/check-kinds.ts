/** Which kinds of values may meet in a comparison or an assignment (language.md 3.2). Knows no operators. */
import type { Span } from "../diagnostics/index.ts";
import type { Field } from "../domain/index.ts";
import type { Expression } from "../../grammar/ast.ts";
import type { Checking } from "./checking.ts";
import { sideText, type Side } from "./comparison-sides.ts";
import { kindWords, type ValueKind, type ValueType } from "./value-type.ts";

interface Pair {
  readonly left: ValueType;
  readonly leftNode: Expression;
  readonly side: Side;
}

/** False when it reported that the two cannot be compared. */
export function fitsTogether(checking: Checking, pair: Pair): boolean {
  const { left, leftNode, side } = pair;
  if (comparable(left, leftNode, side.type, side.node)) return true;
  const entity = left.kind === "entity" ? leftNode : side.type.kind === "entity" ? side.node : undefined;
  const summary = `\`${sideText(leftNode)}\` is ${kindWords(left)}, and \`${sideText(side.node)}\` is ${kindWords(side.type)}`;
  checking.report.add("R1301", side.at, summary, {
    help: entity === undefined ? helpFor(left) : `compare its name: \`${sideText(entity)}.name\``,
  });
  return false;
}

function helpFor(left: ValueType): string | undefined {
  switch (left.kind) {
    case "number":
      return "a number is written without quotes: `3`";
    case "boolean":
      return "it is `true` or `false`";
    case "time":
      return "a time is compared with a date (`2026-11-21`, `2026-12-24 18:00`) or a duration from now";
    case "text":
      return left.vocabulary === undefined ? "a text stands in quotes" : "its values are words in quotes";
    default:
      return undefined;
  }
}

function comparable(left: ValueType, leftNode: Expression, right: ValueType, rightNode: Expression): boolean {
  const has = (kind: ValueKind): boolean => left.kind === kind || right.kind === kind;
  if (has("wrong") || has("any")) return true;
  if (left.kind === right.kind) return left.kind !== "list";
  if (has("time") && has("duration")) return true;
  if (!has("text") || !has("number")) return false;
  const text = left.kind === "text" ? left : right;
  const textNode = left.kind === "text" ? leftNode : rightNode;
  if (text.vocabulary !== undefined) return false;
  return textNode.kind !== "string" || isNumber(textNode.value);
}

export function isNumber(text: string): boolean {
  return /^\s*[+-]?\d+(\.\d+)?\s*$/.test(text);
}

/** What a field may be given. A text takes nearly everything, since it can be written out. */
const assignable: Record<Field["type"], ReadonlySet<ValueKind>> = {
  text: new Set<ValueKind>(["text", "number", "boolean", "time", "list", "any"]),
  number: new Set<ValueKind>(["number", "any"]),
  boolean: new Set<ValueKind>(["boolean", "any"]),
  time: new Set<ValueKind>(["time", "duration", "any"]),
  list: new Set<ValueKind>(["list", "any"]),
  entity: new Set<ValueKind>(["entity", "text", "any"]),
};

/** False when it reported that the field cannot hold the value. */
export function fitsField(checking: Checking, field: Field, value: ValueType, at: Span): boolean {
  if (value.kind === "wrong") return false;
  const textForNumber = field.type !== "text" && value.kind === "text" && !value.constant;
  if (assignable[field.type].has(value.kind) || textForNumber) return true;
  const wanted = kindWords({ ...value, kind: field.type });
  checking.report.add("R1301", at, `\`${field.path}\` takes ${wanted}, and this is ${kindWords(value)}`, {
    help: value.kind === "entity" ? "a record has a name: add `.name`" : undefined,
  });
  return false;
}
