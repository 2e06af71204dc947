import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { compileAndAnalyze } from "../../src/analysis/index.ts";
import { renderDiagnostics } from "../../src/diagnostics/index.ts";

/**
 * `test/corpus/analysis/NAME.rules` are whole sets; `NAME.txt` is what a person reads about them.
 * `UPDATE_CORPUS=1 vitest run test/analysis` writes what is found; read it before it is committed.
 */
const folder = fileURLToPath(new URL("../corpus/analysis/", import.meta.url));
const sets = readdirSync(folder).filter((name) => name.endsWith(".rules"));

describe("analysis of whole sets", () => {
  test.each(sets)("tells of %s what is written beside it", (name) => {
    const text = readFileSync(folder + name, "utf8");
    const { diagnostics } = compileAndAnalyze([{ path: name, text }]);
    const told = `${renderDiagnostics(diagnostics)}\n`;
    const beside = folder + name.replace(/\.rules$/, ".txt");
    if (process.env["UPDATE_CORPUS"] === "1") writeFileSync(beside, told);
    expect(told).toBe(readFileSync(beside, "utf8"));
  });

  test("says nothing of the rules that a first start publishes", () => {
    const path = fileURLToPath(new URL("../../rules/msp.rules", import.meta.url));
    const text = readFileSync(path, "utf8");
    expect(compileAndAnalyze([{ path: "msp.rules", text }]).diagnostics).toEqual([]);
  });
});
