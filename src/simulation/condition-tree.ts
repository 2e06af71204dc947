/**
 * A rule's condition with the result of every leaf, as explain gives them: what would have to be different, and what a
 * rule fired because of. Knows the tree's form, not how a test is evaluated.
 *
 *   explainRule -> [leaf, leaf, ...] in written order   +   the rule's tree   ->   Tree with results at its leaves
 */
import type { ConditionIr, ExprIr, RuleIr } from "../compiler/index.ts";
import type { Snapshot } from "../domain/index.ts";
import { explainRule } from "../matcher/index.ts";
import type { ConditionResult } from "../matcher/index.ts";

export type Tree =
  | { readonly kind: "all" | "any"; readonly of: readonly Tree[] }
  | { readonly kind: "not"; readonly of: Tree }
  | Leaf;

export interface Leaf {
  readonly kind: "leaf";
  readonly result: ConditionResult;
  /** Canonical paths that it reads. */
  readonly paths: readonly string[];
}

/** One rule and one event: every condition with its result. */
export interface RuleReading {
  readonly rule: RuleIr;
  readonly snapshot: Snapshot;
  readonly holds: boolean;
  readonly active: boolean;
  readonly triggered: boolean;
  /** `for organization` and the condition. */
  readonly condition: Tree;
  readonly exceptions: readonly Tree[];
}

export function readRule(rule: RuleIr, snapshot: Snapshot, zone: string | undefined): RuleReading {
  const explained = explainRule(rule, snapshot, zone);
  const results = [...explained.conditions];
  const parts: Tree[] = [];
  if (rule.organizations !== undefined) {
    const result = results.shift();
    const paths = ["alert", "ticket"].flatMap((root) => [
      `${root}.organization`,
      `${root}.organization.name`,
    ]);
    if (result !== undefined) parts.push({ kind: "leaf", result, paths });
  }
  parts.push(treeOf(rule.condition, results));
  return {
    rule,
    snapshot,
    holds: explained.result,
    active: explained.active,
    triggered: explained.triggered,
    condition: { kind: "all", of: parts },
    exceptions: rule.exceptions.map((exception) => treeOf(exception, results)),
  };
}

/** Takes its leaves from the front of the results: `is not` is one leaf, as explain tells it. */
function treeOf(condition: ConditionIr, results: ConditionResult[]): Tree {
  switch (condition.kind) {
    case "always":
      return { kind: "all", of: [] };
    case "all":
    case "any":
      return { kind: condition.kind, of: condition.of.map((part) => treeOf(part, results)) };
    case "not":
      return isLeaf(condition.of)
        ? leafOf(condition.of, results)
        : { kind: "not", of: treeOf(condition.of, results) };
    default:
      return leafOf(condition, results);
  }
}

function isLeaf(condition: ConditionIr): boolean {
  return !["always", "all", "any", "not"].includes(condition.kind);
}

function leafOf(condition: ConditionIr, results: ConditionResult[]): Tree {
  const result = results.shift();
  return result === undefined ? { kind: "all", of: [] } : { kind: "leaf", result, paths: pathsOf(condition) };
}

function pathsOf(condition: ConditionIr): readonly string[] {
  if (condition.kind !== "test") return [];
  const changed = condition.change?.apiName;
  return [
    ...[condition.left, ...condition.right].flatMap(pathsOfExpr),
    ...(changed === undefined ? [] : [pathOfChange(changed)]),
  ];
}

export function pathOfChange(apiName: string): string {
  return apiName.startsWith("udf.") ? `ticket.udf.${JSON.stringify(apiName.slice(4))}` : `ticket.${apiName}`;
}

function pathsOfExpr(expr: ExprIr): readonly string[] {
  switch (expr.kind) {
    case "field":
      return [expr.field.path];
    case "lookup":
      return pathsOfExpr(expr.index);
    case "first":
    case "list":
      return expr.of.flatMap(pathsOfExpr);
    case "text":
      return expr.parts.flatMap((part) => (typeof part === "string" ? [] : pathsOfExpr(part)));
    default:
      return [];
  }
}

