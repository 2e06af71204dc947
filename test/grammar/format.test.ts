/** The one form of rule files: golden pairs of test/corpus/format, the examples, and what the formatter leaves alone. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { formatChecked, formatRuleFile } from "../../grammar/index.ts";
import { parse } from "./reading.ts";

const folder = new URL("../corpus/format/", import.meta.url);
const cases = readdirSync(folder).filter((name) => /\.in\.(test\.)?rules$/.test(name));
const update = process.env["UPDATE_CORPUS"] === "1";

function formatted(text: string, path = "case.rules"): string {
  const result = formatChecked(path, text);
  if (result.kind !== "formatted") throw new Error(JSON.stringify(result));
  return result.text;
}

describe("the one form", () => {
  it.each(cases)("is that of the golden file for %s", (name) => {
    const text = formatted(readFileSync(new URL(name, folder), "utf8"), name);
    const golden = new URL(name.replace(".in.", ".out."), folder);
    if (update || !existsSync(golden)) writeFileSync(golden, text);
    expect(text).toBe(readFileSync(golden, "utf8"));
    expect(formatted(text, name)).toBe(text);
  });

  it.each([
    "samples/msp.rules",
    "samples/msp.test.rules",
    "../../rules/msp.rules",
    "../../rules/msp.test.rules",
  ])("is that of %s already", (name) => {
    const text = readFileSync(new URL(name, import.meta.url), "utf8");
    expect(formatted(text, name)).toBe(text);
  });

  it("has no carriage returns, no byte order mark, and one line break at the end", () => {
    expect(formatted('\ufeffpartner "P"\r\n\r\n\r\npartner "Q"\r\n\r\n')).toBe(
      'partner "P"\n\npartner "Q"\n',
    );
    expect(formatted('partner "P"')).toBe('partner "P"\n');
    expect(formatted("")).toBe("");
    expect(formatted("# alone")).toBe("# alone\n");
  });

  it("keeps documentation with its declaration", () => {
    const text = '## about P\n# and more\npartner "P"\n\n## not about Q\n\npartner "Q"\n';
    expect(formatted(text)).toBe(text);
    expect(formatted('partner\n## inside\n"P"')).toBe('## inside\n\npartner "P"\n');
  });

  it("keeps the brackets that mean something and drops those that do not", () => {
    const condition = (text: string): string =>
      formatted(`define d as ${text}`).slice("define d as ".length, -1);
    expect(condition("(a and (b or c)) and ((d))")).toBe("(a and (b or c)) and d");
    expect(condition("((a and b))")).toBe("a and b");
    expect(condition("not ((a or b))")).toBe("not (a or b)");
    expect(condition('(x.a or x.b) is "c"')).toBe('(x.a or x.b) is "c"');
  });

  it("does not touch a file with a mistake in it", () => {
    const text = 'rule   "x"\n when alert recieved then stop end';
    expect(formatChecked("case.rules", text)).toMatchObject({ kind: "broken" });
    expect(formatRuleFile(parse(text).file)).toBe(text);
  });
});
