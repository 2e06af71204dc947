/** Each broken file of the corpus gets exactly the messages beside it (test/corpus/syntax/README.md). */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseRuleFile } from "../../grammar/index.ts";
import { renderDiagnostics, SourceText } from "../../src/diagnostics/index.ts";

const folder = new URL("../corpus/syntax/", import.meta.url);
const update = process.env["UPDATE_CORPUS"] === "1";
const cases = readdirSync(folder).filter((name) => name.endsWith(".rules"));

describe("the corpus of broken rule files", () => {
  it("has enough cases to mean something", () => {
    expect(cases.length).toBeGreaterThan(60);
  });

  it.each(cases)("says what is wrong in %s", (name) => {
    const source = new SourceText(name, readFileSync(new URL(name, folder), "utf8"));
    const { diagnostics } = parseRuleFile(source);
    const told = renderDiagnostics(diagnostics);
    const golden = new URL(name.replace(/\.rules$/, ".txt"), folder);
    if (update || !existsSync(golden)) writeFileSync(golden, told);
    expect(told).toBe(readFileSync(golden, "utf8"));
    expect(diagnostics.length).toBeGreaterThan(0);
  });

  it.each(cases)("repairs %s with its first fixes without adding a mistake", (name) => {
    const source = new SourceText(name, readFileSync(new URL(name, folder), "utf8"));
    const { diagnostics } = parseRuleFile(source);
    for (const { fixes } of diagnostics) {
      for (const fix of fixes) {
        const edits = fix.edits.toSorted((a, b) => b.span.start - a.span.start);
        const text = edits.reduce(
          (before, { span, newText }) => before.slice(0, span.start) + newText + before.slice(span.end),
          source.text,
        );
        const after = parseRuleFile(new SourceText(name, text)).diagnostics;
        expect(after.length, `${fix.title}:\n${text}\n${renderDiagnostics(after)}`).toBeLessThan(
          diagnostics.length,
        );
      }
    }
  });
});
