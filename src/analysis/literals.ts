/**
 * Conditions as alternatives of literals: what has to hold together for a rule to match. Knows nothing of what a
 * literal means.
 *
 *   a and not (b or c) and (d or e)   =>   [a, not b, not c, d]
 *                                          [a, not b, not c, e]
 */
import type { ConditionIr, ExprIr, RuleIr } from "../compiler/index.ts";
import { CONJUNCTIONS_PER_RULE_MAX, foldText, unreachable } from "../domain/index.ts";

export type Leaf = Extract<ConditionIr, { readonly kind: "test" | "calendar" | "count" }>;

export interface Literal {
  readonly leaf: Leaf;
  readonly positive: boolean;
  /** As the admin wrote it, `not` included. */
  readonly text: string;
  /** What it speaks about: literals on different subjects are never weighed against each other. */
  readonly subject: string;
  /** Equal for tests that mean the same. */
  readonly key: string;
}

/** All of them hold at once. */
export type Conjunction = readonly Literal[];

/** Undefined: more alternatives than are looked at. */
export function alternativesOf(condition: ConditionIr, positive = true): readonly Conjunction[] | undefined {
  switch (condition.kind) {
    case "always":
      return positive ? [[]] : [];
    case "not":
      return alternativesOf(condition.of, !positive)?.map((conjunction) =>
        conjunction.map((literal) =>
          condition.of === literal.leaf ? { ...literal, text: condition.origin.text } : literal,
        ),
      );
    case "all":
    case "any": {
      const parts: (readonly Conjunction[])[] = [];
      for (const part of condition.of) {
        const alternatives = alternativesOf(part, positive);
        if (alternatives === undefined) return undefined;
        parts.push(alternatives);
      }
      return (condition.kind === "all") === positive ? product(parts) : union(parts);
    }
    case "calendar":
    case "count":
    case "test":
      return [[literalOf(condition, positive)]];
    default:
      return unreachable(condition);
  }
}

/** The rule's condition and none of its exceptions. */
export function alternativesOfRule(rule: RuleIr): readonly Conjunction[] | undefined {
  const parts = [alternativesOf(rule.condition)];
  for (const exception of rule.exceptions) parts.push(alternativesOf(exception, false));
  const known = parts.filter((part) => part !== undefined);
  return known.length === parts.length ? product(known) : undefined;
}

function union(parts: readonly (readonly Conjunction[])[]): readonly Conjunction[] | undefined {
  const all = parts.flat();
  return all.length > CONJUNCTIONS_PER_RULE_MAX ? undefined : all;
}

function product(parts: readonly (readonly Conjunction[])[]): readonly Conjunction[] | undefined {
  let all: readonly Conjunction[] = [[]];
  for (const part of parts) {
    if (all.length * part.length > CONJUNCTIONS_PER_RULE_MAX) return undefined;
    all = all.flatMap((left) => part.map((right) => [...left, ...right]));
  }
  return all;
}

export function literalOf(leaf: Leaf, positive: boolean): Literal {
  const key = keyOfLeaf(leaf);
  const text = positive ? leaf.origin.text : `not (${leaf.origin.text})`;
  return { leaf, positive, text, subject: subjectOf(leaf, key), key };
}

/** For proofs only: its text is not turned. */
export function opposite(literal: Literal): Literal {
  return { ...literal, positive: !literal.positive };
}

function subjectOf(leaf: Leaf, key: string): string {
  if (leaf.kind !== "test" || leaf.operator === "changed") return key;
  return leaf.left.kind === "field" ? leaf.left.field.path : keyOfExpr(leaf.left);
}

function keyOfLeaf(leaf: Leaf): string {
  switch (leaf.kind) {
    case "calendar": {
      const at = leaf.at === undefined ? "event" : keyOfExpr(leaf.at);
      return `calendar ${leaf.inside ? "in" : "out"} ${JSON.stringify(leaf.calendar)} ${at}`;
    }
    case "count":
      return `count ${leaf.comparator} ${leaf.count} ${leaf.key}`;
    case "test": {
      const { operator, exactly, change } = leaf;
      const asWritten = exactly || operator === "matches" || operator === "like";
      const right = leaf.right.map((side) => keyOfExpr(side, asWritten));
      const changed =
        change === undefined
          ? ""
          : `${change.apiName} ${change.from.map((side) => keyOfExpr(side)).join()} to ${change.to.map((side) => keyOfExpr(side)).join()}`;
      const ordered = operator === "between" ? right : right.toSorted();
      return `${operator} ${exactly} ${keyOfExpr(leaf.left)} [${ordered.join()}] ${changed}`;
    }
    default:
      return unreachable(leaf);
  }
}

/** Equal keys, equal values, in whatever event. Text folds, since it compares so, unless it is kept as written. */
export function keyOfExpr(expr: ExprIr, asWritten = false): string {
  const keys = (of: readonly ExprIr[]): string => of.map((part) => keyOfExpr(part, asWritten)).join();
  switch (expr.kind) {
    case "const": {
      const { value } = expr;
      return JSON.stringify(typeof value === "string" && !asWritten ? foldText(value) : value) ?? "missing";
    }
    case "field":
      return `field:${expr.field.path}`;
    case "binding":
      return `bound:${expr.name}`;
    case "lookup":
      return `${JSON.stringify(expr.table.name)}[${keyOfExpr(expr.index)}]`;
    case "text":
      return `text(${expr.parts.map((part) => (typeof part === "string" ? JSON.stringify(part) : keyOfExpr(part, asWritten))).join()})`;
    case "first":
      return `first(${keys(expr.of)})`;
    case "list":
      return `list(${keys(expr.of)})`;
    case "duration":
      return `ms:${expr.ms}`;
    case "category-default":
      return "category default";
    case "secret":
      return `secret ${JSON.stringify(expr.name)}`;
    default:
      return unreachable(expr);
  }
}

/** Bound names mean another text in every rule, and what they mean hangs on the branch that bound them. */
export function readsBinding(literal: Literal): boolean {
  return literal.key.includes("bound:");
}
