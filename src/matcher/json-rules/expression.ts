/** Evaluates the expressions of emitted rules over flat facts: what the dynamic fact `expression` does. Knows only facts. */
import { foldText, unreachable } from "../../domain/index.ts";
import type { FieldValue } from "../../domain/index.ts";
import { matchLike } from "../like-pattern.ts";
import type { BoundChoice, JsonCondition, JsonExpression, JsonLeaf, JsonOperand } from "./json-form.ts";
import { operators } from "./operators.ts";

type Facts = Readonly<Record<string, unknown>>;
type Scalar = string | number | boolean;

export function evaluateExpression(expression: JsonExpression, facts: Facts): JsonOperand {
  switch (expression.kind) {
    case "rank-operand":
      return { ranks: expression.ranks, of: valueOf(expression.of, facts) };
    case "change-operand":
      return {
        field: expression.field,
        from: valueOf(expression.from, facts),
        to: valueOf(expression.to, facts),
      };
    default:
      return valueOf(expression, facts);
  }
}

function valueOf(expression: JsonExpression, facts: Facts): FieldValue {
  switch (expression.kind) {
    case "const":
      return expression.value;
    case "fact":
      return facts[expression.fact] as FieldValue;
    case "lookup": {
      const word = valueOf(expression.index, facts);
      const key = word === undefined || Array.isArray(word) ? undefined : foldText(String(word));
      const entry = expression.entries.find(([entryWord]) => entryWord === key)?.[1] ?? expression.otherwise;
      return entry === undefined ? undefined : valueOf(entry, facts);
    }
    case "first":
      return expression.of.map((part) => valueOf(part, facts)).find((value) => value !== undefined);
    case "list":
      return expression.of
        .map((part) => valueOf(part, facts))
        .filter((value) => value !== undefined)
        .flat() as readonly Scalar[];
    case "text":
      return expression.parts
        .map((part) => (typeof part === "string" ? part : String(valueOf(part, facts) ?? "-")))
        .join("");
    case "from-now":
      return (facts["now"] as number) + expression.ms;
    case "bound":
      return boundText(expression.choices, facts);
    case "rank-operand":
    case "change-operand":
      return undefined;
    default:
      return unreachable(expression);
  }
}

function boundText(choices: readonly BoundChoice[], facts: Facts): FieldValue {
  for (const choice of choices) {
    if (choice.when !== undefined && !conditionHolds(choice.when, facts)) continue;
    if (choice.inner !== undefined) return valueOf(choice.inner, facts);
    if (choice.text === undefined || choice.like === undefined) return undefined;
    const text = valueOf(choice.text, facts);
    if (text === undefined || Array.isArray(text)) continue;
    const found = matchLike({ pieces: choice.like }, String(text), choice.exactly === true);
    if (found !== undefined) return choice.name === undefined ? undefined : found.get(choice.name);
  }
  return undefined;
}

/** Only for `when` of a bound name: which alternative of an `or` held. */
function conditionHolds(condition: JsonCondition, facts: Facts): boolean {
  if ("all" in condition) return condition.all.every((part) => conditionHolds(part, facts));
  if ("any" in condition) return condition.any.some((part) => conditionHolds(part, facts));
  if ("not" in condition) return !conditionHolds(condition.not, facts);
  return leafHolds(condition, facts);
}

function leafHolds(leaf: JsonLeaf, facts: Facts): boolean {
  const read = (reference: { readonly fact: string; readonly params?: JsonLeaf["params"] }): unknown =>
    reference.params === undefined
      ? facts[reference.fact]
      : evaluateExpression(reference.params.expression, facts);
  const operand: unknown = leaf.value;
  const isReference = typeof operand === "object" && operand !== null && "fact" in operand;
  const asked = isReference ? read(operand as { readonly fact: string }) : operand;
  return operators[leaf.operator]?.(read(leaf), asked) === true;
}
