/** `tocsin test`: runs rule tests under a virtual clock and tells what happened. Knows files and output; the running is simulation's. */
import { statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { checkFiles } from "../checker/index.ts";
import { compileRules } from "../compiler/index.ts";
import { loadConfig } from "../config/index.ts";
import { renderDiagnostics, toRecord, type Diagnostic } from "../diagnostics/index.ts";
import { buildRunnableRules } from "../matcher/index.ts";
import { Coverage, findTests, inRandomOrder, runTest } from "../simulation/index.ts";
import type { TestResult } from "../simulation/index.ts";
import { FINE, FOUND_SOMETHING, UsageError } from "./exit-code.ts";
import { readRuleFiles, type NamedFile } from "./rule-files.ts";
import type { Terminal } from "./terminal.ts";
import { coverageText, junitText, resultsText, tapText } from "./test-report.ts";

export interface TestOptions {
  readonly filter: string | undefined;
  readonly coverage: boolean;
  readonly coverageFormat: "text" | "json" | "lcov";
  readonly coverageMin: number | undefined;
  readonly format: "text" | "junit" | "tap";
  readonly seed: number | undefined;
}

/** Throws: UsageError. */
export function toTestOptions(typed: Readonly<Record<string, unknown>>): TestOptions {
  const { filter, coverage, coverageFormat, coverageMin, format, seed } = typed;
  return {
    filter: typeof filter === "string" ? filter : undefined,
    coverage: coverage === true || coverageFormat !== undefined,
    coverageFormat: coverageFormat === "json" || coverageFormat === "lcov" ? coverageFormat : "text",
    coverageMin: numberOf("--coverage-min", coverageMin, 100),
    format: format === "junit" || format === "tap" ? format : "text",
    seed: numberOf("--seed", seed, Number.MAX_SAFE_INTEGER),
  };
}

function numberOf(option: string, typed: unknown, max: number): number | undefined {
  if (typeof typed !== "string") return undefined;
  const number = Number(typed);
  if (typed.trim() === "" || !Number.isFinite(number) || number < 0 || number > max) {
    throw new UsageError(`${option} takes a number${max === 100 ? " from 0 to 100" : ""}, not "${typed}".`);
  }
  return number;
}

export async function test(
  paths: readonly string[],
  options: TestOptions,
  terminal: Terminal,
): Promise<number> {
  const run = await runTests(readTestFiles(paths), options);
  if (run.kind === "broken") {
    terminal.answer({ diagnostics: run.diagnostics.map(toRecord) }, renderDiagnostics(run.diagnostics));
    return FOUND_SOMETHING;
  }
  const { results, coverage } = run;
  const failed = results.filter(({ result }) => result === "failed").length;
  const report = options.coverage || options.coverageMin !== undefined ? coverage.report() : undefined;
  const document = {
    passed: results.length - failed,
    failed,
    tests: results,
    ...(report === undefined ? {} : { coverage: report }),
  };
  const below = options.coverageMin !== undefined && (report?.percent ?? 0) < options.coverageMin;
  const parts = [
    options.format === "junit"
      ? junitText(results)
      : options.format === "tap"
        ? tapText(results)
        : resultsText(results, run.milliseconds),
    ...(report === undefined ? [] : [coverageText(coverage, report, options.coverageFormat)]),
    ...(below ? [`Coverage of ${report?.percent ?? 0} % is below ${options.coverageMin ?? 0} %.`] : []),
  ];
  terminal.answer(document, parts.join("\n"));
  return failed > 0 || below ? FOUND_SOMETHING : FINE;
}

type Run =
  | { readonly kind: "broken"; readonly diagnostics: readonly Diagnostic[] }
  | {
      readonly kind: "run";
      readonly results: readonly TestResult[];
      readonly coverage: Coverage;
      readonly milliseconds: number;
    };

async function runTests(files: readonly NamedFile[], options: TestOptions): Promise<Run> {
  const { diagnostics, checked } = checkFiles(files.map(({ path, text }) => ({ path, text })));
  if (checked === undefined) {
    return { kind: "broken", diagnostics: diagnostics.filter(({ severity }) => severity === "error") };
  }
  const all = findTests(checked.tests, undefined);
  if (all.length === 0) throw new UsageError("No test there: tests stand in *.test.rules files.");
  const found = findTests(checked.tests, options.filter);
  if (found.length === 0) throw new UsageError(`No test has "${options.filter ?? ""}" in its name.`);
  const rules = buildRunnableRules(compileRules(checked));
  const coverage = new Coverage(rules.ir);
  const started = performance.now();
  const byTest = new Map<object, TestResult>();
  const ordered = options.seed === undefined ? found : inRandomOrder(found, options.seed);
  for (const runnable of ordered) {
    const { result, journal } = await runTest(runnable, { rules, meanings: checked.meanings });
    byTest.set(runnable, result);
    if (options.coverage || options.coverageMin !== undefined) coverage.add(journal);
  }
  const results = ordered.flatMap((runnable) => byTest.get(runnable) ?? []);
  return { kind: "run", results, coverage, milliseconds: performance.now() - started };
}

/** Test files given without any rule file bring the `*.rules` of their folders. */
export function readTestFiles(paths: readonly string[]): readonly NamedFile[] {
  const { rulesDir } = loadConfig();
  const files = readRuleFiles(paths, rulesDir, { tests: true });
  const isTest = (path: string): boolean => path.endsWith(".test.rules");
  const isAlone = paths.length > 0 && paths.every((path) => statSync(path).isFile() && isTest(path));
  if (!isAlone) return files;
  const folders = [...new Set(paths.map((path) => dirname(path)))];
  const beside = readRuleFiles(folders, rulesDir, { tests: false }).filter(({ path }) =>
    folders.some((folder) => resolve(folder) === resolve(dirname(path))),
  );
  return [...beside, ...files];
}
