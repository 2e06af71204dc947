/** Hashes that do not change with layout: of a declaration, and of a whole set of files. Knows nothing of meaning. */
import { hash } from "node:crypto";
import { compareCodePoints } from "../checker/index.ts";
import type { Declaration } from "../../grammar/ast.ts";

/**
 * The tree without places, comments and documentation is the canonical text: white space, line breaks and the order of
 * a block's lines do not reach it. (Folding the white space of the text itself would also fold that inside strings.)
 */
export function hashNode(node: Declaration): string {
  return sha256(canonicalText(node) ?? "");
}

const places: ReadonlySet<string> = new Set(["span", "keywordSpan", "operatorSpan", "doc", "source"]);

/** What `JSON.stringify` writes without the places; four times as fast as asking a function about every key. */
export function canonicalText(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((one) => canonicalText(one) ?? "null").join(",")}]`;
  let text = "";
  for (const [key, one] of Object.entries(value)) {
    const inner = places.has(key) ? undefined : canonicalText(one);
    if (inner !== undefined) text += `${text === "" ? "" : ","}${JSON.stringify(key)}:${inner}`;
  }
  return `{${text}}`;
}

/** Of the files as they are: a comment counts, since it is part of what an admin published. */
export function ruleSetHash(files: readonly { readonly path: string; readonly text: string }[]): string {
  const sorted = [...files].sort((a, b) => compareCodePoints(a.path, b.path));
  return sha256(JSON.stringify(sorted.map(({ path, text }) => [path, text])));
}

function sha256(text: string): string {
  return hash("sha256", text, "hex");
}
