/** Checks, formats and runs the samples of the docs as a reader would: beside the set that they stand in. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { formatChecked } from "../../grammar/index.ts";
import { surroundings } from "../../scripts/docs/field-page.ts";
import { compileAndAnalyze } from "../../src/analysis/index.ts";
import { checkFiles, type CheckedRules } from "../../src/checker/index.ts";
import { compileRules, type RuleSetIr } from "../../src/compiler/index.ts";
import { renderDiagnostics } from "../../src/diagnostics/index.ts";
import { buildRunnableRules, type RunnableRules } from "../../src/matcher/index.ts";
import { Coverage, findTests, runTest } from "../../src/simulation/index.ts";

export interface RuleSample {
  readonly rules: string;
  readonly tests: string;
}

const root = fileURLToPath(new URL("../../", import.meta.url));

export const readDoc = (path: string): string => readFileSync(`${root}${path}`, "utf8");

const filesOf = ({ rules, tests }: RuleSample) => [
  surroundings,
  { path: "sample.rules", text: rules },
  ...(tests === "" ? [] : [{ path: "sample.test.rules", text: tests }]),
];

/** What `tocsin check` says of the sample; of the surroundings only errors. */
export function toldOf(sample: RuleSample): string {
  const { diagnostics } = compileAndAnalyze(filesOf(sample));
  return renderDiagnostics(
    diagnostics.filter(
      ({ span, severity }) => span.source.path !== surroundings.path || severity === "error",
    ),
  );
}

/** The sample in its one form: what `tocsin fmt` makes of it. */
export function formatted({ rules, tests }: RuleSample): RuleSample {
  const format = (path: string, text: string): string => {
    const done = formatChecked(path, text);
    return done.kind === "formatted" ? done.text : done.kind;
  };
  return { rules: format("a.rules", rules), tests: tests === "" ? "" : format("a.test.rules", tests) };
}

/** Throws: Error when the sample has errors. */
export function checkedSample(sample: RuleSample): CheckedRules {
  const { checked, diagnostics } = checkFiles(filesOf(sample));
  if (checked === undefined) throw new Error(renderDiagnostics(diagnostics));
  return checked;
}

export interface RanSample {
  /** Of tests that fail: what was expected, and what happened. */
  readonly failures: readonly string[];
  /** Active rules of the sample that no test made fire. */
  readonly silent: readonly string[];
}

export async function runSample(sample: RuleSample): Promise<RanSample> {
  const checked = checkedSample(sample);
  const rules = runnable(checked);
  const coverage = new Coverage(rules.ir);
  const failures: string[] = [];
  for (const test of findTests(checked.tests, undefined)) {
    const { result, journal } = await runTest(test, { rules, meanings: checked.meanings });
    coverage.add(journal);
    failures.push(...result.failures.map(({ expected, got }) => `${result.name}: ${expected} | got: ${got}`));
  }
  const silent = coverage.report().rules.missing.map(({ rule }) => rule);
  return { failures, silent };
}

export function runnable(checked: CheckedRules): RunnableRules {
  const ir: RuleSetIr = compileRules(checked);
  return buildRunnableRules(ir);
}
