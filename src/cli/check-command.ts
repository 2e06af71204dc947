/** `tocsin check`: reads rule files, mends what can be mended safely if asked, and draws what is wrong. Knows the doors of analysis and diagnostics. */
import { compileAndAnalyze } from "../analysis/index.ts";
import type { CheckOptions } from "../checker/index.ts";
import { loadConfig } from "../config/index.ts";
import { renderDiagnostics, toRecord, toSarif, type Diagnostic } from "../diagnostics/index.ts";
import { readPage } from "./diagnostic-pages.ts";
import { FINE, FOUND_SOMETHING, UsageError } from "./exit-code.ts";
import { fixFiles, type AppliedFix } from "./fix-files.ts";
import { replaceFile } from "./replace-file.ts";
import { readRuleFiles, type NamedFile } from "./rule-files.ts";
import { showsColors, type Terminal } from "./terminal.ts";
import { VERSION } from "./version.ts";

export interface CheckCommandOptions {
  /** Warnings are an error too. */
  readonly strict: boolean;
  /** Apply the fixes that cannot change what was meant. */
  readonly fix: boolean;
  readonly format: "text" | "sarif";
}

/** Throws: UsageError. */
export function check(paths: readonly string[], options: CheckCommandOptions, terminal: Terminal): number {
  const read = readRuleFiles(paths, loadConfig().rulesDir, { tests: true });
  if (read.length === 0) throw new UsageError("No *.rules file there.");
  const mended = options.fix ? fixOnDisk(read) : undefined;
  const files = mended?.files ?? read;
  const { diagnostics } = compileAndAnalyze(files.map(({ path, text }) => ({ path, text })));
  const { errors, warnings } = count(diagnostics);
  if (options.format === "sarif") {
    const log = toSarif(diagnostics, { version: VERSION, pageOf: readPage });
    terminal.document({ ...log });
    if (mended !== undefined) terminal.tell(tellFixed(mended));
  } else {
    const head = `${plural(files.length, "file")}, ${plural(errors, "error")}, ${plural(warnings, "warning")}`;
    const drawn = renderDiagnostics(diagnostics, { color: showsColors() });
    const text = [
      ...(mended === undefined ? [] : [tellFixed(mended)]),
      ...(drawn === "" ? [] : [drawn]),
      head,
    ];
    const beside = mended === undefined ? {} : { fixed: mended.fixed, left: mended.left };
    terminal.answer({ diagnostics: diagnostics.map(toRecord), ...beside }, text.join("\n"));
  }
  return errors > 0 || (options.strict && warnings > 0) ? FOUND_SOMETHING : FINE;
}

export function checkFolder(
  folder: string,
  options: CheckOptions = {},
): { readonly files: number; readonly diagnostics: readonly Diagnostic[] } {
  const files = readRuleFiles([folder], loadConfig().rulesDir, { tests: true });
  const { diagnostics } = compileAndAnalyze(
    files.map(({ path, text }) => ({ path, text })),
    options,
  );
  return { files: files.length, diagnostics };
}

interface Mended {
  readonly files: readonly { readonly path: string; readonly text: string }[];
  readonly fixed: readonly AppliedFix[];
  readonly left: readonly AppliedFix[];
}

function fixOnDisk(read: readonly NamedFile[]): Mended {
  const mended = fixFiles(read.map(({ path, text }) => ({ path, text })));
  const before = new Map(read.map(({ path, text }) => [path, text]));
  for (const { path, text } of mended.files) {
    const old = before.get(path) ?? "";
    if (text !== old) replaceFile(path, old, text);
  }
  return mended;
}

function tellFixed({ fixed, left }: Mended): string {
  const line = ({ file, line: at, column, code, title }: AppliedFix): string =>
    `${file}:${at}:${column} ${code} ${title}`;
  return [
    ...fixed.map((one) => `fixed  ${line(one)}`),
    ...left.map((one) => `left   ${line(one)}: it would bring more errors than it mends`),
    `${plural(fixed.length, "fix", "fixes")} applied`,
    "",
  ].join("\n");
}

export function count(diagnostics: readonly Diagnostic[]): {
  readonly errors: number;
  readonly warnings: number;
} {
  const ofSeverity = (severity: Diagnostic["severity"]): number =>
    diagnostics.filter((one) => one.severity === severity).length;
  return { errors: ofSeverity("error"), warnings: ofSeverity("warning") };
}

export function plural(n: number, noun: string, many = `${noun}s`): string {
  return `${n} ${n === 1 ? noun : many}`;
}
