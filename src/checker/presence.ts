/** Which paths surely have a value: from the catalogue, from the place, from conditions that hold there. */
import { spanText, type Span } from "../diagnostics/index.ts";
import { DEFINITION_DEPTH_MAX, exactText } from "../domain/index.ts";
import type { Condition, Expression } from "../../grammar/ast.ts";
import type { Checking, Place } from "./checking.ts";

/** Only what the author could mend: a ticket that may be missing skips its actions and says so, so its fields count as there. */
export function mayBeMissing(checking: Checking, place: Place, node: Expression): boolean {
  switch (node.kind) {
    case "path": {
      const meaning = checking.meanings.get(node);
      if (meaning?.kind !== "field") return false;
      const { field, untyped } = meaning;
      if (place.present.has(field.path)) return false;
      if (field.type === "list" && !untyped) return false;
      const away = place.roots?.get(field.root) === "maybe" && field.root !== "ticket";
      return away || field.mayBeMissing;
    }
    case "fallback":
      return node.of.every((part) => mayBeMissing(checking, place, part));
    case "lookup": {
      const table = checking.declarations.lookups.get(exactText(node.table.text));
      return table !== undefined && table.otherwise === undefined;
    }
    default:
      return false;
  }
}

/** R2014: a text with a hole that may stay empty. */
export function warnAboutMissing(
  checking: Checking,
  place: Place,
  hole: { readonly value: Expression; readonly span: Span },
): void {
  if (!mayBeMissing(checking, place, hole.value)) return;
  const path = spanText(hole.value.span);
  checking.report.add("R2014", hole.span, `\`${path}\` may have no value`, {
    help: place.ifMissing?.(path) ?? `give the text something to say then: \`{${path} or "unknown"}\``,
  });
}

export function withPresent(place: Place, paths: Iterable<string>): Place {
  return { ...place, present: new Set([...place.present, ...paths]) };
}

/** Canonical paths that have a value whenever the condition holds. */
export function presentWhenTrue(checking: Checking, node: Condition | undefined, depth = 0): Set<string> {
  const present = new Set<string>();
  if (node === undefined || depth > DEFINITION_DEPTH_MAX) return present;
  const inner = (condition: Condition | undefined): Set<string> =>
    presentWhenTrue(checking, condition, depth + 1);
  switch (node.kind) {
    case "group":
      if (node.quantifier === "all") return new Set(node.of.flatMap((part) => [...inner(part)]));
      if (node.quantifier === "any" && node.of.length > 0)
        return node.of.map(inner).reduce((all, one) => all.intersection(one));
      return present;
    case "not":
      return node.of?.kind === "empty" && !node.of.negated ? pathsOf(checking, node.of.left) : present;
    case "empty":
      return node.negated ? pathsOf(checking, node.left) : present;
    case "comparison": {
      if (node.negated || node.quantifier === "none") return present;
      const sides = [node.left, ...(node.right.length === 1 ? node.right : [])];
      return new Set(sides.flatMap((side) => [...pathsOf(checking, side)]));
    }
    case "between":
      return node.negated ? present : pathsOf(checking, node.left);
    case "calendar":
      return node.left === undefined ? present : pathsOf(checking, node.left);
    case "count":
      return new Set(node.per.flatMap((path) => [...pathsOf(checking, path)]));
    case "name":
      return inner(checking.declarations.defines.get(exactText(node.name.text))?.condition);
    default:
      return present;
  }
}

/** Paths that are tested with `is empty` in the condition: the author thought of them. */
export function testedEmpty(checking: Checking, node: Condition): Set<string> {
  if (node.kind === "empty") return pathsOf(checking, node.left);
  if (node.kind === "group") return new Set(node.of.flatMap((part) => [...testedEmpty(checking, part)]));
  if (node.kind === "not" && node.of !== undefined) return testedEmpty(checking, node.of);
  return new Set();
}

export function pathsOf(checking: Checking, node: Expression): Set<string> {
  const meaning = node.kind === "path" ? checking.meanings.get(node) : undefined;
  return new Set(meaning?.kind === "field" ? [meaning.field.path] : []);
}
