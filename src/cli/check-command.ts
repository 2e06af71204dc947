/** `tocsin check`: reads rule files and draws what is wrong in them. Knows the doors of analysis and diagnostics. */
import { compileAndAnalyze } from "../analysis/index.ts";
import { loadConfig } from "../config/index.ts";
import { renderDiagnostics, toRecord, type Diagnostic } from "../diagnostics/index.ts";
import { FINE, FOUND_SOMETHING, UsageError } from "./exit-code.ts";
import { readRuleFiles } from "./rule-files.ts";
import type { Terminal } from "./terminal.ts";

export async function check(paths: readonly string[], strict: boolean, terminal: Terminal): Promise<number> {
  const { diagnostics, files } = checkPaths(paths);
  if (files === 0) throw new UsageError("No *.rules file there.");
  const { errors, warnings } = count(diagnostics);
  const head = `${plural(files, "file")}, ${plural(errors, "error")}, ${plural(warnings, "warning")}`;
  const drawn = renderDiagnostics(diagnostics, { color: showsColors() });
  terminal.answer({ diagnostics: diagnostics.map(toRecord) }, drawn === "" ? head : `${drawn}\n${head}`);
  return errors > 0 || (strict && warnings > 0) ? FOUND_SOMETHING : FINE;
}

export function checkFolder(folder: string): {
  readonly files: number;
  readonly errors: number;
  readonly warnings: number;
} {
  const { diagnostics, files } = checkPaths([folder]);
  return { files, ...count(diagnostics) };
}

function checkPaths(paths: readonly string[]): {
  readonly diagnostics: readonly Diagnostic[];
  readonly files: number;
} {
  const files = readRuleFiles(paths, loadConfig().rulesDir, { tests: true });
  const { diagnostics } = compileAndAnalyze(files.map(({ path, text }) => ({ path, text })));
  return { diagnostics, files: files.length };
}

/** A terminal's own word, which knows NO_COLOR and FORCE_COLOR; pipes and files have none. */
function showsColors(): boolean {
  return process.stdout.isTTY && process.stdout.hasColors();
}

function count(diagnostics: readonly Diagnostic[]): { readonly errors: number; readonly warnings: number } {
  const ofSeverity = (severity: Diagnostic["severity"]): number =>
    diagnostics.filter((one) => one.severity === severity).length;
  return { errors: ofSeverity("error"), warnings: ofSeverity("warning") };
}

function plural(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}
