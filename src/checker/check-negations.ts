/** R2015: a negative form holds for a missing value, which surprises; `is not empty` beside it says that it was thought of. */
import { spanText, type Span } from "../diagnostics/index.ts";
import type { Condition, Expression } from "../../grammar/ast.ts";
import type { Checking, Place } from "./checking.ts";
import { addPresentWhenTrue, addTestedEmpty, mayBeMissing, pathOf, withPresent } from "./presence.ts";

interface Walk {
  readonly checking: Checking;
  /** Grows with what stands beside. */
  readonly place: Place;
  readonly negated: boolean;
}

export function checkNegations(checking: Checking, place: Place, condition: Condition): void {
  walk({ checking, place, negated: false }, condition);
}

function walk(at: Walk, node: Condition): void {
  switch (node.kind) {
    case "group": {
      const inner = { ...at, negated: at.negated !== (node.quantifier === "none") };
      // A negated `or` is an `and` of negations: what stands beside it is known either way.
      const beside = new Set<string>();
      if (node.quantifier === "all")
        for (const part of node.of) addPresentWhenTrue(beside, at.checking, part);
      addTestedEmpty(beside, at.checking, node);
      const next = { ...inner, place: withPresent(at.place, beside) };
      for (const part of node.of) walk(next, part);
      return;
    }
    case "not":
      if (node.of !== undefined) walk({ ...at, negated: !at.negated }, node.of);
      return;
    case "comparison": {
      const negated = at.negated !== (node.negated !== (node.quantifier === "none"));
      if (negated) warn(at, [node.left, ...node.right], node.span);
      return;
    }
    case "between":
    case "changed":
      if (at.negated !== node.negated && node.kind === "between") warn(at, [node.left], node.span);
      return;
    case "calendar":
      if (at.negated && node.left !== undefined) warn(at, [node.left], node.span);
      return;
    case "empty":
    case "mixed":
    case "count":
    case "name":
      return;
  }
}

function warn({ checking, place }: Walk, sides: readonly Expression[], span: Span): void {
  const missing = sides.find(
    (side) => pathOf(checking, side) !== undefined && mayBeMissing(checking, place, side),
  );
  if (missing === undefined) return;
  const path = spanText(missing.span);
  checking.report.add("R2015", span, `this also holds when \`${path}\` has no value`, {
    help: `write \`${path} is not empty and ...\` beside it, or \`${path} is empty or ...\` when that is meant`,
  });
}
