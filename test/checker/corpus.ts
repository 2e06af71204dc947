/**
 * Reads and writes the corpus of broken rule files: `test/corpus/checker/*.txt`, each a list of cases.
 *
 *   === title of the case
 *   the rule file (several: `@@ path` before each)
 *   --- what is expected, as `describe` writes it
 *
 * `UPDATE_CORPUS=1 vitest run test/checker` writes what is found; read it before it is committed.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { spanText, type Diagnostic, type Span } from "../../src/diagnostics/index.ts";

export interface CorpusCase {
  readonly title: string;
  readonly body: string;
  readonly expected: string;
}

const folder = fileURLToPath(new URL("../corpus/checker/", import.meta.url));

export function corpusFiles(): readonly string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".txt"))
    .sort();
}

export function readCases(name: string): readonly CorpusCase[] {
  const text = readFileSync(folder + name, "utf8");
  return text
    .split(/^=== /m)
    .slice(1)
    .map((part) => {
      const [head = "", expected = ""] = part.split(/^---\n?/m);
      const [title = ""] = head.split("\n", 1);
      return { title: title.trim(), body: head.slice(title.length + 1), expected: expected.trim() };
    });
}

export function writeCases(name: string, cases: readonly CorpusCase[]): void {
  const parts = cases.map((c) => `=== ${c.title}\n${c.body.trimEnd()}\n---\n${c.expected}\n`);
  writeFileSync(folder + name, parts.join("\n"));
}

/** One file named `case.rules`, or those behind `@@ path` lines. */
export function filesOf({ body }: CorpusCase): readonly { path: string; text: string }[] {
  if (!body.startsWith("@@ ")) return [{ path: "case.rules", text: body }];
  return body
    .split(/^@@ /m)
    .slice(1)
    .map((part) => {
      const [path = ""] = part.split("\n", 1);
      return { path: path.trim(), text: part.slice(path.length + 1) };
    });
}

/** Everything that a user reads: code, place, underlined text, message, note, labels, help, fixes. */
export function describeDiagnostics(diagnostics: readonly Diagnostic[]): string {
  return diagnostics.map(describe).join("\n");
}

function describe(d: Diagnostic): string {
  return [
    `${d.severity} ${d.code} ${place(d.span)} ${d.summary}`,
    ...(d.note === undefined ? [] : [`  note: ${d.note}`]),
    ...d.labels.map((label) => `  label: ${place(label.span)} ${label.text}`),
    ...(d.help === undefined ? [] : [`  help: ${d.help}`]),
    ...d.fixes.map((fix) => `  fix${fix.safe ? " (safe)" : ""}: ${fix.title}`),
  ].join("\n");
}

function place(span: Span): string {
  const { line, column } = span.source.position(span.start);
  const text = spanText(span).replace(/\s+/g, " ");
  const file = span.source.path === "case.rules" ? "" : `${span.source.path}:`;
  return `${file}${line}:${column} <<${text.length > 60 ? `${text.slice(0, 57)}...` : text}>>`;
}
