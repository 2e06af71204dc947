import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { compileFiles } from "../../src/compilation/index.ts";
import { compileAside } from "../../src/compilation/compile-aside.ts";
import { packRules, type RuleSetIr } from "../../src/compiler/index.ts";

const config = { secrets: new Map<string, string>(), egressAllow: [], mailEdition: "advanced" } as const;
const settings = { secretNames: [], egressAllow: [], mailEdition: "advanced" } as const;
const example = {
  path: "msp.rules",
  text: readFileSync(new URL("../../rules/msp.rules", import.meta.url), "utf8"),
};
const never = {
  path: "never.rules",
  text: 'rules 1\nrule "never"\n  when alert received\n  if alert.title is "a" and alert.title is "b"\n  then\n    create ticket\nend\n',
};
const plain = (ir: RuleSetIr | undefined): unknown => (ir === undefined ? undefined : packRules(ir));

test.each(["told", "run"] as const)("a thread says of a set what is said here (%s)", async (purpose) => {
  for (const files of [[example], [never], [{ path: "a.rules", text: "rules 1\nrule" }]]) {
    const here = await compileFiles(config, { asideFrom: Infinity })(files, purpose);
    const aside = await compileFiles(config, { asideFrom: 0 })(files, purpose);
    expect(aside.isAnalysisGivenUp).toBe(false);
    expect(aside.diagnostics).toEqual(here.diagnostics);
    expect(plain(aside.ir)).toEqual(plain(here.ir));
  }
});

test("analysis that takes too long is given up and that is told, and the set is still compiled", async () => {
  const rules = Array.from({ length: 1500 }, (_, i) =>
    never.text.replace("rules 1\n", "").replace('"never"', `"never ${i}"`),
  );
  const files = [{ path: "many.rules", text: `rules 1\n${rules.join("")}` }];
  const { ir, diagnostics, isAnalysisGivenUp } = await compileAside(
    { files, settings, isAnalysed: true },
    { compileMs: 120_000, analysisMs: 0 },
  );
  expect(isAnalysisGivenUp).toBe(true);
  expect(ir?.rules.length).toBe(1500);
  expect(diagnostics.filter(({ code }) => code === "R2001")).toEqual([]);
});

test("a set that is not compiled in time is an error, and the next one has its turn", async () => {
  const request = { files: [never], settings, isAnalysed: false };
  const late = compileAside(request, { compileMs: 0, analysisMs: 0 });
  const next = compileAside(request, { compileMs: 120_000, analysisMs: 0 });
  await expect(late).rejects.toThrow("not compiled in 0 s");
  expect((await next).ir?.rules.length).toBe(1);
});