/** Whether the tree holds; leaves of `turned` count as their opposite. */
export function holds(tree: Tree, turned: ReadonlySet<Leaf> = NONE): boolean {
  switch (tree.kind) {
    case "all":
      return tree.of.every((part) => holds(part, turned));
    case "any":
      return tree.of.some((part) => holds(part, turned));
    case "not":
      return !holds(tree.of, turned);
    case "leaf":
      return tree.result.result !== turned.has(tree);
  }
}

const NONE: ReadonlySet<Leaf> = new Set();

export function leavesOf(tree: Tree): readonly Leaf[] {
  switch (tree.kind) {
    case "leaf":
      return [tree];
    case "not":
      return leavesOf(tree.of);
    default:
      return tree.of.flatMap(leavesOf);
  }
}

/** The fewest leaves that would have to be different for the tree to be as wanted. */
export function toTurn(tree: Tree, wanted: boolean): readonly Leaf[] {
  if (holds(tree) === wanted) return [];
  switch (tree.kind) {
    case "leaf":
      return [tree];
    case "not":
      return toTurn(tree.of, !wanted);
    case "all":
    case "any": {
      const each = tree.of.map((part) => toTurn(part, wanted)).filter((leaves) => leaves.length > 0);
      const allOfThem = (tree.kind === "all") === wanted;
      if (allOfThem) return each.flat();
      return each.toSorted((a, b) => a.length - b.length)[0] ?? [];
    }
  }
}

/** Leaves that stand so that the tree is `wanted`, seen through `not`: in `not (a or b)` an `a` that is false helps. */
export function helping(tree: Tree, wanted: boolean): readonly Leaf[] {
  switch (tree.kind) {
    case "leaf":
      return tree.result.result === wanted ? [tree] : [];
    case "not":
      return helping(tree.of, !wanted);
    default:
      return tree.of.flatMap((part) => helping(part, wanted));
  }
}

/** What would have to be different for the rule to hold: empty when it does. */
export function missing(reading: RuleReading): readonly Leaf[] {
  return [
    ...toTurn(reading.condition, true),
    ...reading.exceptions.flatMap((exception) => toTurn(exception, false)),
  ];
}

/** `alert.device` also means what is read of the device. */
function reads(leaf: Leaf, path: string): boolean {
  return leaf.paths.some((one) => one === path || one.startsWith(`${path}.`));
}

/**
 * `fired because PATH`: a condition on it held, and the rule would not have fired without. For `not fired` the other
 * way round: a condition on it failed, and the rule would have fired had it held.
 */
export function decidedBy(reading: RuleReading, path: string): boolean {
  if (reading.holds) {
    const leaves = helping(reading.condition, true).filter((leaf) => reads(leaf, path));
    if (leaves.length > 0 && !holds(reading.condition, new Set(leaves))) return true;
    return firedByChange(reading, path);
  }
  if (!reading.triggered || !reading.active) return false;
  const against = [
    ...helping(reading.condition, false),
    ...reading.exceptions.flatMap((exception) => helping(exception, true)),
  ].filter((leaf) => reads(leaf, path));
  const turned = new Set(against);
  return (
    against.length > 0 &&
    holds(reading.condition, turned) &&
    !reading.exceptions.some((exception) => holds(exception, turned))
  );
}

/** `when ticket.status changes`: the event itself is the condition. */
function firedByChange({ rule, snapshot }: RuleReading, path: string): boolean {
  const changed = new Set(snapshot.changes.map(({ field }) => field));
  return (
    snapshot.kind === "ticket-changed" &&
    rule.triggers.some(
      ({ change }) =>
        change !== undefined && changed.has(change.apiName) && pathOfChange(change.apiName) === path,
    )
  );
}
