/**
 * One rule over one event: the authored conditions as a tree with the result of every leaf, and how far the rule is from
 * holding. Knows no desk and no wording.
 *
 *   rule            all( for organization, condition, not exception, ... )
 *   leaf            a test as written (`is not` is one leaf), its result, what it looked at, and the names bound before it
 */
import type { ConditionIr, RuleIr } from "../compiler/index.ts";
import { unreachable } from "../domain/index.ts";
import type { FieldValue, Snapshot } from "../domain/index.ts";
import {
  actualOf,
  contextBehindAny,
  contextBehindLike,
  contextOf,
  evaluateCondition,
  isForRule,
  isInScope,
  organizationInScope,
  triggerHolds,
  walkCondition,
} from "../matcher/index.ts";
import type { ConditionReader, EvaluationContext, LeafIr } from "../matcher/index.ts";

export type Part =
  | { readonly kind: "all" | "any"; readonly of: readonly Part[] }
  | { readonly kind: "not"; readonly of: Part }
  | Leaf;

export interface Leaf {
  readonly kind: "leaf";
  /** Undefined: `for organization`. */
  readonly test: LeafIr | undefined;
  /** `is not` and its like: written as the opposite of the test. */
  readonly negated: boolean;
  readonly text: string;
  readonly file: string;
  readonly line: number;
  /** Of what is written. */
  readonly result: boolean;
  readonly actual: FieldValue;
  readonly context: EvaluationContext;
}

export interface RuleReading {
  readonly rule: RuleIr;
  readonly snapshot: Snapshot;
  readonly zone: string | undefined;
  /** One of the rule's events is this event. */
  readonly triggered: boolean;
  /** Fires on this event if nothing before it stops it. */
  readonly holds: boolean;
  /** The condition holds and an `except when` exempts. */
  readonly excepted: boolean;
  readonly root: Part;
  /** Written order. */
  readonly leaves: readonly Leaf[];
}

export function readRule(rule: RuleIr, snapshot: Snapshot, zone: string | undefined): RuleReading {
  const context = contextOf(snapshot, zone);
  const triggered =
    isForRule(rule, snapshot) && rule.triggers.some((trigger) => triggerHolds(trigger, context));
  const scope = scopeOf(rule, context);
  const condition = walkCondition(rule.condition, context, reader);
  const exceptions = rule.exceptions.map(
    (exception) => walkCondition(exception, condition.names, reader).read,
  );
  const exempted = exceptions.some(holds);
  const inScope = scope === undefined || scope.result;
  const meets = rule.active && triggered && inScope && holds(condition.read);
  const root: Part = {
    kind: "all",
    of: [
      ...(scope === undefined ? [] : [scope]),
      condition.read,
      ...exceptions.map((of): Part => ({ kind: "not", of })),
    ],
  };
  return {
    rule,
    snapshot,
    zone,
    triggered,
    holds: meets && !exempted,
    excepted: meets && exempted,
    root,
    leaves: leavesOf(root),
  };
}

function scopeOf(rule: RuleIr, context: EvaluationContext): Leaf | undefined {
  if (rule.organizations === undefined) return undefined;
  const { snapshot } = context;
  return {
    kind: "leaf",
    test: undefined,
    negated: false,
    text: "for organization",
    file: rule.file,
    line: rule.line,
    result: isInScope(rule, snapshot),
    actual: organizationInScope(snapshot),
    context,
  };
}

const reader: ConditionReader<EvaluationContext, Part> = {
  leaf: (test, context) => leafOf(test, test, context),
  all: (of) => ({ kind: "all", of }),
  any: (of) => ({ kind: "any", of }),
  not: (condition, of) =>
    of.kind === "leaf" && of.test === condition.of
      ? leafOf(condition, of.test, of.context)
      : { kind: "not", of },
  behindLike: contextBehindLike,
  behindAny: (branches, before) => contextBehindAny(branches, before, holds),
};

function leafOf(written: ConditionIr, test: LeafIr, context: EvaluationContext): Leaf {
  const { text, file, line } = written.origin;
  return {
    kind: "leaf",
    test,
    negated: written !== test,
    text,
    file,
    line,
    result: evaluateCondition(written, context),
    actual: actualOf(test, context),
    context,
  };
}

function holds(part: Part): boolean {
  return distanceOf(part, true) === 0;
}

function leavesOf(part: Part): readonly Leaf[] {
  switch (part.kind) {
    case "leaf":
      return [part];
    case "not":
      return leavesOf(part.of);
    case "all":
    case "any":
      return part.of.flatMap(leavesOf);
    default:
      return unreachable(part);
  }
}

/* ---------- what would have to be different ---------- */

/** How many leaves would have to turn at least; Infinity when no turning helps (an `any of` nothing). */
export function distanceOf(part: Part, wanted: boolean): number {
  switch (part.kind) {
    case "leaf":
      return part.result === wanted ? 0 : 1;
    case "not":
      return distanceOf(part.of, !wanted);
    case "all":
    case "any": {
      const each = part.of.map((one) => distanceOf(one, wanted));
      return (part.kind === "all") === wanted
        ? each.reduce((sum, one) => sum + one, 0)
        : each.reduce((least, one) => Math.min(least, one), Infinity);
    }
  }
}

/** A leaf and what it must be. */
export interface Need {
  readonly leaf: Leaf;
  readonly wanted: boolean;
}

/** One way for the whole to be as wanted: everything that must be so, what is so already included. */
export interface Alternative {
  readonly needs: readonly Need[];
  /** Needs that are not met. */
  readonly open: number;
}

/** Alternatives that are looked at on each level: those with the fewest open needs, in written order. */
const ALTERNATIVES_MAX = 24;

/** Fewest open needs first. Not all of them: see `ALTERNATIVES_MAX`. */
export function alternativesOf(part: Part, wanted: boolean): readonly Alternative[] {
  switch (part.kind) {
    case "leaf":
      return [{ needs: [{ leaf: part, wanted }], open: part.result === wanted ? 0 : 1 }];
    case "not":
      return alternativesOf(part.of, !wanted);
    case "all":
    case "any": {
      const each = part.of.map((one) => alternativesOf(one, wanted));
      return (part.kind === "all") === wanted ? combined(each) : best(each.flat());
    }
  }
}

function combined(each: readonly (readonly Alternative[])[]): readonly Alternative[] {
  let found: readonly Alternative[] = [{ needs: [], open: 0 }];
  for (const alternatives of each) {
    found = best(
      found.flatMap((before) =>
        alternatives.map((after) => ({
          needs: [...before.needs, ...after.needs],
          open: before.open + after.open,
        })),
      ),
    );
  }
  return found;
}

function best(alternatives: readonly Alternative[]): readonly Alternative[] {
  return alternatives.toSorted((a, b) => a.open - b.open).slice(0, ALTERNATIVES_MAX);
}
