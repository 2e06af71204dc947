/** `tocsin test`: runs rule tests under a virtual clock and tells what happened. Knows files and output; the running is simulation's. */
import { statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { checkFiles } from "../checker/index.ts";
import { compileRules } from "../compiler/index.ts";
import { loadConfig } from "../config/index.ts";
import { renderDiagnostics, toRecord, type Diagnostic } from "../diagnostics/index.ts";
import { buildRunnableRules } from "../matcher/index.ts";
import { Coverage, findTests, inRandomOrder, runTest } from "../simulation/index.ts";
import type { CoverageReport, TestResult } from "../simulation/index.ts";
import { FINE, FOUND_SOMETHING, USED_WRONGLY, UsageError } from "./exit-code.ts";
import { readRuleFiles, type NamedFile } from "./rule-files.ts";
import { complain, type Terminal } from "./terminal.ts";
import { runOnChange } from "./watch-files.ts";
import { coverageText, junitText, resultsText, tapText } from "./test-report.ts";

export interface TestOptions {
  readonly filter: string | undefined;
  readonly coverage: boolean;
  readonly coverageFormat: "text" | "json" | "lcov";
  readonly coverageMin: number | undefined;
  readonly format: "text" | "junit" | "tap";
  readonly seed: number | undefined;
  readonly watch: boolean;
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
    watch: typed["watch"] === true,
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
  if (!options.watch) return await testOnce(paths, options, terminal);
  if (terminal.json) throw new UsageError("--watch writes many results, --json one document: choose one.");
  let last = FINE;
  // The first run tells what is used wrongly; while a file is being typed a wrong name may pass by.
  const watched = paths.length === 0 ? [loadConfig().rulesDir] : paths;
  readTestFiles(paths);
  await runOnChange(watched, async () => {
    try {
      last = await testOnce(paths, options, terminal);
    } catch (thrown) {
      if (!(thrown instanceof UsageError)) throw thrown;
      complain(thrown.message);
      last = USED_WRONGLY;
    }
    complain("Waiting for a change; Ctrl-C ends.");
  });
  return last;
}

async function testOnce(paths: readonly string[], options: TestOptions, terminal: Terminal): Promise<number> {
  const run = await runTests(readTestFiles(paths), options);
  if (run.kind === "broken") {
    const diagnostics = run.diagnostics.map(toRecord);
    terminal.answer({ passed: 0, failed: 0, tests: [], diagnostics }, renderDiagnostics(run.diagnostics));
    return FOUND_SOMETHING;
  }
  const { results, coverage } = run;
  const failed = results.filter(({ result }) => result === "failed").length;
  const report = isCovered(options) ? coverage.report() : undefined;
  if (terminal.json) {
    const counts = { passed: results.length - failed, failed };
    terminal.answer({ ...counts, tests: results, ...(report === undefined ? {} : { coverage: report }) }, "");
  } else {
    printText(run, report, options, terminal);
  }
  const { coverageMin = 0 } = options;
  if (report !== undefined && report.percent < coverageMin) {
    complain(`Coverage of ${report.percent} % is below ${coverageMin} %.`);
    return FOUND_SOMETHING;
  }
  return failed > 0 ? FOUND_SOMETHING : FINE;
}

/** What another program reads has standard output to itself; the rest is told on standard error. */
function printText(
  { results, coverage, milliseconds }: Extract<Run, { kind: "run" }>,
  report: CoverageReport | undefined,
  { format, coverageFormat }: TestOptions,
  terminal: Terminal,
): void {
  const told =
    format === "junit"
      ? junitText(results)
      : format === "tap"
        ? tapText(results)
        : resultsText(results, milliseconds);
  if (report === undefined) return terminal.answer(undefined, told);
  const covered = coverageText(coverage, report, coverageFormat);
  if (coverageFormat !== "text") {
    complain(told);
    terminal.answer(undefined, covered.trimEnd());
  } else if (format === "text") terminal.answer(undefined, `${told}\n${covered}`);
  else {
    complain(covered);
    terminal.answer(undefined, told);
  }
}

function isCovered({ coverage, coverageMin }: TestOptions): boolean {
  return coverage || coverageMin !== undefined;
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
    if (isCovered(options)) coverage.add(journal);
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
