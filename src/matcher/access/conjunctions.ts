/**
 * A rule as alternatives of literals (matching.md 3.3.1): negation pushed to the tests, `or` multiplied out up to a
 * cap. Always a superset of the rule: what is left open is verified by the tree. Knows nothing of access or events.
 */
import type {
  CalendarTestIr,
  ConditionIr,
  CountTestIr,
  ExprIr,
  RuleIr,
  TestIr,
  TriggerIr,
} from "../../compiler/index.ts";
import { CONJUNCTIONS_PER_RULE_MAX, unreachable } from "../../domain/index.ts";
import { byTree, lowerTest } from "./lower-test.ts";
import { evaluateCondition } from "../evaluate-condition.ts";
import { isLeaf } from "../explain-rule.ts";
import type { LeafIr } from "../types.ts";
import { takesNames } from "../walk-condition.ts";
import { COST, dueRuleAtom, predicateAtom, rangeAtom, scopeAtom, triggerAtoms } from "./atoms.ts";
import type { Atom } from "./atoms.ts";
import type { FieldTable } from "./event-fields.ts";

export interface Literal {
  readonly atom: Atom;
  readonly negated: boolean;
}

export type Conjunction = readonly Literal[];

export interface LoweredRule {
  readonly conjunctions: readonly Conjunction[];
  /** The conjunctions say less than the rule: a match is verified by the tree. */
  readonly isWider: boolean;
  /** The rule gives names: the tree works them out. */
  readonly bindsNames: boolean;
}

/** Lowers the rules of one index; equal tests of one rule set share their atom. */
export class RuleLowering {
  readonly #table: FieldTable;
  readonly #atoms = new Map<string, Atom>();
  readonly #exprKeys = new WeakMap<object, number>();
  #nextKey = 0;

  constructor(table: FieldTable) {
    this.#table = table;
  }

