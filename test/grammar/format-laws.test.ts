/** Laws of the formatter over files whose blanks, line breaks, comments and case of words are anybody's. */
import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatChecked, formatRuleFile } from "../../grammar/index.ts";
import { DiagnosticSink } from "../../grammar/diagnostic-sink.ts";
import { lex } from "../../grammar/lexer.ts";
import { SourceText } from "../../src/diagnostics/index.ts";
import { parse } from "./reading.ts";

interface Seed {
  readonly path: string;
  /** Words, signs and texts of one declaration. */
  readonly words: readonly string[];
}

const folders = ["samples/", "../corpus/format/"].map((name) => new URL(name, import.meta.url));
const files = folders.flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith(".rules"))
    .map((name) => new URL(name, folder)),
);
const seeds: readonly Seed[] = files.flatMap((url) => {
  const { file } = parse(readFileSync(url, "utf8"), url.pathname);
  const path = url.pathname.endsWith(".test.rules") ? "case.test.rules" : "case.rules";
  return file.declarations.map(({ span }) => {
    const { tokens } = lex(
      new SourceText(path, span.source.text.slice(span.start, span.end)),
      new DiagnosticSink(),
    );
    return { path, words: tokens.map((token) => token.image) };
  });
});

/** Signs may stand close to their neighbours, but no break may tear a path: after a dot everything is a name. */
const gap = fc.oneof(
  { weight: 60, arbitrary: fc.constant(" ") },
  { weight: 20, arbitrary: fc.constantFrom("\n", "\r\n    ", "\t", "\n\n\n", "\u00a0") },
  { weight: 4, arbitrary: fc.constantFrom("  # one\n", "#two\n", " ## three\n") },
  {
    weight: 4,
    arbitrary: fc.constantFrom("\n# four\n", "\n\n  # five\n\n\n", "\n## six\n", "\n# a\n#b\r\n"),
  },
);

const mixed = fc
  .array(fc.constantFrom(...seeds), { minLength: 1, maxLength: 3 })
  .chain((chosen) => {
    const [first] = chosen;
    const same = chosen.filter(({ path }) => path === first!.path);
    const words = same.flatMap((seed) => seed.words);
    const starts = new Set(same.map((_, i) => same.slice(0, i).flatMap((seed) => seed.words).length));
    return fc.tuple(
      fc.constant({ path: first!.path, words, starts }),
      fc.array(gap, { minLength: words.length, maxLength: words.length }),
    );
  })
  .map(([{ path, words, starts }, gaps]) => {
    const text = words.map(
      (word, i) => `${starts.has(i) ? "\n" : ""}${word}${closeTo(words, i) ? "" : gaps[i]!}`,
    );
    return { path, text: text.join("") };
  });

function closeTo(words: readonly string[], i: number): boolean {
  return words[i] === "." || words[i + 1] === ".";
}

describe("formatting", () => {
  it("keeps the tree and the comments of any file, and changes nothing the second time", () => {
    let formatted = 0;
    let runs = 0;
    fc.assert(
      fc.property(mixed, ({ path, text }) => {
        runs++;
        const once = formatChecked(path, text);
        expect(once.kind).not.toBe("refused");
        if (once.kind !== "formatted") return;
        formatted++;
        expect(formatChecked(path, once.text)).toEqual(once);
        expect(once.text).not.toMatch(/[^\S\n]\n(?!.*""")|\n\n\n|\r/);
        expect(once.text.endsWith("\n")).toBe(true);
      }),
      { numRuns: 300 },
    );
    expect(formatted / runs).toBeGreaterThan(0.6);
  });

  it("never throws and leaves alone what does not parse", () => {
    const torn = mixed.chain(({ path, text }) =>
      fc
        .tuple(
          fc.nat(text.length),
          fc.nat(12),
          fc.constantFrom("", "end", '"', "(", "and", "#", "= ", "rule "),
        )
        .map(([at, length, insert]) => ({
          path,
          text: text.slice(0, at) + insert + text.slice(at + length),
        })),
    );
    fc.assert(
      fc.property(torn, ({ path, text }) => {
        const result = formatChecked(path, text);
        expect(result.kind).not.toBe("refused");
        if (result.kind === "broken") expect(typeof formatRuleFile(parse(text, path).file)).toBe("string");
      }),
      { numRuns: 200 },
    );
  });

  it("gives text blocks new indentation and the same value", () => {
    const row = fc
      .stringMatching(/^[ \t\u00a0]{0,4}[a{}*"']?[ \t]{0,2}$/)
      .filter((text) => !text.includes('""'));
    const block = fc
      .tuple(fc.array(row, { minLength: 1, maxLength: 6 }), fc.constantFrom("\n", "\r\n", "\r"))
      .map(([rows, lineBreak]) => rows.join(lineBreak))
      .filter((text) => !text.endsWith('"'));
    fc.assert(
      fc.property(block, (inside) => {
        const once = formatChecked("case.rules", `template "t" body """${inside}""" subject "s" end`);
        expect(once.kind).not.toBe("refused");
        if (once.kind === "formatted") expect(formatChecked("case.rules", once.text)).toEqual(once);
      }),
      { numRuns: 500 },
    );
  });
});
