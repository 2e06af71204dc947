/**
 * Conditions of json-rules-engine as conditions of the language. What has no counterpart is told with its place and
 * leaves a gap. Knows no rules.
 */
import { readOurs } from "./read-ours.ts";
import { compared, oneOf, readFact, type Leaf } from "./read-leaf.ts";
import type { JsonPath } from "./locate-json.ts";
import { gapAt, isMembers, join, negate, text, type Members, type Told, type Written } from "./written.ts";

export function readCondition(value: unknown, path: JsonPath, told: Told): Written {
  if (!isMembers(value)) return gapAt(told, path, "a condition is an object");
  if (Array.isArray(value["all"])) return join("and", readAll(value["all"], [...path, "all"], told));
  if (Array.isArray(value["any"])) {
    // The library takes an empty `any` for true.
    const parts = readAll(value["any"], [...path, "any"], told);
    return parts.length === 0 ? { kind: "true" } : join("or", parts);
  }
  if (value["not"] !== undefined) return negate(readCondition(value["not"], [...path, "not"], told));
  if (value["condition"] !== undefined)
    return gapAt(told, path, "a condition by name stands outside the rules: write it as a `define`");
  return readLeaf(value, path, told);
}

function readAll(values: readonly unknown[], path: JsonPath, told: Told): readonly Written[] {
  return values.map((value, index) => readCondition(value, [...path, index], told));
}

function readLeaf(members: Members, path: JsonPath, told: Told): Written {
  const { operator } = members;
  if (typeof operator !== "string") return gapAt(told, path, "a condition names a fact and an operator");
  const left = readFact(members, path, told);
  if (left === undefined) return { kind: "gap" };
  const leaf: Leaf = { left, value: members["value"], path, told };
  const parts = operator.split(":");
  const name = parts.pop() ?? "";
  const decorators = parts.filter((one) => one !== "not");
  const written =
    decorators.length === 0 ? readOperator(name, leaf) : readDecorated(decorators.join(":"), name, leaf);
  return (parts.length - decorators.length) % 2 === 1 ? negate(written) : written;
}

/** Texts compare to the letter there: `exactly`. */
function readOperator(operator: string, leaf: Leaf): Written {
  const { left, value, path, told } = leaf;
  const equals = `${left} is exactly`;
  switch (operator) {
    case "equal":
      return value === null ? text(`${left} is empty`) : compared(leaf, equals);
    case "notEqual":
      return value === null ? text(`${left} is not empty`) : negate(compared(leaf, equals));
    case "in":
      return oneOf(leaf, equals);
    case "notIn":
      return negate(oneOf(leaf, equals));
    case "contains":
      return compared(leaf, `${left} contains exactly`);
    case "doesNotContain":
      return negate(compared(leaf, `${left} contains exactly`));
    case "lessThan":
      return ordered(leaf, "<");
    case "lessThanInclusive":
      return ordered(leaf, "<=");
    case "greaterThan":
      return ordered(leaf, ">");
    case "greaterThanInclusive":
      return ordered(leaf, ">=");
    default:
      return (
        readOurs(operator, leaf) ??
        gapAt(told, [...path, "operator"], `the operator \`${operator}\` is none of the library's own`)
      );
  }
}

/** `someFact:equal` and the like, where the language has a word for it. */
function readDecorated(decorators: string, operator: string, leaf: Leaf): Written {
  const { left, path, told } = leaf;
  switch (`${decorators}:${operator}`) {
    case "someFact:equal":
      return compared(leaf, `${left} contains exactly`);
    case "someFact:in":
    case "someValue:contains":
      return oneOf(leaf, `${left} contains exactly`);
    case "someValue:equal":
      return oneOf(leaf, `${left} is exactly`);
    case "everyValue:contains":
      return oneOf(leaf, `${left} contains exactly`, "all of");
    default:
      return gapAt(told, [...path, "operator"], `\`${decorators}:${operator}\` has no counterpart`);
  }
}

function ordered(leaf: Leaf, sign: string): Written {
  const { left, value, path, told } = leaf;
  if (typeof value === "string" || typeof value === "boolean")
    return gapAt(told, [...path, "value"], "only numbers have an order here: write the number");
  return compared(leaf, `${left} ${sign}`);
}
