/** All names that `like` takes anywhere in a condition, sure or not: for messages about those used too early. */
import type { Span } from "../diagnostics/index.ts";
import type { Condition } from "../../grammar/ast.ts";
import { nameOfHole } from "./check-like.ts";

export function namesTaken(...conditions: readonly (Condition | undefined)[]): ReadonlyMap<string, Span> {
  const taken = new Map<string, Span>();
  for (const condition of conditions) if (condition !== undefined) collect(condition, taken);
  return taken;
}

function collect(node: Condition, taken: Map<string, Span>): void {
  if (node.kind === "group" || node.kind === "mixed") for (const part of node.of) collect(part, taken);
  if (node.kind === "not" && node.of !== undefined) collect(node.of, taken);
  if (node.kind !== "comparison" || node.operator !== "like") return;
  for (const side of node.right) {
    if (side.kind !== "string") continue;
    for (const piece of side.pieces) {
      const name = nameOfHole(piece);
      if (name !== undefined && !taken.has(name)) taken.set(name, piece.span);
    }
  }
}
