/** The rule sets that we ship and document pass their own tests, as written. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { runRuleTests } from "./run-rule-tests.ts";

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

describe.each(["test/corpus/examples/msp", "rules/msp"])("%s", (path) => {
  it("passes its tests", async () => {
    const { results } = await runRuleTests(read(`${path}.rules`), read(`${path}.test.rules`));
    expect(results.filter(({ result }) => result === "failed")).toEqual([]);
    expect(results).toHaveLength(11);
  });
});

describe("the sample rules", () => {
  it("are covered by their tests: every rule fires", async () => {
    const { coverage } = await runRuleTests(read("rules/msp.rules"), read("rules/msp.test.rules"));
    expect(coverage().report().rules.missing).toEqual([]);
    expect(coverage().report().percent).toBeGreaterThan(90);
  });
});

describe("a thousand tests", () => {
  it("do not know of each other", async () => {
    const tests = Array.from({ length: 91 }, (_, i) =>
      read("test/corpus/examples/msp.test.rules").replaceAll(/^test "/gm, `test "${i} `),
    );
    const { results } = await runRuleTests(read("test/corpus/examples/msp.rules"), tests.join("\n"));
    expect(results).toHaveLength(1001);
    expect(results.every(({ result }) => result === "passed")).toBe(true);
  });
});
