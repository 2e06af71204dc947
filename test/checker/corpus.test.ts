/** Every broken rule file of the corpus gives exactly the diagnostics written beside it. */
import { describe, expect, it } from "vitest";
import { checkFiles } from "../../src/checker/index.ts";
import { corpusFiles, describeDiagnostics, filesOf, readCases, writeCases } from "./corpus.ts";

const update = process.env["UPDATE_CORPUS"] === "1";

describe.each(corpusFiles())("the checker on %s", (name) => {
  const cases = readCases(name);
  if (update)
    writeCases(
      name,
      cases.map((c) => ({
        ...c,
        expected: describeDiagnostics(checkFiles(filesOf(c)).diagnostics),
      })),
    );
  it.each(readCases(name).map((c) => [c.title, c] as const))("tells of %s", (_title, c) => {
    const { diagnostics, checked } = checkFiles(filesOf(c));
    expect(describeDiagnostics(diagnostics)).toBe(c.expected);
    expect(checked === undefined).toBe(diagnostics.some((d) => d.severity === "error"));
  });
});

it("holds at least a hundred cases, each told apart by its title", () => {
  const titles = corpusFiles().flatMap((name) => readCases(name).map((c) => c.title));
  expect(titles.length).toBeGreaterThanOrEqual(100);
  expect(new Set(titles).size).toBe(titles.length);
});
