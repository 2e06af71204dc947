/** Runs rule tests given as text, as `tocsin test` does. */
import { checkFiles } from "../../src/checker/index.ts";
import { compileRules } from "../../src/compiler/index.ts";
import { buildRunnableRules } from "../../src/matcher/index.ts";
import {
  Coverage,
  findTests,
  runTest,
  type FinishedTest,
  type TestResult,
} from "../../src/simulation/index.ts";

export interface RanTests {
  readonly results: readonly TestResult[];
  readonly coverage: () => Coverage;
}

export async function runRuleTests(rules: string, tests: string): Promise<RanTests> {
  const { diagnostics, checked } = checkFiles([
    { path: "a.rules", text: rules },
    { path: "a.test.rules", text: tests },
  ]);
  if (checked === undefined) throw new Error(diagnostics.map((d) => `${d.code} ${d.summary}`).join("\n"));
  const runnable = buildRunnableRules(compileRules(checked));
  const journals: FinishedTest["journal"][] = [];
  const results: TestResult[] = [];
  for (const test of findTests(checked.tests, undefined)) {
    const { result, journal } = await runTest(test, { rules: runnable, meanings: checked.meanings });
    journals.push(journal);
    results.push(result);
  }
  const coverage = (): Coverage => {
    const seen = new Coverage(runnable.ir);
    for (const journal of journals) seen.add(journal);
    return seen;
  };
  return { results, coverage };
}

/** One test with these lines: what failed, `line: got`, empty when it passes. */
export async function failuresOf(rules: string, lines: string): Promise<readonly string[]> {
  const { results } = await runRuleTests(rules, `test "t"\n${lines.trim()}\nend\n`);
  return results.flatMap(({ failures }) => failures.map(({ expected, got }) => `${expected} -> ${got}`));
}
