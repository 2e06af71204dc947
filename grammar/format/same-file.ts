/**
 * Whether two readings say the same: the trees without places, the comments as texts. Knows which spellings the formatter
 * changes on purpose; nothing of how it writes.
 */
import type { RuleFile } from "../ast.ts";

export function isSameFile(before: RuleFile, after: RuleFile): boolean {
  return meaningOf(before) === meaningOf(after) && commentsOf(before) === commentsOf(after);
}

function commentsOf(file: RuleFile): string {
  return JSON.stringify(file.comments.map((comment) => comment.text).sort());
}

function meaningOf(file: RuleFile): string {
  return JSON.stringify([file.version, file.declarations], (key, value: unknown) => {
    if (/span$/i.test(key) || key === "source") return undefined;
    if (key === "defaults" && Array.isArray(value)) return inOneOrder(value);
    return isNode(value) ? oneSpelling(value) : value;
  });
}

type Node = Readonly<Record<string, unknown>>;

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "kind" in value;
}

/** A mailbox's blocks, which the formatter puts in the order of the specification. */
function inOneOrder(values: readonly unknown[]): readonly unknown[] {
  const keyed = values.map((value) => ({ value, key: String((value as Node)["object"]) }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : Number(a.key > b.key))).map(({ value }) => value);
}

/** `x does not contain y` is `not x contains y`; `"lab" in x.tags` is `x.tags contains "lab"`. */
function oneSpelling(node: Node): unknown {
  if (node["kind"] !== "comparison" && node["kind"] !== "between" && node["kind"] !== "changed") return node;
  const positive = node["kind"] === "comparison" ? containing(node) : node;
  if (node["negated"] !== true) return positive;
  return { kind: "not", of: { ...positive, negated: false } };
}

function containing(node: Node): Node {
  const { left, right, operator } = node;
  const [only] = Array.isArray(right) ? (right as readonly unknown[]) : [];
  const isTurned =
    operator === "in" && isNode(left) && left["kind"] === "string" && isNode(only) && only["kind"] === "path";
  return isTurned ? { ...node, operator: "contains", left: only, right: [left] } : node;
}
