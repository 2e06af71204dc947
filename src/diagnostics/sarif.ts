/**
 * Diagnostics as SARIF 2.1.0 (OASIS), for code scanning and editors. Columns are UTF-16 units, as `columnKind` says;
 * everywhere else in this product they are code points. Knows no file system and no rule.
 */
import { catalogue, type CatalogueEntry } from "./catalogue.ts";
import type { Diagnostic, Fix, Severity } from "./diagnostic.ts";
import type { SourceText, Span } from "./source-text.ts";

export interface SarifOptions {
  readonly version: string;
  /** The page of a code as Markdown, where it can be read. */
  readonly pageOf: (code: string) => string | undefined;
}

const levels: Readonly<Record<Severity, "error" | "warning" | "note">> = {
  error: "error",
  warning: "warning",
  info: "note",
};

/** One log with one run. Every code is a rule of the tool; only those that were found carry their whole page. */
export function toSarif(diagnostics: readonly Diagnostic[], options: SarifOptions): object {
  const found = new Set(diagnostics.map(({ code }) => code));
  const indexes = new Map(catalogue.map(({ code }, i) => [code as string, i]));
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "Tocsin",
            version: options.version,
            semanticVersion: options.version,
            rules: catalogue.map((entry) => toRule(entry, options.pageOf(entry.code), found.has(entry.code))),
          },
        },
        columnKind: "utf16CodeUnits",
        invocations: [{ executionSuccessful: true }],
        results: diagnostics.map((one) => toResult(one, indexes.get(one.code) ?? -1)),
      },
    ],
  };
}

function toRule(
  { code, severity, title }: CatalogueEntry,
  page: string | undefined,
  isFound: boolean,
): object {
  const meaning = page?.split(/\n{2,}/)[1]?.replaceAll("\n", " ");
  return {
    id: code,
    shortDescription: { text: title },
    fullDescription: { text: meaning ?? title },
    // A helpUri must be absolute and the pages come with the program, so the page itself is carried instead.
    help:
      isFound && page !== undefined
        ? { text: page, markdown: page }
        : { text: `tocsin explain-code ${code}` },
    defaultConfiguration: { level: levels[severity] },
  };
}

function toResult(diagnostic: Diagnostic, ruleIndex: number): object {
  const { code, severity, summary, detail, help, labels, fixes, span } = diagnostic;
  const text = [summary, detail, help].filter((part) => part !== undefined).join("\n");
  return {
    ruleId: code,
    ruleIndex,
    level: levels[severity],
    message: { text },
    locations: [{ physicalLocation: toPlace(span) }],
    ...(labels.length === 0
      ? {}
      : {
          relatedLocations: labels.map((label, id) => ({
            id,
            physicalLocation: toPlace(label.span),
            message: { text: label.text },
          })),
        }),
    ...(fixes.length === 0 ? {} : { fixes: fixes.map(toFix) }),
  };
}

function toFix({ title, edits, safe }: Fix): object {
  const sources = [...new Set(edits.map(({ span }) => span.source))];
  return {
    description: { text: title },
    artifactChanges: sources.map((source) => ({
      artifactLocation: { uri: toUri(source.path) },
      replacements: edits
        .filter(({ span }) => span.source === source)
        .map(({ span, newText }) => ({
          deletedRegion: toRegion(span),
          insertedContent: { text: newText },
        })),
    })),
    properties: { safe },
  };
}

function toPlace(span: Span): object {
  return { artifactLocation: { uri: toUri(span.source.path) }, region: toRegion(span) };
}

function toRegion({ source, start, end }: Span): object {
  const from = toUtf16(source, start);
  const to = toUtf16(source, end);
  return { startLine: from.line, startColumn: from.column, endLine: to.line, endColumn: to.column };
}

function toUtf16(source: SourceText, offset: number): { readonly line: number; readonly column: number } {
  const { line, offset: clamped } = source.position(offset);
  return { line, column: clamped - (source.lineStarts[line - 1] ?? 0) + 1 };
}

/** A relative path stays relative (to where the program ran); blanks and `#` in names are escaped. */
function toUri(path: string): string {
  const parts = path.replaceAll("\\", "/").split("/").map(encodeURIComponent).join("/");
  if (parts.startsWith("/")) return `file://${parts}`;
  return parts;
}
