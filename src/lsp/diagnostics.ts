/** Our diagnostics as the protocol has them, and the edits of their fixes as code actions. Pure. */
import {
  CodeActionKind,
  DiagnosticSeverity,
  DiagnosticTag,
  type CodeAction,
  type Diagnostic as LspDiagnostic,
  type TextEdit,
} from "vscode-languageserver";
import type { Diagnostic, Fix } from "../diagnostics/index.ts";
import { locate, type Look } from "./look.ts";
import { toRange, type Range } from "./positions.ts";

/** Where the page of a code can be read; undefined where there is none. */
export type PageUrl = (code: string) => string | undefined;

const severities = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
} as const;

/** Shown greyed out as well: nothing runs them. */
const unused: ReadonlySet<string> = new Set(["R2001", "R2002", "R2010"]);

export function toLspDiagnostic(look: Look, one: Diagnostic, pageUrl: PageUrl): LspDiagnostic {
  const page = pageUrl(one.code);
  const related = one.labels.flatMap((label) => {
    const location = locate(look, label.span);
    return location === undefined ? [] : [{ location, message: label.text }];
  });
  return {
    range: toRange(one.span, look.encoding),
    severity: severities[one.severity],
    code: one.code,
    ...(page === undefined ? {} : { codeDescription: { href: page } }),
    source: "tocsin",
    message: [one.summary, one.note, one.help === undefined ? undefined : `help: ${one.help}`]
      .filter((line) => line !== undefined)
      .join("\n"),
    ...(related.length === 0 ? {} : { relatedInformation: related }),
    ...(unused.has(one.code) ? { tags: [DiagnosticTag.Unnecessary] } : {}),
  };
}

/** The quick fixes that touch a range, and one action that applies every safe fix of the file. */
export function codeActions(
  look: Look,
  range: Range,
  only: readonly string[] | undefined,
  pageUrl: PageUrl,
): readonly CodeAction[] {
  const found = look.state.diagnostics.get(look.file.uri) ?? [];
  const wants = (kind: string): boolean =>
    only === undefined || only.some((one) => kind === one || kind.startsWith(`${one}.`));
  const actions: CodeAction[] = [];
  if (wants(CodeActionKind.QuickFix))
    for (const one of found) {
      const diagnostic = toLspDiagnostic(look, one, pageUrl);
      if (!overlap(diagnostic.range, range)) continue;
      for (const fix of one.fixes)
        actions.push({
          title: fix.title,
          kind: CodeActionKind.QuickFix,
          diagnostics: [diagnostic],
          isPreferred: fix.safe,
          edit: { changes: changesOf(look, [fix]) },
        });
      if (one.severity === "warning" && one.code.startsWith("R20"))
        actions.push(allowAction(look, one, diagnostic));
    }
  const safe = safeFixes(found);
  if (wants(CodeActionKind.SourceFixAll) && safe.length > 0)
    actions.push({
      title: `apply ${safe.length === 1 ? "the safe fix" : `${safe.length} safe fixes`}`,
      kind: CodeActionKind.SourceFixAll,
      edit: { changes: changesOf(look, safe) },
    });
  return actions;
}

/** `# allow R2010 because ` above the line: the reason is for the author to write. */
function allowAction(look: Look, one: Diagnostic, diagnostic: LspDiagnostic): CodeAction {
  const { line } = diagnostic.range.start;
  const indent = /^[ \t]*/.exec(one.span.source.line(line + 1))?.[0] ?? "";
  const at = { line, character: 0 };
  return {
    title: `allow ${one.code} here`,
    kind: CodeActionKind.QuickFix,
    diagnostics: [diagnostic],
    edit: {
      changes: {
        [look.file.uri]: [
          { range: { start: at, end: at }, newText: `${indent}# allow ${one.code} because it is meant\n` },
        ],
      },
    },
  };
}

/** Of fixes that touch one place the first: the others are for the next round. */
function safeFixes(found: readonly Diagnostic[]): readonly Fix[] {
  const taken: { readonly start: number; readonly end: number }[] = [];
  return found
    .flatMap(({ fixes }) => fixes.find(({ safe }) => safe) ?? [])
    .filter(({ edits }) => {
      const free = edits.every(({ span }) =>
        taken.every(({ start, end }) => span.end < start || end < span.start),
      );
      if (free) taken.push(...edits.map(({ span }) => span));
      return free;
    });
}

function changesOf(look: Look, fixes: readonly Fix[]): Record<string, TextEdit[]> {
  const changes: Record<string, TextEdit[]> = {};
  for (const { span, newText } of fixes.flatMap(({ edits }) => edits)) {
    const location = locate(look, span);
    if (location === undefined) continue;
    (changes[location.uri] ??= []).push({ range: location.range, newText });
  }
  return changes;
}

function overlap(a: Range, b: Range): boolean {
  const before = (x: Range["start"], y: Range["start"]): boolean =>
    x.line < y.line || (x.line === y.line && x.character < y.character);
  return !before(a.end, b.start) && !before(b.end, a.start);
}
