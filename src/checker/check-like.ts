/** `like` patterns: what they take, and patterns that take nothing or cannot be told apart (R2020). */
import type { Span } from "../diagnostics/index.ts";
import { exactText } from "../domain/index.ts";
import type { Comparison, StringNode, StringPiece } from "../../grammar/ast.ts";
import type { Checking, Place } from "./checking.ts";
import type { Sides } from "./comparison-sides.ts";
import { sideText } from "./comparison-sides.ts";
import { kindWords } from "./value-type.ts";

/** Names taken when the comparison holds; those of a negated one are loose. */
export function checkLike(
  checking: Checking,
  place: Place,
  node: Comparison,
  sides: Sides,
): ReadonlyMap<string, Span> {
  const nothing = new Map<string, Span>();
  if (sides.left.kind === "wrong") return nothing;
  if (sides.left.kind !== "text" && sides.left.kind !== "any") {
    checking.report.add(
      "R1303",
      node.operatorSpan,
      `\`like\` does not fit ${kindWords(sides.left)} such as \`${sideText(node.left)}\``,
    );
    return nothing;
  }
  const taken = sides.right.map((side) => {
    if (side.node.kind === "string") return takenByPattern(checking, place, side.node);
    if (side.type.kind !== "wrong")
      checking.report.add("R1303", side.at, "a pattern stands in quotes", {
        help: 'write `like "Disk {drive} is * full"`',
      });
    return nothing;
  });
  if (node.negated || node.quantifier === "none") {
    for (const [name, span] of taken.flatMap((names) => [...names]))
      place.scope.loose.set(name, { span, why: "this holds when the pattern does not" });
    return nothing;
  }
  return node.quantifier === "all" ? new Map(taken.flatMap((t) => [...t])) : shared(place, taken, sides);
}

/** Of several patterns any may have held: a name must be in each. */
function shared(
  place: Place,
  taken: readonly ReadonlyMap<string, Span>[],
  sides: Sides,
): ReadonlyMap<string, Span> {
  const sure = new Map<string, Span>();
  for (const [name, span] of taken.flatMap((names) => [...names])) {
    const missing = taken.findIndex((names) => !names.has(name));
    if (missing === -1) sure.set(name, span);
    else
      place.scope.loose.set(name, {
        span: sides.right[missing]?.at ?? span,
        why: `this pattern does not take \`${name}\``,
      });
  }
  return sure;
}

function takenByPattern(checking: Checking, place: Place, pattern: StringNode): ReadonlyMap<string, Span> {
  const taken = new Map<string, Span>();
  for (const piece of pattern.pieces) takePiece(checking, place, piece, taken);
  warnAboutShape(checking, pattern);
  return taken;
}

function takePiece(checking: Checking, place: Place, piece: StringPiece, taken: Map<string, Span>): void {
  const { report, declarations } = checking;
  if (piece.kind === "open-hole")
    report.add("R1309", piece.span, "a `{` that is not closed", {
      help: "close it behind the name, or write `\\{` for the character",
    });
  if (piece.kind !== "hole") return;
  const name = nameOfHole(piece);
  if (name === undefined) {
    report.add("R1309", piece.span, `\`${piece.source}\` is not a name`, {
      help: "a pattern gives a name to what it finds: `{drive}`; for the character write `\\{`",
    });
    return;
  }
  const earlier = taken.get(name) ?? place.bound.get(name);
  const declared =
    declarations.lists.get(name) ?? declarations.lookups.get(name) ?? declarations.defines.get(name);
  if (earlier !== undefined)
    report.add("R1202", piece.span, `\`${name}\` is taken twice`, {
      labels: [{ span: earlier, text: "first taken here" }],
    });
  else if (declared?.name !== undefined)
    report.add("R1202", piece.span, `\`${name}\` is already the name of a ${declared.kind}`, {
      labels: [{ span: declared.name.span, text: "declared here" }],
    });
  taken.set(name, piece.span);
}

/** `{drive}`: one plain word. */
export function nameOfHole(piece: StringPiece): string | undefined {
  if (piece.kind !== "hole" || piece.value?.kind !== "path") return undefined;
  const [only, ...more] = piece.value.segments;
  return only !== undefined && more.length === 0 && !only.quoted ? exactText(only.text) : undefined;
}

function warnAboutShape(checking: Checking, pattern: StringNode): void {
  const runs = pattern.pieces.filter((p) => p.kind === "star" || p.kind === "hole");
  if (runs.length === 0) {
    const open = pattern.pieces.some((p) => p.kind === "open-hole");
    if (!open)
      checking.report.add("R2020", pattern.span, "the pattern has no `*` and no `{name}`", {
        help: "then it is the same as `is`; for a part of a text write `contains`",
      });
    return;
  }
  const adjoining = pattern.pieces.find((piece, i) => {
    const before = pattern.pieces[i - 1];
    return isRun(piece) && before !== undefined && isRun(before);
  });
  if (adjoining !== undefined)
    checking.report.add("R2020", adjoining.span, "two wildcards without a text between them", {
      help: "nothing says where the first ends; put a text between them or leave one out",
    });
}

function isRun(piece: StringPiece): boolean {
  return piece.kind === "star" || piece.kind === "hole";
}
