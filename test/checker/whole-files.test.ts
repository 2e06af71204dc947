/** Whole rule sets: what is right gives no word, what is left out of this version is refused, nothing makes the checker throw. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkFiles } from "../../src/checker/index.ts";
import { renderDiagnostics } from "../../src/diagnostics/index.ts";
import { corpusFiles, filesOf, readCases } from "./corpus.ts";

const read = (path: string): string => readFileSync(fileURLToPath(new URL(path, import.meta.url)), "utf8");
const example = read("../corpus/checker/msp.rules");
const page = read("../corpus/checker/language-page.rules");
const own = read("../../rules/msp.rules");

function codesOf(text: string, path = "rules/a.rules"): readonly string[] {
  return checkFiles([{ path, text }]).diagnostics.map((d) => d.code);
}

describe("the checker on whole rule sets", () => {
  it("has nothing to say about the language page", () => {
    expect(codesOf(page)).toEqual([]);
  });

  it("has nothing to say about the project's own rules", () => {
    expect(codesOf(own)).toEqual([]);
  });

  it("has nothing to say about the example", () => {
    expect(codesOf(example)).toEqual([]);
  });

  it("has the example run on a server as it is", () => {
    const { diagnostics, checked } = checkFiles([{ path: "msp.rules", text: example }]);
    expect(diagnostics.map((d) => `${d.code} ${d.span.source.position(d.span.start).line}`)).toEqual([]);
    expect(checked).toBeDefined();
  });

  it("reads line breaks of all systems, tabs and no-break blanks alike", () => {
    expect(codesOf(own.replaceAll("\n", "\r\n"))).toEqual([]);
    expect(codesOf(own.replaceAll("  when", "\t\u00a0when"))).toEqual([]);
  });

  it("finds names in any of the files, whatever their order", () => {
    const rule = 'rule "r"\n  when alert received\n  if alert.source in vips\n  then stop\nend\n';
    const list = 'list vips = ["Acme"]\n';
    const files = [
      { path: "b.rules", text: rule },
      { path: "z.rules", text: list },
    ];
    expect(checkFiles(files).diagnostics).toEqual([]);
    expect(checkFiles(files.toReversed()).diagnostics).toEqual([]);
  });

  it("reads the syntax of test files, which declare nothing for the set", () => {
    const test = 'test "t"\n  at 09:00 receive alert\n    title = "x"\n  end\n  expect nothing\nend\n';
    expect(codesOf(test, "a.test.rules")).toEqual([]);
    expect(codesOf('test "t"\n  expect\nend\n', "a.test.rules")).not.toEqual([]);
  });

  it("warns of secrets that nobody gave only where the given ones are known", () => {
    const files = [{ path: "a.rules", text: own }];
    const known = checkFiles(files, { knownSecrets: new Set(["DATTO_USER"]) });
    expect(known.diagnostics.map((d) => d.summary)).toEqual(["nobody gave the secret `datto_password`"]);
    expect(known.checked).toBeDefined();
  });

  it("keeps the first fifty diagnostics of a file and still counts the rest", () => {
    const bad = 'rule "r"\n  when alert received\n  if alert.colour is "red"\n  then stop\nend\n';
    const text = Array.from({ length: 100 }, (_, i) => bad.replace('"r"', `"r${i}"`)).join("");
    const { diagnostics, checked } = checkFiles([
      { path: "a.rules", text },
      { path: "b.rules", text: bad },
    ]);
    expect(diagnostics.filter((d) => d.span.source.path === "a.rules")).toHaveLength(50);
    expect(diagnostics.filter((d) => d.span.source.path === "b.rules")).toHaveLength(1);
    expect(checked).toBeUndefined();
    expect(renderDiagnostics(diagnostics)).toContain(
      "... and 50 more in a.rules: mend these and check again\n",
    );
    expect(renderDiagnostics(diagnostics.slice(-1))).not.toContain("more in");
  });

  it("says that there are at least so many more where counting was given up", () => {
    const many = Array.from({ length: 2000 }, () => "?\n").join("x\n");
    const { diagnostics } = checkFiles([{ path: "a.rules", text: many }]);
    expect(diagnostics).toHaveLength(50);
    expect(renderDiagnostics(diagnostics)).toMatch(/\.\.\. and at least \d+ more in a\.rules: mend these/);
  });

  it("sorts by file, place and severity", () => {
    const text =
      'rule "r"\n  when alert received\n  if alert.colour is "red"\n  then stop\nend\nlist a = ["x"]\n';
    const found = checkFiles([
      { path: "b.rules", text },
      { path: "a.rules", text: text.replace('"r"', '"s"').replace("list a", "list b") },
    ]).diagnostics;
    expect(found.map((d) => `${d.span.source.path} ${d.code}`)).toEqual([
      "a.rules R1203",
      "a.rules R2010",
      "b.rules R1203",
      "b.rules R2010",
    ]);
  });
});

describe("any text at all", () => {
  const snippets = corpusFiles()
    .flatMap(readCases)
    .flatMap((c) => filesOf(c).map((f) => f.text));
  const texts = [example, page, own, ...snippets];

  it("never makes the checker throw", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
        checkFiles([{ path: "a.rules", text }]);
      }),
      { numRuns: 200 },
    );
  });

  it("never makes the checker throw when a piece of a rule file is cut out, doubled or replaced", () => {
    const edit = fc.record({
      text: fc.constantFrom(...texts),
      at: fc.nat(),
      length: fc.nat({ max: 60 }),
      insert: fc.oneof(
        fc.constantFrom(
          "",
          "end",
          '"',
          "{",
          "or",
          "and not",
          "in",
          "rule",
          "alert.",
          '"""',
          "#",
          "[",
          "lookup",
        ),
        fc.string({ maxLength: 8 }),
      ),
    });
    fc.assert(
      fc.property(edit, ({ text, at, length, insert }) => {
        const start = at % (text.length + 1);
        const broken = text.slice(0, start) + insert + text.slice(start + length);
        const { diagnostics, checked } = checkFiles([{ path: "a.rules", text: broken }]);
        expect(checked === undefined).toBe(diagnostics.some((d) => d.severity === "error"));
        for (const { span } of diagnostics) expect(span.start).toBeLessThanOrEqual(span.end);
      }),
      { numRuns: 200 },
    );
  });

  it("never makes the checker throw when words are taken out or swapped", () => {
    const words = fc.record({ text: fc.constantFrom(...texts), drop: fc.array(fc.nat(), { maxLength: 5 }) });
    fc.assert(
      fc.property(words, ({ text, drop }) => {
        const tokens = text.split(/(\s+)/);
        for (const at of drop) tokens[at % tokens.length] = tokens[(at * 7) % tokens.length] ?? "";
        checkFiles([{ path: "a.rules", text: tokens.join("") }]);
      }),
      { numRuns: 200 },
    );
  });
});
