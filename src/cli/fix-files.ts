/**
 * `tocsin check --fix`: safe fixes applied round by round, for one may uncover the next. No file gets more errors than it
 * had: a round that would do that is tried again fix by fix, and what does harm is left out and told. Knows texts and the
 * checker's door; writes no file.
 */
import { checkFiles, type CheckInput } from "../checker/index.ts";
import { applyEdits, chooseSafeFixes, type ChosenFix, type Diagnostic } from "../diagnostics/index.ts";
import { FIX_ROUNDS_MAX, FIXES_TRIED_ALONE_MAX } from "../domain/index.ts";

export interface AppliedFix {
  readonly file: string;
  readonly code: string;
  readonly title: string;
  /** In the file as it was in that round. */
  readonly line: number;
  readonly column: number;
}

export interface FixedFiles {
  /** All texts, changed or not, in the order in which they came. */
  readonly files: readonly CheckInput[];
  readonly fixed: readonly AppliedFix[];
  /** Fixes that would have brought more errors than they mend. */
  readonly left: readonly AppliedFix[];
}

type Check = (files: readonly CheckInput[]) => readonly Diagnostic[];

export function fixFiles(
  files: readonly CheckInput[],
  checkAll: Check = (set) => checkFiles(set).diagnostics,
): FixedFiles {
  const check = (set: Texts): readonly Diagnostic[] =>
    checkAll([...set].map(([path, text]) => ({ path, text })));
  let texts: Texts = new Map(files.map(({ path, text }) => [path, text]));
  const fixed: AppliedFix[] = [];
  const left = new Map<string, AppliedFix>();
  let diagnostics = check(texts);
  for (let round = 0; round < FIX_ROUNDS_MAX; round++) {
    const chosen = [...texts.keys()].flatMap((path) =>
      chooseSafeFixes(
        path,
        diagnostics.filter((one) => one.span.source.path === path && !left.has(keyOf(one))),
      ),
    );
    if (chosen.length === 0) break;
    const step = applyAll({ texts, diagnostics }, chosen, check);
    fixed.push(...step.applied.map(toApplied));
    for (const one of step.harmful) left.set(keyOf(one.diagnostic), toApplied(one));
    if (step.applied.length === 0 && step.harmful.length === 0) break;
    ({ texts, diagnostics } = step);
  }
  return { files: [...texts].map(([path, text]) => ({ path, text })), fixed, left: [...left.values()] };
}

type Texts = ReadonlyMap<string, string>;

interface State {
  readonly texts: Texts;
  readonly diagnostics: readonly Diagnostic[];
}

interface Step extends State {
  readonly applied: readonly ChosenFix[];
  readonly harmful: readonly ChosenFix[];
}

type CheckTexts = (texts: Texts) => readonly Diagnostic[];

function applyAll(before: State, chosen: readonly ChosenFix[], check: CheckTexts): Step {
  const texts = put(before.texts, chosen);
  const diagnostics = check(texts);
  if (!isWorse(before.diagnostics, diagnostics)) return { texts, diagnostics, applied: chosen, harmful: [] };
  return chosen.length === 1
    ? { ...before, applied: [], harmful: chosen }
    : applyOneByOne(before, chosen.slice(0, FIXES_TRIED_ALONE_MAX), check);
}

/** From the back, so that the places of those before stay right. */
function applyOneByOne(before: State, chosen: readonly ChosenFix[], check: CheckTexts): Step {
  const applied: ChosenFix[] = [];
  const harmful: ChosenFix[] = [];
  let kept = before;
  for (const one of chosen.toReversed()) {
    const texts = put(kept.texts, [one]);
    const diagnostics = check(texts);
    if (isWorse(kept.diagnostics, diagnostics)) {
      harmful.push(one);
      continue;
    }
    applied.push(one);
    kept = { texts, diagnostics };
  }
  return { ...kept, applied: applied.toReversed(), harmful: harmful.toReversed() };
}

function put(texts: Texts, chosen: readonly ChosenFix[]): Texts {
  const changed = new Map(texts);
  for (const [path, text] of texts) {
    const edits = chosen
      .filter(({ diagnostic }) => diagnostic.span.source.path === path)
      .flatMap(({ fix }) => fix.edits);
    if (edits.length > 0) changed.set(path, applyEdits(text, edits));
  }
  return changed;
}

/** More errors in any one file. */
function isWorse(before: readonly Diagnostic[], after: readonly Diagnostic[]): boolean {
  const had = errorsByFile(before);
  return [...errorsByFile(after)].some(([path, count]) => count > (had.get(path) ?? 0));
}

function errorsByFile(diagnostics: readonly Diagnostic[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { severity, span } of diagnostics) {
    if (severity === "error") counts.set(span.source.path, (counts.get(span.source.path) ?? 0) + 1);
  }
  return counts;
}

/** Where it stands may move from round to round; what it says and about which words stays. */
function keyOf({ code, span, summary }: Diagnostic): string {
  return `${span.source.path} ${code} ${summary}`;
}

function toApplied({ diagnostic: { code, span }, fix }: ChosenFix): AppliedFix {
  const { line, column } = span.source.position(span.start);
  return { file: span.source.path, code, title: fix.title, line, column };
}
