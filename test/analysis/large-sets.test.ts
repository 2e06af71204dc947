import { expect, test } from "vitest";
import { analyzeRuleSet } from "../../src/analysis/analyze-rule-set.ts";
import { compileRuleSet } from "../../src/compiler/index.ts";

const severities = ["info", "minor", "major", "critical"];

/** Few actions and few values, so that many rules might cover many others. */
function manyRules(count: number): string {
  const rules = Array.from({ length: count }, (_, i) => {
    const stop = i % 10 === 0 ? "    stop\n" : "";
    const condition =
      i % 3 === 0
        ? `alert.fields.load more than ${(i * 7919) % 1000}`
        : `alert.organization.name is "Customer ${i % 97}" and alert.severity at least "${severities[i % 4]}" and alert.title contains "w${i % 89}"`;
    return `rule "r${i}"\n  when alert received\n  if ${condition}\n  then\n    create ticket\n      title = "t${i % 3}"\n${stop}end\n`;
  });
  return `rules 1\n${rules.join("")}`;
}

test("a thousand rules that might cover each other are analysed", () => {
  const { ir, files } = compileRuleSet([{ path: "many.rules", text: manyRules(1000) }]);
  if (ir === undefined) throw new Error("the rules have errors");
  const found = analyzeRuleSet(ir, files);
  expect(found.length).toBeGreaterThan(0);
});
