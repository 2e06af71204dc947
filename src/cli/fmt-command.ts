/** `tocsin fmt`: rule files in their one form, in place. Knows files, standard input and output; the form is grammar's. */
import { readFileSync } from "node:fs";
import { loadConfig } from "../config/index.ts";
import { renderDiagnostics, type Diagnostic } from "../diagnostics/index.ts";
import { formatChecked, type Formatting } from "../../grammar/index.ts";
import { FINE, FOUND_SOMETHING, UsageError } from "./exit-code.ts";
import { replaceFile } from "./replace-file.ts";
import { readRuleFiles, type NamedFile } from "./rule-files.ts";
import { complain, type Terminal } from "./terminal.ts";
import { unifiedDiff } from "./unified-diff.ts";

export interface FmtOptions {
  /** Tell which files are not in their form, and write none. */
  readonly check: boolean;
  /** Show what would change, and write nothing. */
  readonly diff: boolean;
}

/** Throws: UsageError. */
export function fmt(paths: readonly string[], options: FmtOptions, terminal: Terminal): number {
  if (paths.includes("-")) {
    if (paths.length > 1) throw new UsageError("Standard input (-) is formatted alone, without other files.");
    return formatStandardInput(options, terminal);
  }
  const files = readRuleFiles(paths, loadConfig().rulesDir, { tests: true });
  if (files.length === 0) throw new UsageError("No *.rules file there.");
  const results = files.map((file) => ({ file, text: formatFile(file) }));
  const changed = results.filter(({ file, text }) => text !== undefined && text !== file.text);
  const diffs = options.diff
    ? changed.map(({ file, text }) => unifiedDiff(file.path, file.text, text ?? ""))
    : [];
  if (!options.check && !options.diff)
    changed.forEach(({ file, text }) => replaceFile(file.path, file.text, text ?? ""));
  const names = changed.map(({ file }) => file.path);
  terminal.answer({ changed: names }, (options.diff ? diffs : names).join("\n"));
  const isBroken = results.some(({ text }) => text === undefined);
  return isBroken || (options.check && names.length > 0) ? FOUND_SOMETHING : FINE;
}

/** Undefined: it stays as it is, and the person has been told why. */
function formatFile({ path, text }: NamedFile): string | undefined {
  return accepted(path, formatChecked(path, text));
}

function accepted(path: string, formatting: Formatting): string | undefined {
  switch (formatting.kind) {
    case "formatted":
      return formatting.text;
    case "broken":
      complain(`${renderDiagnostics(formatting.diagnostics)}${path} does not parse; it stays as it is.`);
      return undefined;
    case "refused":
      complain(
        `${path} stays as it is: formatted, it would not say the same. Please report this file as a fault.`,
      );
      return undefined;
  }
}

/* ---------- standard input ---------- */

/** Nothing is written to standard output when it does not parse, so that no editor puts half a file in place of a whole one. */
function formatStandardInput({ check, diff }: FmtOptions, terminal: Terminal): number {
  const text = readFileSync(0, "utf8");
  const formatted = accepted("standard input", formatNameless(text));
  if (formatted === undefined) {
    if (terminal.json) terminal.answer({ changed: [] }, "");
    return FOUND_SOMETHING;
  }
  const isChanged = formatted !== text;
  if (terminal.json) terminal.answer({ changed: isChanged ? ["-"] : [] }, "");
  else if (diff) process.stdout.write(isChanged ? `${unifiedDiff("standard input", text, formatted)}\n` : "");
  else if (!check) process.stdout.write(formatted);
  return check && isChanged ? FOUND_SOMETHING : FINE;
}

/** No name tells whether it holds rules or tests: it is what it can be read as. */
function formatNameless(text: string): Formatting {
  const asRules = formatChecked("standard-input.rules", text);
  if (asRules.kind !== "broken") return asRules;
  const asTests = formatChecked("standard-input.test.rules", text);
  if (asTests.kind !== "broken") return asTests;
  return fewer(asRules.diagnostics, asTests.diagnostics) ? asRules : asTests;
}

function fewer(rules: readonly Diagnostic[], tests: readonly Diagnostic[]): boolean {
  return rules.length <= tests.length;
}
