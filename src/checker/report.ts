/** Collects what the checks find, once per place and code, and settles it: allowed, sorted, capped. Knows no check. */
import {
  catalogue,
  diagnostic,
  type Diagnostic,
  type DiagnosticCode,
  type DiagnosticParts,
  type Hidden,
  type Span,
} from "../diagnostics/index.ts";
import { DIAGNOSTICS_PER_FILE_MAX } from "../domain/index.ts";
import type { RuleFile } from "../../grammar/ast.ts";

/** A definition or template is looked at from every place that uses it; its own mistake is told once. */
export class Report {
  readonly #found = new Map<string, Diagnostic>();

  add(code: DiagnosticCode, span: Span, summary: string, parts: DiagnosticParts = {}): void {
    const key = placeKey(code, span);
    if (!this.#found.has(key)) this.#found.set(key, diagnostic(code, span, summary, parts));
  }

  addFound(one: Diagnostic): void {
    const key = placeKey(one.code, one.span);
    if (!this.#found.has(key)) this.#found.set(key, one);
  }

  get found(): readonly Diagnostic[] {
    return [...this.#found.values()];
  }
}

function placeKey(code: string, { source, start, end }: Span): string {
  return `${code} ${source.path}:${source.base + start}-${end - start}`;
}

/** Takes away what a comment allows, sorts by file, place and severity, keeps the first of each file. */
export function settle(found: readonly Diagnostic[], files: readonly RuleFile[]): readonly Diagnostic[] {
  const allowances = files.map(readAllowances);
  return inPlace([...withoutAllowed(found, allowances), ...allowances.flatMap((a) => a.complaints)]);
}

/** What was found later, by analysis, among what is settled already. */
export function addFindings(
  settled: readonly Diagnostic[],
  found: readonly Diagnostic[],
  files: readonly RuleFile[],
): readonly Diagnostic[] {
  if (found.length === 0) return settled;
  return inPlace([...settled, ...withoutAllowed(found, files.map(readAllowances))]);
}

function withoutAllowed(
  found: readonly Diagnostic[],
  allowances: readonly Allowances[],
): readonly Diagnostic[] {
  const allowed = new Map(allowances.map((a) => [a.path, a.codesByLine]));
  return found.filter((d) => {
    const line = d.span.source.position(d.span.start).line;
    const codes = allowed.get(d.span.source.path)?.get(line);
    return d.severity === "error" || codes?.has(d.code) !== true;
  });
}

/** Sorted; of each file the first errors, then as many others as there is room for: none must hide an error. */
function inPlace(found: readonly Diagnostic[]): readonly Diagnostic[] {
  const perFile = Map.groupBy(found.toSorted(byPlace), (d) => d.span.source.path);
  return [...perFile.values()].flatMap((all) => {
    const cut = all.reduce((sum, { hidden }) => sum + (hidden?.count ?? 0), 0);
    const more = all.length - DIAGNOSTICS_PER_FILE_MAX;
    const hidden = {
      count: cut + Math.max(0, more),
      atLeast: all.some((one) => one.hidden?.atLeast === true),
    };
    if (more <= 0) return cut === 0 ? all : withHidden(all, hidden);
    const bySeverity = all.toSorted((x, y) => severityOrder[x.severity] - severityOrder[y.severity]);
    return withHidden(bySeverity.slice(0, DIAGNOSTICS_PER_FILE_MAX).sort(byPlace), hidden);
  });
}

/** Said once, of the last that is shown. */
function withHidden(shown: readonly Diagnostic[], hidden: Hidden): readonly Diagnostic[] {
  return shown.map(({ hidden: _before, ...one }, i) => (i === shown.length - 1 ? { ...one, hidden } : one));
}

const severityOrder = { error: 0, warning: 1, info: 2 } as const;

function byPlace(a: Diagnostic, b: Diagnostic): number {
  return (
    compareCodePoints(a.span.source.path, b.span.source.path) ||
    a.span.start - b.span.start ||
    severityOrder[a.severity] - severityOrder[b.severity] ||
    compareCodePoints(a.code, b.code)
  );
}

/** By code points, as files are ordered (language.md 3); plain `<` would go by UTF-16 units. */
export function compareCodePoints(a: string, b: string): number {
  const left = [...a];
  const right = [...b];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const difference = (left[i]?.codePointAt(0) ?? 0) - (right[i]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

interface Allowances {
  readonly path: string;
  readonly codesByLine: ReadonlyMap<number, ReadonlySet<string>>;
  readonly complaints: readonly Diagnostic[];
}

const allowForm = /^#+\s*allow\s+(R\d+(?:\s*(?:,|\band\b)\s*R\d+)*)(?:\s+because\b\s*(.*))?/is;
const warnings = new Map<string, string>(catalogue.map((entry) => [entry.code, entry.severity]));

const allowancesOf = new WeakMap<RuleFile, Allowances>();

/** Read once for each file: an editor settles a set at each key. */
function readAllowances(file: RuleFile): Allowances {
  const known = allowancesOf.get(file) ?? findAllowances(file);
  allowancesOf.set(file, known);
  return known;
}

/** `# allow R2010 because ...` counts for its own line and, when it has a line to itself, for the next that is no comment. */
function findAllowances(file: RuleFile): Allowances {
  const codesByLine = new Map<number, Set<string>>();
  const complaints: Diagnostic[] = [];
  if (!file.comments.some((comment) => allowForm.test(comment.text)))
    return { path: file.source.path, codesByLine, complaints };
  const ownLines = new Set(file.comments.filter((c) => c.ownLine).map((c) => lineOf(c.span)));
  for (const comment of file.comments) {
    const form = allowForm.exec(comment.text);
    if (form === null) continue;
    const codes = (form[1] ?? "").toUpperCase().match(/R\d+/g) ?? [];
    const complaint = complainAboutAllow(comment.span, codes, form[2]);
    if (complaint !== undefined) complaints.push(complaint);
    const line = lineOf(comment.span);
    let next = line + 1;
    while (ownLines.has(next)) next++;
    for (const target of comment.ownLine ? [line, next] : [line, line + 1]) {
      const known = codesByLine.get(target) ?? new Set<string>();
      for (const code of codes) known.add(code);
      codesByLine.set(target, known);
    }
  }
  return { path: file.source.path, codesByLine, complaints };
}

function complainAboutAllow(
  span: Span,
  codes: readonly string[],
  reason: string | undefined,
): Diagnostic | undefined {
  const wrong = codes.find((code) => warnings.get(code) !== "warning");
  if (wrong !== undefined) {
    const why = warnings.has(wrong) ? "is an error, which no comment silences" : "is no code of a warning";
    return diagnostic("R1315", span, `\`${wrong}\` ${why}`);
  }
  if (reason !== undefined && reason.trim() !== "") return undefined;
  return diagnostic("R1315", span, "an `allow` needs a reason", {
    help: `say why the warning may be ignored: \`# allow ${codes.join(", ")} because ...\``,
  });
}

function lineOf(span: Span): number {
  return span.source.position(span.start).line;
}
