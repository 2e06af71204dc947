/** How long 1,001 rule tests take: the example's tests 91 times, as `tocsin test` runs them. Median of five rounds. */
import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { compileRuleSet } from "../src/compiler/index.ts";
import { analyzeRuleSet } from "../src/analysis/analyze-rule-set.ts";
import { runRuleTests } from "../test/simulation/run-rule-tests.ts";

const read = (path: string): string =>
  readFileSync(new URL(`../test/corpus/examples/${path}`, import.meta.url), "utf8");
const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

console.log(`${cpus().length} x ${cpus()[0]?.model}, Node ${process.version}`);
const tests = Array.from({ length: 91 }, (_, i) =>
  read("msp.test.rules").replaceAll(/^test "/gm, `test "${i} `),
).join("\n");
const rounds: number[] = [];
for (let round = 0; round < 5; round++) {
  const started = performance.now();
  const { results } = await runRuleTests(read("msp.rules"), tests);
  if (results.length !== 1001 || results.some(({ result }) => result !== "passed"))
    throw new Error("a test failed");
  rounds.push(performance.now() - started);
}
console.log(`1,001 tests, parsed, checked and run: ${median(rounds).toFixed(0)} ms`);

for (const count of [1_000, 10_000]) {
  const rules = Array.from(
    { length: count },
    (_, i) =>
      `rule "r${i}"\n  when alert received\n  if alert.organization.name is "Customer ${i % 97}" and alert.title contains "w${i}"\n  then\n    create ticket\n      title = "t${i}"\nend\n`,
  );
  const { ir, files } = compileRuleSet([{ path: "many.rules", text: rules.join("") }]);
  if (ir === undefined) throw new Error("the rules have errors");
  const started = performance.now();
  analyzeRuleSet(ir, files);
  console.log(`analysis of ${count} rules: ${(performance.now() - started).toFixed(0)} ms`);
}
