/** The door of diagnostics: spans, the Diagnostic record, the catalogue of codes, rendering. Knows no other room. */
export {
  Excerpt,
  inWhole,
  joinSpans,
  SourceText,
  spanText,
  type Location,
  type Position,
  type Span,
} from "./source-text.ts";
export {
  toRecord,
  toWholeFile,
  type Diagnostic,
  type DiagnosticRecord,
  type Fix,
  type Hidden,
  type Label,
  type Severity,
  type TextEdit,
} from "./diagnostic.ts";
export {
  catalogue,
  diagnostic,
  type CatalogueEntry,
  type DiagnosticCode,
  type DiagnosticParts,
} from "./catalogue.ts";
export { applyEdits, chooseSafeFixes, type ChosenFix } from "./apply-fixes.ts";
export { toSarif } from "./sarif.ts";
export { renderDiagnostic, renderDiagnostics, type RenderOptions } from "./render.ts";