  /** For one trigger: a rule that several triggers of a kind start has the conjunctions of each. */
  lower(rule: RuleIr, trigger: TriggerIr): LoweredRule {
    const scope = scopeAtom(this.#table, rule);
    const due = trigger.timer === undefined ? [] : [dueRuleAtom(this.#table, rule)];
    const outer = [...(scope === undefined ? [] : [scope]), ...due, ...triggerAtoms(this.#table, trigger)];
    const around = outer.map((atom): Literal => ({ atom, negated: false }));
    const parts: readonly Signed[] = [
      { condition: rule.condition, negated: false },
      ...rule.exceptions.map((condition): Signed => ({ condition, negated: true })),
    ];
    const whole = this.#cross(parts);
    const inner = whole ?? [this.#certain(parts)];
    const readsNames = parts.some(({ condition }) => someTest(condition, readsBinding));
    return {
      conjunctions: inner.flatMap((literals) => this.#simplified([...around, ...literals])),
      isWider: whole === undefined || readsNames,
      bindsNames: someTest(rule.condition, bindsName),
    };
  }

  /** All parts at once; undefined above the cap. */
  #cross(parts: readonly Signed[]): readonly Conjunction[] | undefined {
    let product: readonly Conjunction[] = [[]];
    for (const part of parts) {
      const alternatives = this.#expand(part);
      if (alternatives === undefined) return undefined;
      product = product.flatMap((left) => alternatives.map((right) => [...left, ...right]));
      if (product.length > CONJUNCTIONS_PER_RULE_MAX) return undefined;
    }
    return product;
  }

  #expand({ condition, negated }: Signed): readonly Conjunction[] | undefined {
    switch (condition.kind) {
      case "always":
        return negated ? [] : [[]];
      case "not":
        return this.#expand({ condition: condition.of, negated: !negated });
      case "all":
      case "any": {
        const parts = condition.of.map((part): Signed => ({ condition: part, negated }));
        if ((condition.kind === "all") !== negated) return this.#cross(parts);
        const sum: Conjunction[] = [];
        for (const part of parts) {
          const alternatives = this.#expand(part);
          if (alternatives === undefined) return undefined;
          sum.push(...alternatives);
          if (sum.length > CONJUNCTIONS_PER_RULE_MAX) return undefined;
        }
        return sum;
      }
      case "test":
        // A name is known only while the tree is read in order: left open here, either way.
        return readsBinding(condition) ? [[]] : [[{ atom: this.#atomOf(condition), negated }]];
      case "calendar":
      case "count":
        return readsBinding(condition) ? [[]] : [[{ atom: this.#stateAtom(condition), negated }]];
      default:
        return unreachable(condition);
    }
  }

  /** Above the cap: the tests that hold in every alternative. */
  #certain(parts: readonly Signed[]): Conjunction {
    return parts.flatMap(({ condition, negated }): Conjunction => {
      if (condition.kind === "not") return this.#certain([{ condition: condition.of, negated: !negated }]);
      const joins = condition.kind === (negated ? "any" : "all");
      if (joins && "of" in condition && Array.isArray(condition.of)) {
        return this.#certain(condition.of.map((part: ConditionIr) => ({ condition: part, negated })));
      }
      if (!isLeaf(condition) || readsBinding(condition)) return [];
      const atom = condition.kind === "test" ? this.#atomOf(condition) : this.#stateAtom(condition);
      return [{ atom, negated }];
    });
  }

  /** Each literal once, ranges of one field as one; nothing at all when one stands beside its own negation. */
  #simplified(literals: Conjunction): readonly Conjunction[] {
    const kept: Literal[] = [];
    for (const literal of literals) {
      const same = kept.find(({ atom }) => atom === literal.atom);
      if (same === undefined) kept.push(literal);
      else if (same.negated !== literal.negated) return [];
    }
    for (let i = 0; i < kept.length; i++) {
      for (let j = kept.length - 1; j > i; j--) {
        const joined = this.#joinRanges(kept[i], kept[j]);
        if (joined === undefined) continue;
        kept[i] = joined;
        kept.splice(j, 1);
      }
    }
    const isImpossible = kept.some(
      ({ atom: { test }, negated }) => test.kind === "range" && test.low > test.high && !negated,
    );
    return isImpossible ? [] : [kept];
  }

  /** `value at least 5` and `value at most 9` of one conjunction is one range. */
  #joinRanges(left: Literal | undefined, right: Literal | undefined): Literal | undefined {
    if (left === undefined || right === undefined || left.negated || right.negated) return undefined;
    const [a, b] = [left.atom.test, right.atom.test];
    if (a.kind !== "range" || b.kind !== "range" || a.field !== b.field) return undefined;
    const interval = { low: Math.max(a.low, b.low), high: Math.min(a.high, b.high) };
    return { atom: rangeAtom(this.#table, a.field, interval), negated: false };
  }

  #atomOf(test: TestIr): Atom {
    const key = this.#keyOf(test);
    let atom = this.#atoms.get(key);
    if (atom === undefined) {
      atom =
        test.operator === "changed" && test.change === undefined
          ? byTree(test)
          : lowerTest(this.#table, test);
      this.#atoms.set(key, atom);
    }
    return atom;
  }

  /** Counts and calendars: asked once an event, whatever number of rules ask. */
  #stateAtom(test: CalendarTestIr | CountTestIr): Atom {
    const key =
      test.kind === "count"
        ? JSON.stringify(["count", test.comparator, test.count, test.key])
        : JSON.stringify(["calendar", test.inside, this.#identity(test.calendar), this.#sideKey(test.at)]);
    let atom = this.#atoms.get(key);
    if (atom === undefined) {
      atom = predicateAtom(COST.tree, (event) => evaluateCondition(test, event.context));
      this.#atoms.set(key, atom);
    }
    return atom;
  }

  #sideKey(expr: ExprIr | undefined): unknown {
    if (expr === undefined) return "moment";
    if (expr.kind === "field") return ["field", expr.field.path];
    if (expr.kind === "const") return ["const", typeof expr.value, expr.value];
    return ["expr", this.#identity(expr)];
  }

  /** Tests that mean the same share a key; lookups and their like only with themselves. */
  #keyOf(test: TestIr): string {
    const { operator, exactly, ranks, pattern, change } = test;
    const side = (expr: ExprIr): unknown => this.#sideKey(expr);
    return JSON.stringify([
      operator,
      side(test.left),
      test.right.map(side),
      exactly,
      ranks === undefined ? 0 : this.#identity(ranks),
      pattern?.pieces,
      change === undefined ? 0 : [change.apiName, change.from.map(side), change.to.map(side)],
    ]);
  }

  #identity(value: object): number {
    let key = this.#exprKeys.get(value);
    if (key === undefined) this.#exprKeys.set(value, (key = ++this.#nextKey));
    return key;
  }
}

interface Signed {
  readonly condition: ConditionIr;
  readonly negated: boolean;
}

function someTest(condition: ConditionIr, holds: (test: LeafIr) => boolean): boolean {
  switch (condition.kind) {
    case "always":
      return false;
    case "all":
    case "any":
      return condition.of.some((part) => someTest(part, holds));
    case "not":
      return someTest(condition.of, holds);
    case "calendar":
    case "count":
    case "test":
      return holds(condition);
    default:
      return unreachable(condition);
  }
}

function bindsName(test: LeafIr): boolean {
  return test.kind === "test" && takesNames(test);
}

function readsBinding(test: LeafIr): boolean {
  if (test.kind === "count") return false;
  if (test.kind === "calendar") return test.at !== undefined && exprReadsBinding(test.at);
  const change = test.change === undefined ? [] : [...test.change.from, ...test.change.to];
  return [test.left, ...test.right, ...change].some(exprReadsBinding);
}

function exprReadsBinding(expr: ExprIr): boolean {
  switch (expr.kind) {
    case "binding":
      return true;
    case "lookup":
      return [
        expr.index,
        ...expr.table.entries.values(),
        ...(expr.table.otherwise === undefined ? [] : [expr.table.otherwise]),
      ].some(exprReadsBinding);
    case "text":
      return expr.parts.some((part) => typeof part !== "string" && exprReadsBinding(part));
    case "first":
    case "list":
      return expr.of.some(exprReadsBinding);
    default:
      return false;
  }
}
