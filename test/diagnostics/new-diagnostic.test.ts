/** The scaffold makes a code whole: catalogue, page, corpus case, index. Run on a copy. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));
let copy = "";
beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), "tocsin-scaffold-"));
  for (const part of [
    "package.json",
    "scripts",
    "src/diagnostics",
    "docs/diagnostics",
    "test/corpus/checker",
  ])
    cpSync(join(root, part), join(copy, part), { recursive: true });
});
afterAll(() => {
  rmSync(copy, { recursive: true, force: true });
});

const make = (...args: readonly string[]) =>
  spawnSync(process.execPath, [join(copy, "scripts/new-diagnostic.ts"), ...args], { encoding: "utf8" });
const read = (path: string): string => readFileSync(join(copy, path), "utf8");

it("makes a code with its page, its corpus case and the index, once", () => {
  expect(make("R2099", "rule that nobody reads").status).toBe(0);
  expect(read("src/diagnostics/catalogue.ts")).toContain(
    '  R2099: ["warning", "rule that nobody reads"],\n} as const',
  );
  expect(read("docs/diagnostics/R2099.md")).toContain("## When to allow it");
  expect(read("docs/diagnostics/README.md")).toContain("[R2099](R2099.md)");
  expect(read("test/corpus/checker/texts.txt")).toContain("=== rule that nobody reads");
  const page = read("docs/diagnostics/R2099.md");
  const again = make("R2099", "something else");
  expect([again.status, again.stderr]).toEqual([2, expect.stringContaining("in the catalogue already")]);
  expect(read("docs/diagnostics/R2099.md")).toBe(page);
});

it.each([
  [["R9901", "x y"], "in no family"],
  [["R2098", "Big Words."], "lower case"],
  [["R2098"], "say a code and its title"],
])("refuses %j", (args, why) => {
  const { status, stderr } = make(...args);
  expect([status, stderr]).toEqual([2, expect.stringContaining(why)]);
});
