/** Hashes that do not change with layout: of a declaration, and of a whole set of files. Knows nothing of meaning. */
import { hash } from "node:crypto";
import { compareCodePoints } from "../checker/index.ts";
import type { Declaration } from "../../grammar/ast.ts";
import { CanonicalBytes } from "./canonical-bytes.ts";

/**
 * The tree without places, comments and documentation is the canonical text: white space, line breaks and the order of
 * a block's lines do not reach it. (Folding the white space of the text itself would also fold that inside strings.)
 */
export function hashNode(node: Declaration): string {
  return hash("sha256", canonical.write(node), "hex");
}

export function canonicalText(node: object): string {
  return canonical.write(node).toString("utf8");
}

/** One for the process: each writing is over before the next begins. */
const canonical = new CanonicalBytes();

/** Of the files as they are: a comment counts, since it is part of what an admin published. */
export function ruleSetHash(files: readonly { readonly path: string; readonly text: string }[]): string {
  const sorted = [...files].sort((a, b) => compareCodePoints(a.path, b.path));
  return hash("sha256", JSON.stringify(sorted.map(({ path, text }) => [path, text])), "hex");
}
