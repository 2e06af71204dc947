/** `tocsin import json-rules-engine FILE`: rules of another program as rule files, shown or written to a folder. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { renderDiagnostics, toRecord, type Diagnostic } from "../diagnostics/index.ts";
import { importRules } from "../interop/index.ts";
import { FINE, FOUND_SOMETHING, UsageError } from "./exit-code.ts";
import { complain, type Terminal } from "./terminal.ts";

const FILE_BYTES_MAX = 16 * 1024 * 1024;

export function importFrom(
  format: string,
  file: string,
  out: string | undefined,
  terminal: Terminal,
): number {
  if (format !== "json-rules-engine")
    throw new UsageError(`Rules of "${format}" are not known: json-rules-engine is the one form there is.`);
  const name = file === "-" ? "standard input" : file;
  const target = `${file === "-" ? "imported" : basename(file).replace(/\.json$/iu, "")}.rules`;
  const { files, diagnostics } = importRules({ path: name, text: readText(file) }, target);
  const isBroken = diagnostics.some(({ severity }) => severity === "error");
  if (out !== undefined) for (const one of files) write(out, one.path, one.text);
  terminal.answer({ files, diagnostics: diagnostics.map(toImportRecord) }, textOf(files, out));
  if (!terminal.json && diagnostics.length > 0) complain(renderDiagnostics(diagnostics));
  return isBroken ? FOUND_SOMETHING : FINE;
}

function toImportRecord(diagnostic: Diagnostic): object {
  const record = toRecord(diagnostic);
  return record.code.startsWith("J") ? { ...record, docs: "docs/json-rules-engine.md" } : record;
}

function textOf(
  files: readonly { readonly path: string; readonly text: string }[],
  out: string | undefined,
): string {
  return files
    .map(({ path, text }) => (out === undefined ? text.trimEnd() : `wrote ${join(out, path)}`))
    .join("\n");
}

/** Never over a file that is there: somebody may have completed it. */
function write(folder: string, name: string, text: string): void {
  const path = join(folder, name);
  if (existsSync(path))
    throw new UsageError(`${path} is there already: name another folder, or move it away.`);
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path, text, { flag: "wx" });
  } catch (cause) {
    throw new UsageError(`${path} cannot be written.`, { cause });
  }
}

function readText(file: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file === "-" ? 0 : file);
  } catch (cause) {
    throw new UsageError(`${file} cannot be read.`, { cause });
  }
  if (bytes.length > FILE_BYTES_MAX) throw new UsageError(`${file} is longer than ${FILE_BYTES_MAX} bytes.`);
  return bytes.toString("utf8");
}
