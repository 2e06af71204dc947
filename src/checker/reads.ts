/** What definitions, templates and lookups read, collected once, and judged by every place that uses them. */
import { spanText, type Span } from "../diagnostics/index.ts";
import type { Declaration } from "../../grammar/ast.ts";
import type { Checking, Place, Reads } from "./checking.ts";
import { warnAboutMissing } from "./presence.ts";

/** Runs `look` with an open place the first time; a declaration that is being looked at has what it read so far. */
export function readOnce(checking: Checking, declaration: Declaration, look: (reads: Reads) => void): Reads {
  const known = checking.reads.get(declaration);
  if (known !== undefined) return known;
  const reads: Reads = { paths: [], holes: [] };
  checking.reads.set(declaration, reads);
  look(reads);
  return reads;
}

/** Every path must be at hand where the declaration is used; told at the use, with a label inside the declaration. */
export function useReads(checking: Checking, place: Place, reads: Reads, use: Span): void {
  if (place.roots === undefined) {
    place.reads?.paths.push(...reads.paths);
    place.reads?.holes.push(...reads.holes);
    return;
  }
  for (const { path, field } of reads.paths) {
    if (place.roots.has(field.root) || place.scope.complained.has(field.root)) continue;
    place.scope.complained.add(field.root);
    checking.report.add(
      "R1205",
      use,
      `\`${spanText(use)}\` reads \`${field.path}\`, which is not at hand here`,
      {
        labels: [{ span: path.span, text: "read here" }],
        help: place.whyMissing(field.root),
      },
    );
  }
  for (const hole of reads.holes) warnAboutMissing(checking, place, hole);
}
