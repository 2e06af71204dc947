/** Texts with values filled in: every `{...}` is a path that can be read there and may not lack a value. */
import { spanText } from "../diagnostics/index.ts";
import type { Expression, StringNode } from "../../grammar/ast.ts";
import type { Checking, Place } from "./checking.ts";
import { warnAboutMissing } from "./presence.ts";
import { replace } from "./resolve-path.ts";

/**
 * R1309 for braces that are no path, then what is wrong with the path, then R2014 where it may lack a value.
 * `isRight` checks the expression in the braces (a text stands in expressions and holds expressions).
 */
export function checkFilledText(
  checking: Checking,
  place: Place,
  text: StringNode,
  isRight: (value: Expression) => boolean,
): void {
  for (const piece of text.pieces) {
    if (piece.kind === "open-hole")
      checking.report.add("R1309", piece.span, "a `{` that is not closed", {
        help: "close it behind the path, or write `\\{` for the character",
      });
    if (piece.kind !== "hole") continue;
    if (piece.value === undefined) {
      checking.report.add("R1309", piece.span, `\`${piece.source}\` is not a path`, {
        help: "a path looks like `{alert.title}`; for the character write `\\{`",
      });
      continue;
    }
    if (isRight(piece.value)) checkHole(checking, place, { value: piece.value, span: piece.span });
  }
}

/** In an open place the hole is kept for every place that will use it. */
function checkHole(
  checking: Checking,
  place: Place,
  hole: { readonly value: Expression; readonly span: StringNode["span"] },
): void {
  if (place.roots === undefined) place.reads?.holes.push(hole);
  else warnAboutMissing(checking, place, hole);
}

/** R2019: in a comparison `{path}` is plain text; nearly always the path itself was meant. */
export function warnAboutPlainHoles(checking: Checking, text: StringNode): void {
  const hole = text.pieces.find((piece) => piece.kind === "hole" && piece.value !== undefined);
  if (hole?.kind !== "hole" || hole.value === undefined) return;
  const bare = spanText(hole.value.span);
  const whole = text.pieces.length === 1;
  checking.report.add("R2019", hole.span, `\`${hole.source}\` is compared as it stands, not filled in`, {
    help: whole ? `for the value write \`${bare}\` without quotes` : "for the character write `\\{`",
    fixes: whole ? [replace(text.span, bare, false)] : [],
  });
}
