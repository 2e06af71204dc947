/** Expressions as json-rules-engine reads them: a fact, a plain value, or the dynamic fact `expression`. Knows no rules. */
import type { ExprIr } from "../../compiler/index.ts";
import { unreachable } from "../../domain/index.ts";
import type { FieldType, FieldValue } from "../../domain/index.ts";
import type { JsonExpression, JsonFactReference, JsonLeaf } from "./json-form.ts";

/** Where each name that `like` bound comes from; a function, so that every use gets fresh objects. */
export type BoundNames = ReadonlyMap<string, () => JsonExpression>;

/** The left side: a fact of its own when it is a path. */
export function emitFact(expr: ExprIr, bound: BoundNames, wanted?: FieldType): JsonFactReference {
  if (expr.kind === "field") return { fact: expr.field.path };
  return { fact: "expression", params: { expression: emitExpression(expr, bound, wanted) } };
}

/** The right side: one value, a list of values, or a fact that gives them. */
export function emitOperand(
  right: readonly ExprIr[],
  bound: BoundNames,
  wanted: FieldType | undefined,
): JsonLeaf["value"] {
  const constant = constantOf(right);
  if (constant !== undefined) return constant;
  const [only] = right;
  if (right.length === 1 && only !== undefined) return emitFact(only, bound, wanted);
  return { fact: "expression", params: { expression: emitOperandList(right, bound, wanted) } };
}

export function emitOperandList(
  right: readonly ExprIr[],
  bound: BoundNames,
  wanted: FieldType | undefined,
): JsonExpression {
  return { kind: "list", of: right.map((expr) => emitExpression(expr, bound, wanted)) };
}

/** One constant as itself, several as a list, undefined when one of them is not constant. */
export function constantOf(right: readonly ExprIr[]): FieldValue {
  const values: (string | number | boolean)[] = [];
  for (const expr of right) {
    if (expr.kind === "list") {
      const inner = constantOf(expr.of);
      if (inner === undefined) return undefined;
      values.push(...[inner].flat());
    } else if (expr.kind === "const" && expr.value !== undefined) {
      values.push(...[expr.value].flat());
    } else {
      return undefined;
    }
  }
  return right.length === 1 && values.length === 1 ? values[0] : values;
}

export function emitExpression(expr: ExprIr, bound: BoundNames, wanted?: FieldType): JsonExpression {
  const emit = (part: ExprIr): JsonExpression => emitExpression(part, bound, wanted);
  switch (expr.kind) {
    case "const":
      return { kind: "const", value: expr.value };
    case "field":
      return { kind: "fact", fact: expr.field.path };
    case "binding":
      return bound.get(expr.name)?.() ?? { kind: "const", value: undefined };
    case "lookup": {
      const entries = [...expr.table.entries].map(([word, entry]) => [word, emit(entry)] as const);
      const index = emitExpression(expr.index, bound);
      const { otherwise } = expr.table;
      return otherwise === undefined
        ? { kind: "lookup", index, entries }
        : { kind: "lookup", index, entries, otherwise: emit(otherwise) };
    }
    case "first":
      return { kind: "first", of: expr.of.map(emit) };
    case "list":
      return { kind: "list", of: expr.of.map(emit) };
    case "text":
      return {
        kind: "text",
        parts: expr.parts.map((part) => (typeof part === "string" ? part : emitExpression(part, bound))),
      };
    case "duration":
      return wanted === "time" ? { kind: "from-now", ms: expr.ms } : { kind: "const", value: expr.ms };
    case "category-default":
    case "secret":
      return { kind: "const", value: undefined };
    default:
      return unreachable(expr);
  }
}
