/**
 * Diagnostics for a person at a terminal: what, where, the line with a mark under it, what to do. Knows the record; no check.
 *
 *   error R1203: there is no field `alert.titel`
 *     rules/msp.rules:12:6
 *      12 |   if alert.titel contains "disk"
 *         |      ^^^^^^^^^^^ did you mean `alert.title`?
 *     help: ...
 */
import type { Diagnostic, Span } from "../diagnostics/index.ts";

const LINE_CHARACTERS_MAX = 200;

export function drawDiagnostics(diagnostics: readonly Diagnostic[]): string {
  return diagnostics.map(draw).join("\n\n");
}

function draw({ severity, code, summary, detail, span, note, labels, help }: Diagnostic): string {
  const start = span.source.position(span.start);
  return [
    `${severity} ${code}: ${summary}`,
    ...(detail === undefined ? [] : [`  ${detail}`]),
    `  ${span.source.path}:${start.line}:${start.column}`,
    ...excerpt(span, "^", note ?? ""),
    ...labels.flatMap((label) => excerpt(label.span, "-", label.text)),
    ...(help === undefined ? [] : [`  help: ${help}`]),
  ].join("\n");
}

/** The first line of the span. Tabs are kept before the mark, so that it stands under its text. */
function excerpt(span: Span, mark: string, text: string): readonly string[] {
  const { source } = span;
  const start = source.position(span.start);
  const line = source.line(start.line);
  if (line.length > LINE_CHARACTERS_MAX) return text === "" ? [] : [`  ${text}`];
  const from = span.start - (source.lineStarts[start.line - 1] ?? 0);
  const before = line.slice(0, from).replace(/[^\t]/gu, " ");
  const marked = line.slice(from, Math.max(from + 1, from + (span.end - span.start)));
  const number = String(start.line).padStart(5);
  return [
    `${number} | ${line}`,
    `${" ".repeat(number.length)} | ${before}${mark.repeat(Math.max(1, [...marked].length))}${text === "" ? "" : ` ${text}`}`,
  ];
}
