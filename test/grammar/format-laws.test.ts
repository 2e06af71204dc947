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

/** Of the declarations of the samples every so manyth has a comment in each of its gaps. */
const GAPS_EVERY = 16;

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

  it("loses no comment, in whatever gap between two words it stands, and moves none the second time", () => {
    let kept = 0;
    for (const { path, words } of seeds.filter((_, i) => i % GAPS_EVERY === 0)) {
      for (let at = 0; at < words.length - 1; at++) {
        if (closeTo(words, at)) continue;
        for (const comment of [" # here\n", "\n# here\n"]) {
          const text = words
            .map((word, i) => `${word}${i === at ? comment : closeTo(words, i) ? "" : " "}`)
            .join("");
          const once = formatChecked(path, text);
          expect(once.kind, text).not.toBe("refused");
          if (once.kind !== "formatted") continue;
          kept++;
          expect(once.text.split("# here")).toHaveLength(2);
          expect(formatChecked(path, once.text), once.text).toEqual(once);
        }
      }
    }
    expect(kept).toBeGreaterThan(200);
  });

  it("leaves a comment behind a comma, above a joiner and above a line where it stands", () => {
    const lines = [
      ['notify "a",', '"b", "c"'],
      ["dedup within 5 minutes by alert.title,", "alert.device"],
      ['add tag "a",', '"b"'],
      ['if alert.title contains "x"', 'and alert.source is "A" and alert.device.name is empty'],
      ['if alert.source in ["A",', '"B" ]'],
      ['for organization "A",', '"B"'],
      ["when ticket created", "or ticket edited"],
      ['when ticket.status changes to "A",', '"B"'],
    ] as const;
    for (const [before, after] of lines) {
      const isLine = before.startsWith("dedup");
      const isAction = isLine || before.startsWith("notify") || before.startsWith("add tag");
      const clause = (text: string): string =>
        isAction
          ? `rule "x" when alert received then create ticket title = "t" ${text} end`
          : before.startsWith("if")
            ? `rule "x" when alert received ${text} then stop end`
            : `rule "x" ${text} ${before.startsWith("when") ? "" : "when alert received"} then stop end`;
      for (const comment of [" # here\n", "\n# here\n"]) {
        const once = formatChecked("case.rules", clause(`${before}${comment}${after}`));
        if (once.kind !== "formatted") throw new Error(`${before}: ${JSON.stringify(once)}`);
        const last = (before.split(" ").at(-1) ?? "").replace("[", "");
        const [head = "", tail = ""] = once.text.split("# here");
        expect(head.trimEnd().endsWith(last), once.text).toBe(true);
        expect(tail.trimStart().startsWith(after.split(" ")[0] ?? ""), once.text).toBe(true);
      }
    }
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
