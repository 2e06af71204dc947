/**
 * Conditions of the tree become ConditionIr. Negative forms become `not` of the positive test; definitions are put in
 * where they are used, with their own origins. Knows nothing of indexes.
 */
import { unreachable } from "../domain/index.ts";
import { nameOfHole, type Vocabulary } from "../checker/index.ts";
import type {
  ChangedTest,
  Comparison,
  ComparisonOperator,
  Condition,
  CountTest,
  Expression,
  StringNode,
} from "../../grammar/ast.ts";
import { fieldOf, lowerExpression } from "./lower-expression.ts";
import { nameText, originOf, present, takenName, type Lowering } from "./lowering.ts";
import { calendarOf } from "./lower-times.ts";
import type {
  ConditionIr,
  CountTestIr,
  ExprIr,
  LikePattern,
  Origin,
  TestIr,
  TestOperator,
} from "./rule-ir.ts";

export function lowerCondition(lowering: Lowering, node: Condition): ConditionIr {
  const origin = originOf(node.span);
  switch (node.kind) {
    case "group": {
      const of = node.of.map((part) => lowerCondition(lowering, part));
      if (node.quantifier === "none") return { kind: "not", of: { kind: "any", of, origin }, origin };
      return { kind: node.quantifier, of, origin };
    }
    case "not":
      return { kind: "not", of: lowerCondition(lowering, present(node.of, "a condition")), origin };
    case "comparison":
      return lowerComparison(lowering, node, origin);
    case "empty": {
      const left = lowerExpression(lowering, node.left, "plain");
      return negate(node.negated, test("empty", left, [], origin));
    }
    case "between":
      return negate(node.negated, lowerBetween(lowering, node, origin));
    case "changed":
      return negate(node.negated, lowerChanged(lowering, node, origin));
    case "name": {
      const name = nameText(node.name, "the name of a definition");
      const definition = present(lowering.checked.declarations.defines.get(name), `the definition ${name}`);
      return lowerCondition({ ...lowering, definition: name }, present(definition.condition, "a condition"));
    }
    case "calendar": {
      const at = node.left === undefined ? undefined : lowerExpression(lowering, node.left, "plain");
      return {
        kind: "calendar",
        inside: node.inside,
        calendar: calendarOf(lowering, node.calendar),
        at,
        origin,
      };
    }
    case "count":
      return lowerCount(lowering, node, origin);
    case "mixed":
      throw new Error(`\`${node.kind}\` is refused by the checker`);
    default:
      return unreachable(node);
  }
}

function lowerCount(lowering: Lowering, node: CountTest, origin: Origin): CountTestIr {
  const withinMs = present(node.within, "the span of a count").ms;
  const per = node.per.map((path) => fieldOf(lowering, path));
  const paths = per.map(({ path }) => path).join(", ");
  return {
    kind: "count",
    comparator: node.comparator === "more than" ? "more-than" : "at-least",
    count: present(node.count, "the number of a count").value,
    withinMs,
    per,
    key: `alerts in ${withinMs} ms${paths === "" ? "" : ` per ${paths}`}`,
    origin,
  };
}

function negate(negated: boolean, of: ConditionIr): ConditionIr {
  return negated ? { kind: "not", of, origin: of.origin } : of;
}

type TestParts = Partial<Pick<TestIr, "exactly" | "ranks" | "pattern" | "change">>;

function test(
  operator: TestOperator,
  left: ExprIr,
  right: readonly ExprIr[],
  origin: Origin,
  parts: TestParts = {},
): TestIr {
  return {
    kind: "test",
    operator,
    left,
    right,
    exactly: false,
    ranks: undefined,
    pattern: undefined,
    change: undefined,
    origin,
    ...parts,
  };
}

const operators: Record<Exclude<ComparisonOperator, "like" | "in">, TestOperator> = {
  is: "equals",
  contains: "contains",
  "starts with": "starts-with",
  "ends with": "ends-with",
  matches: "matches",
  "at least": "at-least",
  "at most": "at-most",
  "more than": "more-than",
  "less than": "less-than",
};

function lowerComparison(lowering: Lowering, node: Comparison, origin: Origin): ConditionIr {
  const negated = node.negated !== (node.quantifier === "none");
  const left = lowerExpression(lowering, node.left, "plain");
  const values = node.right.flatMap((side) => valuesOf(lowering, side));
  const { exactly } = node;
  if (node.operator === "like") {
    const of = node.right
      .flatMap((side) => patternNodes(lowering, side))
      .map((pattern) =>
        test("like", left, [{ kind: "const", value: pattern.value }], origin, {
          exactly,
          pattern: likePattern(lowering, pattern),
        }),
      );
    return negate(negated, join(node.quantifier === "all" ? "all" : "any", of, origin));
  }
  if (node.operator === "in") return negate(negated, lowerIn(left, values, { origin, exactly }));
  const operator = operators[node.operator];
  const one = (right: readonly ExprIr[]): TestIr =>
    test(operator, left, right, origin, { exactly, ranks: ranksOf(lowering, node, operator) });
  // A quantified `all of` is a test for each; everything else is any of its right sides.
  if (node.quantifier === "all")
    return negate(
      negated,
      join(
        "all",
        values.map((value) => one([value])),
        origin,
      ),
    );
  return negate(negated, one(values));
}

