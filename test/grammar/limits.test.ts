/** Hostile sizes give a diagnostic in bounded time, never a stack overflow. */
import { describe, expect, it } from "vitest";
import {
  NESTING_DEPTH_MAX,
  RULE_FILE_CHARACTERS_MAX,
  RULE_LINE_CHARACTERS_MAX,
} from "../../src/domain/limits.ts";
import { parse } from "./reading.ts";

function codesWithin(text: string, milliseconds: number): readonly string[] {
  const start = performance.now();
  const { diagnostics } = parse(text);
  expect(performance.now() - start).toBeLessThan(milliseconds);
  return diagnostics.map((one) => one.code);
}

const rule = (condition: string) =>
  `rule "r"\n when alert received\n if ${condition}\n then stop\nend\nlist after = ["x"]\n`;

describe("limits", () => {
  it.each([
    ["round brackets", rule(`${"(".repeat(1_000_000)}a${")".repeat(1_000_000)}`)],
    ["brackets never closed", rule("(".repeat(1_000_000))],
    ["square brackets", `list a = ${"[".repeat(1_000_000)}`],
    ["not before not", rule(`${"not ".repeat(500_000)}a`)],
    ["any of any of", rule(`${"any of (".repeat(200_000)}a`)],
    ["lookups in lookups", rule(`${"a[".repeat(300_000)}b is "x"`)],
  ])("refuses a million %s", (_what, text) => {
    const told = codesWithin(text, 15_000);
    expect(told).toContain("R1113");
    expect(told.filter((code) => code.startsWith("R11"))).toEqual(["R1113"]);
  });

  it("takes brackets up to the limit", () => {
    const text = rule(`${"(".repeat(NESTING_DEPTH_MAX)}a${")".repeat(NESTING_DEPTH_MAX)}`);
    expect(codesWithin(text, 1000)).toEqual([]);
  });

  it("refuses a file beyond the limit", () => {
    expect(codesWithin("# x\n".repeat(RULE_FILE_CHARACTERS_MAX / 4 + 1), 1000)).toEqual(["R1011"]);
  });

  it("refuses a line beyond the limit, and reads it", () => {
    const { file, diagnostics } = parse(
      `list a = [${'"abcdefgh", '.repeat(RULE_LINE_CHARACTERS_MAX / 12)}"z"]\n`,
    );
    expect(diagnostics.map((one) => one.code)).toEqual(["R1011"]);
    expect(file.declarations[0]).toMatchObject({ kind: "list" });
  });

  it.each([
    ["unclosed quotes", '"x\n'.repeat(60_000)],
    ["openers of holes", `list a = ["${"{a".repeat(80_000)}"]`],
    ["holes with quotes", `list a = ["${'{a."'.repeat(50_000)}`],
    ["unclosed blocks", 'template "t" body """\n'.repeat(10_000)],
    ["ends", "end\n".repeat(60_000)],
    ["words", "banana split ".repeat(16_000)],
    ["heads of rules", 'rule "x"\n'.repeat(12_000)],
    ["actions without a rule", 'rule "x" when note added then\n' + 'notify "a" , , \n'.repeat(4_000)],
    ["strange characters", "§ ".repeat(100_000)],
    ["commas", `list a = [${",".repeat(200_000)}]`],
    ["dots", `define a as x${".y".repeat(60_000)} is "z"`],
    ["joined conditions", rule(Array.from({ length: 12_000 }, () => "a").join(" and "))],
    ["curly quotes", "”x“ ".repeat(40_000)],
  ])("reads a lot of %s in bounded time", (_what, text) => {
    codesWithin(text, 15_000);
  });
});
