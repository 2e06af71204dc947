/**
 * RuleIr to json-rules-engine's JSON (matching.md 3.6): the authored tree, so that people recognise it; fresh objects
 * every time, since the engine writes into what it is given. Knows nothing of running it.
 */
import type { CalendarTestIr, ConditionIr, RuleIr, TestIr, TriggerIr } from "../../compiler/index.ts";
import { unreachable } from "../../domain/index.ts";
import type { FieldValue } from "../../domain/index.ts";
import { typeOf } from "../evaluate-condition.ts";
import type { LeafIr } from "../types.ts";
import { namesOfLike, namesTaken, walkCondition } from "../walk-condition.ts";
import type { Branch, ConditionReader } from "../walk-condition.ts";
import { constantOf, emitExpression, emitFact, emitOperand, emitOperandList } from "./emit-expr.ts";
import type { BoundNames } from "./emit-expr.ts";
import type {
  BoundChoice,
  CalendarOperand,
  JsonCondition,
  JsonExpression,
  JsonLeaf,
  JsonRule,
} from "./json-form.ts";

/** `count`: rules in the set. json-rules-engine runs higher priorities first and wants them from 1. */
export function emitRule(rule: RuleIr, count: number): JsonRule {
  const { name, file, line, hash } = rule;
  const root = emitCondition(rule.condition, new Map());
  return {
    name,
    priority: count - rule.index,
    conditions: {
      all: [
        emitTriggers(rule),
        ...emitScope(rule),
        root.json,
        ...rule.exceptions.map((exception) => ({ not: emitCondition(exception, root.bound).json })),
      ],
    },
    event: { type: "rule", params: { rule: name, file, line, hash } },
  };
}

/** json-rules-engine takes an empty `any` for true. */
const alwaysFalse = (): JsonCondition => ({ not: { all: [] } });

function emitTriggers({ triggers, name }: RuleIr): JsonCondition {
  const [only] = triggers;
  if (only === undefined) return alwaysFalse();
  const any = triggers.length === 1 ? emitTrigger(only) : { any: triggers.map(emitTrigger) };
  if (!triggers.some(({ timer }) => timer !== undefined)) return any;
  // A time that has come is one rule's; every other event names none.
  return { all: [any, { fact: "dueRule", operator: "isRuleOrNone", value: name }] };
}

function emitTrigger(trigger: TriggerIr): JsonCondition {
  const event: JsonLeaf = { fact: "event", operator: "isExactly", value: trigger.kind.replaceAll("-", " ") };
  const parts: JsonLeaf[] = [];
  if (trigger.by.length > 0)
    parts.push({ fact: "actor.kind", operator: "isExactly", value: [...trigger.by] });
  if (trigger.callout !== undefined) {
    parts.push({ fact: "callout.name", operator: "isExactly", value: trigger.callout });
  }
  if (trigger.change !== undefined) parts.push(emitChanged(trigger.change, new Map()));
  return parts.length === 0 ? event : { all: [event, ...parts] };
}

/** Stands second where a rule has one. */
function emitScope(rule: RuleIr): readonly JsonCondition[] {
  if (rule.organizations === undefined) return [];
  return [{ fact: "organization", operator: "is", value: [...rule.organizations] }];
}

interface Emitted {
  readonly json: JsonCondition;
  /** Names that stand behind it, and where each comes from. */
  readonly bound: BoundNames;
}

function emitCondition(condition: ConditionIr, before: BoundNames): Emitted {
  const { read, names } = walkCondition(condition, before, reader);
  return { json: read, bound: names };
}

/** The names of the walk as expressions that find their texts when the rule is run. */
const reader: ConditionReader<BoundNames, JsonCondition> = {
  leaf: emitLeaf,
  all: (all) => ({ all }),
  any: (any) => (any.length === 0 ? alwaysFalse() : { any }),
  not: (_, not) => ({ not }),
  behindLike: (test, before) => {
    const after = new Map(before);
    for (const name of namesOfLike(test)) after.set(name, () => takenBy(test, name, before));
    return after;
  },
  behindAny: (branches, before) => {
    const after = new Map(before);
    const taken = branches.flatMap(({ condition }) => namesTaken(condition));
    for (const name of taken) after.set(name, () => firstThatHolds(branches, name, before));
    return after;
  },
};

function takenBy(test: TestIr, name: string, before: BoundNames): JsonExpression {
  const like = structuredClone(test.pattern?.pieces ?? []);
  const text = emitExpression(test.left, before);
  return { kind: "bound", choices: [{ name, text, like, exactly: test.exactly }] };
}

function firstThatHolds(
  branches: readonly Branch<BoundNames, JsonCondition>[],
  name: string,
  before: BoundNames,
): JsonExpression {
  const choices = branches.map(({ condition, names }): BoundChoice => {
    const when = emitCondition(condition, before).json;
    const source = names.get(name);
    return source === undefined ? { when } : { when, inner: source() };
  });
  return { kind: "bound", choices };
}