/** `"lab" in alert.device.tags` is `contains` the other way round; fields of unknown type may hold a list or not. */
function lowerIn(
  left: ExprIr,
  right: readonly ExprIr[],
  { origin, exactly }: { readonly origin: Origin; readonly exactly: boolean },
): ConditionIr {
  const [only] = right;
  if (right.length === 1 && only?.kind === "field" && only.field.type === "list")
    return test("contains", only, [left], origin, { exactly });
  return test("equals", left, right, origin, { exactly });
}

function join(kind: "all" | "any", of: readonly ConditionIr[], origin: Origin): ConditionIr {
  const [only] = of;
  return of.length === 1 && only !== undefined ? only : { kind, of, origin };
}

/** Lists, in brackets or declared, are their values. */
function valuesOf(lowering: Lowering, node: Expression): readonly ExprIr[] {
  const value = lowerExpression(lowering, node, "plain");
  return value.kind === "list" ? value.of : [value];
}

function patternNodes(lowering: Lowering, node: Expression): readonly StringNode[] {
  if (node.kind === "string") return [node];
  if (node.kind === "list") return node.items.flatMap((item) => patternNodes(lowering, item));
  const meaning = node.kind === "path" ? lowering.checked.meanings.get(node) : undefined;
  return meaning?.kind === "list" ? meaning.list.items.flatMap((item) => patternNodes(lowering, item)) : [];
}

function likePattern(lowering: Lowering, pattern: StringNode): LikePattern {
  const pieces: LikePattern["pieces"][number][] = [];
  const literal = (text: string): void => {
    const last = pieces.at(-1);
    if (last?.kind === "literal") pieces[pieces.length - 1] = { kind: "literal", text: last.text + text };
    else pieces.push({ kind: "literal", text });
  };
  for (const piece of pattern.pieces) {
    const name = nameOfHole(piece);
    if (piece.kind === "star") pieces.push({ kind: "star" });
    else if (name !== undefined) pieces.push({ kind: "hole", name: takenName(lowering, name) });
    else if (piece.kind === "chars" || piece.kind === "open-hole") literal(piece.text);
  }
  return { pieces };
}

const orderTests: ReadonlySet<TestOperator> = new Set(["at-least", "at-most", "more-than", "less-than"]);

/** Of whichever side has a list of words with an order. */
function ranksOf(
  lowering: Lowering,
  node: Comparison,
  operator: TestOperator,
): ReadonlyMap<string, number> | undefined {
  if (!orderTests.has(operator)) return undefined;
  return [node.left, ...node.right].map((side) => vocabularyOfNode(lowering, side)?.ranks).find(Boolean);
}

function vocabularyOfNode(lowering: Lowering, node: Expression): Vocabulary | undefined {
  if (node.kind === "fallback")
    return node.of.map((part) => vocabularyOfNode(lowering, part)).find((v) => v !== undefined);
  const meaning = node.kind === "path" ? lowering.checked.meanings.get(node) : undefined;
  return meaning?.kind === "field" ? lowering.checked.vocabularies.get(meaning.field.path) : undefined;
}

function lowerBetween(
  lowering: Lowering,
  node: Extract<Condition, { readonly kind: "between" }>,
  origin: Origin,
): TestIr {
  const side = (end: Expression | undefined): ExprIr =>
    lowerExpression(lowering, present(end, "an end of `between`"), "plain");
  const ranks = vocabularyOfNode(lowering, node.left)?.ranks;
  const left = lowerExpression(lowering, node.left, "plain");
  return test("between", left, [side(node.low), side(node.high)], origin, { ranks });
}

function lowerChanged(lowering: Lowering, node: ChangedTest, origin: Origin): TestIr {
  const field = fieldOf(lowering, node.left);
  const change = lowerChange(lowering, node);
  return test("changed", { kind: "field", field }, [], origin, { change });
}

/** `from` and `to` of a condition or an event; a list stands for its values. */
export function lowerChange(
  lowering: Lowering,
  node: { readonly left: ChangedTest["left"] } & Pick<ChangedTest, "from" | "to">,
): NonNullable<TestIr["change"]> {
  const apiName = present(fieldOf(lowering, node.left).apiName, "a field that changes");
  const values = (of: readonly Expression[]): readonly ExprIr[] =>
    of.flatMap((value) => valuesOf(lowering, value));
  return { apiName, from: values(node.from), to: values(node.to) };
}
