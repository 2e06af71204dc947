/**
 * RuleIr to json-rules-engine's JSON (matching.md 3.6): the authored tree, so that people recognise it; fresh objects
 * every time, since the engine writes into what it is given. Knows nothing of running it.
 */
import type { CalendarTestIr, ConditionIr, RuleIr, TestIr, TriggerIr } from "../../compiler/index.ts";
import { unreachable } from "../../domain/index.ts";
import type { FieldValue } from "../../domain/index.ts";
import { typeOf } from "../evaluate-condition.ts";
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

/** Always true and always false; json-rules-engine takes an empty `any` for true. */
const alwaysTrue = (): JsonCondition => ({ all: [] });
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
  /** Names that stand after it, and where each comes from. */
  readonly bound: BoundNames;
}

function emitCondition(condition: ConditionIr, bound: BoundNames): Emitted {
  switch (condition.kind) {
    case "always":
      return { json: alwaysTrue(), bound };
    case "all": {
      let inner = bound;
      const all = condition.of.map((part) => {
        const emitted = emitCondition(part, inner);
        inner = emitted.bound;
        return emitted.json;
      });
      return { json: { all }, bound: inner };
    }
    case "any": {
      const parts = condition.of.map((part) => ({ part, ...emitCondition(part, bound) }));
      const json = parts.length === 0 ? alwaysFalse() : { any: parts.map((part) => part.json) };
      return { json, bound: joinBound(parts, bound) };
    }
    case "not":
      return { json: { not: emitCondition(condition.of, bound).json }, bound };
    case "calendar":
      return { json: emitCalendar(condition, bound), bound };
    case "count": {
      const operator = condition.comparator === "more-than" ? "moreThan" : "atLeast";
      return { json: { fact: condition.key, operator, value: condition.count }, bound };
    }
    case "test":
      return { json: emitTest(condition, bound), bound: boundByTest(condition, bound) };
    default:
      return unreachable(condition);
  }
}

/** After an `or` a name comes from the first alternative that holds. */
function joinBound(
  parts: readonly (Emitted & { readonly part: ConditionIr })[],
  before: BoundNames,
): BoundNames {
  const names = new Set(parts.flatMap((part) => [...part.bound.keys()]));
  const joined = new Map(before);
  for (const name of names) {
    if (parts.every((part) => part.bound.get(name) === before.get(name))) continue;
    const choices = parts.map(({ part, bound }): BoundChoice => {
      const source = bound.get(name);
      const when = emitCondition(part, before).json;
      return source === undefined ? { when } : { when, inner: source() };
    });
    joined.set(name, () => structuredClone<JsonExpression>({ kind: "bound", choices }));
  }
  return joined;
}

function boundByTest(test: TestIr, bound: BoundNames): BoundNames {
  const { pattern, exactly } = test;
  if (test.operator !== "like" || pattern === undefined) return bound;
  const after = new Map(bound);
  for (const piece of pattern.pieces) {
    if (piece.kind !== "hole") continue;
    after.set(piece.name, () => ({
      kind: "bound",
      choices: [
        {
          name: piece.name,
          text: emitExpression(test.left, bound),
          like: structuredClone(pattern.pieces),
          exactly,
        },
      ],
    }));
  }
  return after;
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
