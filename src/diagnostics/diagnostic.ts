/** What a user reads about their rules: one record for terminal, JSON and editor. Values, never thrown. */
import { inWhole, toLocation, type Location, type Span } from "./source-text.ts";

export type Severity = "error" | "warning" | "info";

export interface Label {
  readonly span: Span;
  readonly text: string;
}

export interface TextEdit {
  readonly span: Span;
  readonly newText: string;
}

/** `safe`: applying it cannot change what the author meant, so `check --fix` may. */
export interface Fix {
  readonly title: string;
  readonly edits: readonly TextEdit[];
  readonly safe: boolean;
}

/**
 * Wording (language.md 5): the admin's words, lower case, no full stop, user text in backticks, help apart,
 * never a token name. One diagnostic per root cause.
 */
export interface Diagnostic {
  /** A code of the catalogue, `R1203`. */
  readonly code: string;
  readonly severity: Severity;
  readonly summary: string;
  readonly detail?: string;
  readonly span: Span;
  /** Said under the underline; not part of the public record. */
  readonly note?: string;
  readonly labels: readonly Label[];
  readonly help?: string;
  readonly fixes: readonly Fix[];
  /** On the last that is shown of a file: how many more there are. Not part of the public record. */
  readonly hidden?: Hidden;
}

export interface Hidden {
  readonly count: number;
  /** Collecting was given up: there may be still more. */
  readonly atLeast: boolean;
}

/** With every place counted in its whole file. */
export function toWholeFile(one: Diagnostic): Diagnostic {
  const isWhole = (span: Span): boolean => span.source.whole === span.source;
  const edits = one.fixes.flatMap((fix) => fix.edits);
  if ([one, ...one.labels, ...edits].every(({ span }) => isWhole(span))) return one;
  return {
    ...one,
    span: inWhole(one.span),
    labels: one.labels.map((label) => ({ ...label, span: inWhole(label.span) })),
    fixes: one.fixes.map((fix) => ({
      ...fix,
      edits: fix.edits.map((edit) => ({ ...edit, span: inWhole(edit.span) })),
    })),
  };
}

/** The public form (contract.md 2). */
export interface DiagnosticRecord {
  readonly code: string;
  readonly severity: Severity;
  readonly summary: string;
  readonly detail?: string;
  readonly span: Location;
  readonly labels: readonly { readonly span: Location; readonly text: string }[];
  readonly help?: string;
  readonly fixes: readonly {
    readonly title: string;
    readonly edits: readonly { readonly span: Location; readonly new_text: string }[];
    readonly safe: boolean;
  }[];
  readonly docs: string;
}

export function toRecord(diagnostic: Diagnostic): DiagnosticRecord {
  const { code, severity, summary, detail, span, labels, help, fixes } = diagnostic;
  return {
    code,
    severity,
    summary,
    ...(detail === undefined ? {} : { detail }),
    span: toLocation(span),
    labels: labels.map((label) => ({ span: toLocation(label.span), text: label.text })),
    ...(help === undefined ? {} : { help }),
    fixes: fixes.map((fix) => ({
      title: fix.title,
      edits: fix.edits.map((edit) => ({ span: toLocation(edit.span), new_text: edit.newText })),
      safe: fix.safe,
    })),
    docs: `docs/diagnostics/${code}.md`,
  };
}
