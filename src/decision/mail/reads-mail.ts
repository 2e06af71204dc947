/** Whether any rule, template or callout of a set reads `mail.*`: only then a ticket's mail is looked up. Pure. */
import type { RuleSetIr } from "../../compiler/index.ts";

const known = new WeakMap<RuleSetIr, boolean>();

export function readsMail(ir: RuleSetIr): boolean {
  const before = known.get(ir);
  if (before !== undefined) return before;
  const found = [ir.rules, [...ir.templates.values()], [...ir.callouts.values()]].some((part) =>
    mentionsMail(part, new Set()),
  );
  known.set(ir, found);
  return found;
}

/** A walk over the plain data of the set; a field of the catalogue ends it. */
function mentionsMail(node: unknown, seen: Set<object>): boolean {
  if (typeof node !== "object" || node === null || seen.has(node)) return false;
  seen.add(node);
  if ("root" in node && "read" in node) return node.root === "mail";
  const parts =
    node instanceof Map || node instanceof Set
      ? [...node.values()]
      : Array.isArray(node)
        ? node
        : Object.values(node);
  return parts.some((part: unknown) => mentionsMail(part, seen));
}
