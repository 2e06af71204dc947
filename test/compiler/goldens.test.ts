/** What rules mean, shape by shape: each case of the corpus has its RuleIr written beside it. */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { compileRuleSet } from "../../src/compiler/index.ts";
import { describeSet } from "./describe-ir.ts";

/** `=== title`, the rule file, `---`, its RuleIr. `UPDATE_CORPUS=1` writes what is found; read it before committing. */
const path = fileURLToPath(new URL("../corpus/compiler/shapes.txt", import.meta.url));

interface Golden {
  readonly title: string;
  readonly text: string;
  readonly expected: string;
}

function readGoldens(): readonly Golden[] {
  return readFileSync(path, "utf8")
    .split(/^=== /m)
    .slice(1)
    .map((part) => {
      const [head = "", expected = ""] = part.split(/^---\n?/m);
      const [title = ""] = head.split("\n", 1);
      return { title, text: head.slice(title.length + 1), expected: expected.trim() };
    });
}

function compiled(text: string): string {
  const { diagnostics, ir } = compileRuleSet([{ path: "case.rules", text }]);
  const errors = diagnostics.filter((d) => d.severity === "error");
  return ir === undefined ? errors.map((d) => `${d.code} ${d.summary}`).join("\n") : describeSet(ir);
}

if (process.env["UPDATE_CORPUS"] === "1")
  writeFileSync(
    path,
    readGoldens()
      .map((g) => `=== ${g.title}\n${g.text.trimEnd()}\n---\n${compiled(g.text)}\n`)
      .join("\n"),
  );

describe("the compiler", () => {
  it.each(readGoldens().map((g) => [g.title, g] as const))("lowers %s", (_title, golden) => {
    expect(compiled(golden.text)).toBe(golden.expected);
  });
});
