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

export function withPresent(place: Place, paths: ReadonlySet<string>): Place {
  return paths.size === 0 ? place : { ...place, present: place.present.union(paths) };
}

/** Canonical paths that have a value whenever the condition holds. */
export function presentWhenTrue(checking: Checking, node: Condition | undefined): ReadonlySet<string> {
  const present = new Set<string>();
  addPresentWhenTrue(present, checking, node);
  return present;
}

export function addPresentWhenTrue(
  present: Set<string>,
  checking: Checking,
  node: Condition | undefined,
): void {
  addPresent(present, checking, node, 0);
}

/** Adds to one set: a set for each test of each condition was a tenth of all that a check takes. */
function addPresent(
  present: Set<string>,
  checking: Checking,
  node: Condition | undefined,
  depth: number,
): void {
  if (node === undefined || depth > DEFINITION_DEPTH_MAX) return;
  switch (node.kind) {
    case "group":
      if (node.quantifier === "all")
        for (const part of node.of) addPresent(present, checking, part, depth + 1);
      if (node.quantifier === "any" && node.of.length > 0)
        for (const path of presentInEach(checking, node.of, depth + 1)) present.add(path);
      return;
    case "not":
      if (node.of?.kind === "empty" && !node.of.negated) addPath(present, checking, node.of.left);
      return;
    case "empty":
      if (node.negated) addPath(present, checking, node.left);
      return;
    case "comparison": {
      if (node.negated || node.quantifier === "none") return;
      addPath(present, checking, node.left);
      const [only] = node.right;
      if (node.right.length === 1 && only !== undefined) addPath(present, checking, only);
      return;
    }
    case "between":
      if (!node.negated) addPath(present, checking, node.left);
      return;
    case "calendar":
      if (node.left !== undefined) addPath(present, checking, node.left);
      return;
    case "count":
      for (const path of node.per) addPath(present, checking, path);
      return;
    case "name": {
      const definition = checking.declarations.defines.get(exactText(node.name.text));
      addPresent(present, checking, definition?.condition, depth + 1);
      return;
    }
    default:
      return;
  }
}

function presentInEach(checking: Checking, of: readonly Condition[], depth: number): ReadonlySet<string> {
  const [head, ...rest] = of.map((part) => {
    const present = new Set<string>();
    addPresent(present, checking, part, depth);
    return present;
  });
  return rest.reduce((all, one) => all.intersection(one), head ?? new Set());
}

/** Paths that are tested with `is empty` in the condition: the author thought of them. */
export function addTestedEmpty(tested: Set<string>, checking: Checking, node: Condition): void {
  if (node.kind === "empty") addPath(tested, checking, node.left);
  else if (node.kind === "group") for (const part of node.of) addTestedEmpty(tested, checking, part);
  else if (node.kind === "not" && node.of !== undefined) addTestedEmpty(tested, checking, node.of);
}

function addPath(paths: Set<string>, checking: Checking, node: Expression): void {
  const path = pathOf(checking, node);
  if (path !== undefined) paths.add(path);
}

/** Of a path that is a field. */
export function pathOf(checking: Checking, node: Expression): string | undefined {
  const meaning = node.kind === "path" ? checking.meanings.get(node) : undefined;
  return meaning?.kind === "field" ? meaning.field.path : undefined;
}
