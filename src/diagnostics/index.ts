/** The door of diagnostics: spans, the Diagnostic record, the catalogue of codes, rendering. Knows no other room. */
export { SourceText, spanText, joinSpans, type Span, type Location, type Position } from "./source-text.ts";
export {
  toRecord,
  type Diagnostic,
  type DiagnosticRecord,
  type Fix,
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
export { renderDiagnostic, renderDiagnostics, type RenderOptions } from "./render.ts";