function emitLeaf(leaf: LeafIr, bound: BoundNames): JsonLeaf {
  switch (leaf.kind) {
    case "calendar":
      return emitCalendar(leaf, bound);
    case "count": {
      const operator = leaf.comparator === "more-than" ? "moreThan" : "atLeast";
      return { fact: leaf.key, operator, value: leaf.count };
    }
    case "test":
      return emitTest(leaf, bound);
    default:
      return unreachable(leaf);
  }
}

function emitCalendar(test: CalendarTestIr, bound: BoundNames): JsonLeaf {
  const { name, zone, hours, closed } = test.calendar;
  const left = test.at === undefined ? { fact: "moment" } : emitFact(test.at, bound, "time");
  const open = [...hours].map(([day, ranges]) => [day, ranges.map((range) => ({ ...range }))] as const);
  const value: CalendarOperand = { calendar: name, zone, open, closed: structuredClone(closed) };
  return { ...left, operator: test.inside ? "during" : "outside", value };
}

function emitTest(test: TestIr, bound: BoundNames): JsonLeaf {
  const left = emitFact(test.left, bound);
  const wanted = typeOf(test.left);
  const exact = test.exactly ? "Exactly" : "";
  const operand = (): JsonLeaf["value"] => emitOperand(test.right, bound, wanted);
  switch (test.operator) {
    case "equals":
      return { ...left, operator: `is${exact}`, value: operand() };
    case "contains":
      return { ...left, operator: `containsText${exact}`, value: operand() };
    case "starts-with":
      return { ...left, operator: `startsWith${exact}`, value: operand() };
    case "ends-with":
      return { ...left, operator: `endsWith${exact}`, value: operand() };
    case "matches":
      return { ...left, operator: `matches${exact}`, value: operand() };
    case "like":
      return {
        ...left,
        operator: `like${exact}`,
        value: { like: structuredClone(test.pattern?.pieces ?? []) },
      };
    case "empty":
      return { ...left, operator: "isEmpty", value: true };
    case "at-least":
      return emitOrder(test, "atLeast", bound);
    case "at-most":
      return emitOrder(test, "atMost", bound);
    case "more-than":
      return emitOrder(test, "moreThan", bound);
    case "less-than":
      return emitOrder(test, "lessThan", bound);
    case "between":
      return emitOrder(test, "between", bound);
    case "changed":
      return test.change === undefined
        ? { fact: "changes", operator: "changed", value: { field: "", from: [], to: [] } }
        : emitChanged(test.change, bound);
    default:
      return unreachable(test.operator);
  }
}

function emitOrder(test: TestIr, operator: string, bound: BoundNames): JsonLeaf {
  const left = emitFact(test.left, bound, typeOf(test.right[0]));
  const { ranks: ranksByWord } = test;
  if (ranksByWord === undefined) {
    return { ...left, operator, value: emitOperand(test.right, bound, typeOf(test.left)) };
  }
  const ranks = groupRanks(ranksByWord);
  const name = operator === "between" ? "betweenRanks" : `${operator}Rank`;
  const constant = constantOf(test.right);
  if (constant !== undefined) return { ...left, operator: name, value: { ranks, of: constant } };
  const of = emitOperandList(test.right, bound, undefined);
  const expression: JsonExpression = { kind: "rank-operand", ranks, of };
  return { ...left, operator: name, value: { fact: "expression", params: { expression } } };
}

/** Words of one rank together, lowest first. */
function groupRanks(ranks: ReadonlyMap<string, number>): string[][] {
  const places = [...new Set(ranks.values())].sort((a, b) => a - b);
  return places.map((place) => [...ranks].filter(([, rank]) => rank === place).map(([word]) => word));
}

function emitChanged(change: NonNullable<TestIr["change"]>, bound: BoundNames): JsonLeaf {
  const side = (values: typeof change.from): FieldValue | JsonExpression =>
    values.length === 0 ? undefined : (constantOf(values) ?? emitOperandList(values, bound, undefined));
  const [from, to] = [side(change.from), side(change.to)];
  const field = change.apiName;
  if (!isExpression(from) && !isExpression(to)) {
    return { fact: "changes", operator: "changed", value: { field, from, to } };
  }
  const asExpression = (value: FieldValue | JsonExpression): JsonExpression =>
    isExpression(value) ? value : { kind: "const", value };
  const expression: JsonExpression = {
    kind: "change-operand",
    field,
    from: asExpression(from),
    to: asExpression(to),
  };
  return { fact: "changes", operator: "changed", value: { fact: "expression", params: { expression } } };
}

function isExpression(value: FieldValue | JsonExpression): value is JsonExpression {
  return typeof value === "object" && !Array.isArray(value);
}
