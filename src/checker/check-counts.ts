/**
 * R2022: a count counts every alert of its key, whatever else the rule asks. Joined by `and` with a condition on a path that
 * is not in its `per`, it looks as if only those alerts were counted. Knows nothing of counting.
 */
import { spanText } from "../diagnostics/index.ts";
import { exactText, DEFINITION_DEPTH_MAX } from "../domain/index.ts";
import type { Condition, CountTest, Expression } from "../../grammar/ast.ts";
import { mustHold } from "./check-suppress.ts";
import type { Checking } from "./checking.ts";

interface PathRead {
  /** As written. */
  readonly text: string;
  /** Canonical. */
  readonly path: string;
}

/** Looks into every `and` of the condition, also within brackets. */
export function checkCounts(checking: Checking, node: Condition): void {
  if (node.kind === "not") {
    if (node.of !== undefined) checkCounts(checking, node.of);
    return;
  }
  if (node.kind !== "group") return;
  if (node.quantifier !== "all") {
    for (const part of node.of) checkCounts(checking, part);
    return;
  }
  const parts = mustHold(node);
  for (const part of parts) {
    if (part.kind === "count") checkJoined(checking, part, parts);
    else checkCounts(checking, part);
  }
}

function checkJoined(checking: Checking, count: CountTest, parts: readonly Condition[]): void {
  const per = count.per.flatMap((path) => canonicalPath(checking, path) ?? []);
  for (const part of parts) {
    const stray = readsOf(checking, part).find(
      ({ path }) => path.startsWith("alert.") && !isCovered(path, per),
    );
    if (stray === undefined) continue;
    checking.report.add(
      "R2022",
      count.span,
      `this counts all alerts of its key, whatever their \`${stray.text}\``,
      {
        labels: [{ span: part.span, text: "asked of this alert only, not of those that are counted" }],
        help: `to count by it too write it behind \`per\`: \`per (..., ${stray.text})\``,
      },
    );
    return;
  }
}

/** `per alert.organization` covers whatever belongs to the organization. */
function isCovered(path: string, per: readonly string[]): boolean {
  return per.some(
    (counted) =>
      path === counted ||
      path.startsWith(`${counted}.`) ||
      (counted.endsWith(".name") && path.startsWith(counted.slice(0, -"name".length))),
  );
}

function canonicalPath(checking: Checking, node: Expression): string | undefined {
  const meaning = node.kind === "path" ? checking.meanings.get(node) : undefined;
  return meaning?.kind === "field" ? meaning.field.path : undefined;
}

/** Paths that a condition reads, those of definitions included. */
function readsOf(checking: Checking, node: Condition, depth = 0): readonly PathRead[] {
  if (depth > DEFINITION_DEPTH_MAX) return [];
  switch (node.kind) {
    case "group":
    case "mixed":
      return node.of.flatMap((part) => readsOf(checking, part, depth + 1));
    case "not":
      return node.of === undefined ? [] : readsOf(checking, node.of, depth + 1);
    case "comparison":
      return [node.left, ...node.right].flatMap((side) => pathsIn(checking, side));
    case "between":
      return [node.left, node.low, node.high].flatMap((side) =>
        side === undefined ? [] : pathsIn(checking, side),
      );
    case "empty":
    case "changed":
      return pathsIn(checking, node.left);
    case "calendar":
      return node.left === undefined ? [] : pathsIn(checking, node.left);
    case "count":
      return [];
    case "name": {
      const definition = checking.declarations.defines.get(exactText(node.name.text));
      return definition?.condition === undefined ? [] : readsOf(checking, definition.condition, depth + 1);
    }
  }
}

function pathsIn(checking: Checking, node: Expression): readonly PathRead[] {
  switch (node.kind) {
    case "path": {
      const path = canonicalPath(checking, node);
      return path === undefined ? [] : [{ text: spanText(node.span), path }];
    }
    case "lookup":
      return node.index === undefined ? [] : pathsIn(checking, node.index);
    case "fallback":
      return node.of.flatMap((part) => pathsIn(checking, part));
    case "list":
      return node.items.flatMap((item) => pathsIn(checking, item));
    default:
      return [];
  }
}
