/** Safe fixes put into a text: which of them go together, and the text with them. Knows no file and no rule. */
import type { Diagnostic, Fix, TextEdit } from "./diagnostic.ts";

export interface ChosenFix {
  readonly diagnostic: Diagnostic;
  readonly fix: Fix;
}

/**
 * The safe fixes of one file that can be applied together: in order of place, the first one of each diagnostic, and of
 * two whose edits meet the first. A fix is taken whole or not at all. What is left out is found again by the next check.
 */
export function chooseSafeFixes(path: string, diagnostics: readonly Diagnostic[]): readonly ChosenFix[] {
  const chosen: ChosenFix[] = [];
  const taken: TextEdit[] = [];
  for (const diagnostic of diagnostics) {
    const fix = diagnostic.fixes.find(({ safe, edits }) => safe && edits.length > 0);
    if (fix === undefined || !fix.edits.every(({ span }) => span.source.path === path)) continue;
    if (fix.edits.some((edit) => taken.some((other) => meet(edit, other)))) continue;
    chosen.push({ diagnostic, fix });
    taken.push(...fix.edits);
  }
  return chosen;
}

/** Edits in the one text that they were made for; a line break in them is written as the text writes its own. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const lineBreak = /\r\n|\n|\r/.exec(text)?.[0] ?? "\n";
  return edits
    .toSorted((a, b) => b.span.start - a.span.start || b.span.end - a.span.end)
    .reduce(
      (before, { span, newText }) =>
        before.slice(0, span.start) + newText.replace(/\r\n|\n|\r/g, lineBreak) + before.slice(span.end),
      text,
    );
}

/** Also two insertions at one place: which of them comes first is nobody's to guess. */
function meet(a: TextEdit, b: TextEdit): boolean {
  const isInsertion = a.span.start === a.span.end || b.span.start === b.span.end;
  return isInsertion
    ? a.span.start <= b.span.end && b.span.start <= a.span.end
    : a.span.start < b.span.end && b.span.start < a.span.end;
}
