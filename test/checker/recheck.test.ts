/** Checking again after an edit means the same as checking from nothing: on the examples, with hundreds of edits. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RuleFileReader } from "../../grammar/index.ts";
import { checkFiles, RuleSetChecker } from "../../src/checker/index.ts";
import { SourceText, toRecord } from "../../src/diagnostics/index.ts";

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), "utf8");
const paths = ["a/msp.rules", "a/msp.test.rules", "b/declarations.rules"] as const;
const start: Readonly<Record<string, string>> = {
  "a/msp.rules": read("../corpus/examples/msp.rules"),
  "a/msp.test.rules": read("../corpus/examples/msp.test.rules"),
  "b/declarations.rules": read("../grammar/samples/declarations.rules"),
};

/** Where a person types: anywhere, a little text, sometimes a whole piece of the file doubled or cut out. */
const edit = fc.record({
  file: fc.nat({ max: paths.length - 1 }),
  at: fc.nat({ max: 1_000_000 }),
  removed: fc.oneof(fc.constant(0), fc.nat({ max: 3 }), fc.nat({ max: 400 })),
  typed: fc.oneof(
    fc.constantFrom(
      ...['"', '"""', "end\n", "end", "(", "]", "\n", " ", "#", "## note\n", "# allow R2010 because x\n"],
      ...["{", "}", ".", "=", "and ", "rule ", 'rule "x"\n', 'list zz = ["a"]\n', "😀", "ü", "x", "3,5", ""],
    ),
    fc.record({ from: fc.nat({ max: 1_000_000 }), length: fc.nat({ max: 500 }) }),
  ),
});

function apply(
  text: string,
  { at, removed, typed }: typeof edit extends fc.Arbitrary<infer E> ? E : never,
): string {
  const place = at % (text.length + 1);
  const piece =
    typeof typed === "string"
      ? typed
      : text.slice(typed.from % (text.length + 1), (typed.from % (text.length + 1)) + typed.length);
  return text.slice(0, place) + piece + text.slice(place + removed);
}

describe("checking again after an edit", () => {
  it("finds what a check from nothing finds, whatever was typed", () => {
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 12 }), (edits) => {
        const texts: Record<string, string> = { ...start };
        const readers = new Map(paths.map((path) => [path, new RuleFileReader()]));
        const checker = new RuleSetChecker();
        const recheck = () =>
          checker.check(paths.map((path) => readers.get(path)!.read(new SourceText(path, texts[path]!))));
        recheck();
        for (const one of edits) {
          const path = paths[one.file]!;
          texts[path] = apply(texts[path]!, one);
          const whole = checkFiles(paths.map((file) => ({ path: file, text: texts[file]! })));
          const again = recheck();
          expect(again.diagnostics.map(toRecord)).toEqual(whole.diagnostics.map(toRecord));
          expect(again.checked === undefined).toBe(whole.checked === undefined);
        }
      }),
      { numRuns: 25 },
    );
  }, 60_000);

  it("keeps the trees of declarations that the edit did not touch", () => {
    const reader = new RuleFileReader();
    const text = start["a/msp.rules"]!;
    const before = reader.read(new SourceText("a.rules", text)).file.declarations;
    const after = reader.read(new SourceText("a.rules", text.replace("minor", "minr"))).file.declarations;
    expect(after.length).toBe(before.length);
    expect(after.filter((one, i) => one !== before[i]).length).toBe(1);
  });
});
