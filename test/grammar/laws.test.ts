/** Laws of parsing: never throws, always a tree, spans within the text, at most fifty diagnostics, sorted. */
import fc from "fast-check";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { reservedWords, wordTypes } from "../../grammar/tokens.ts";
import { renderDiagnostics, SourceText, type Span } from "../../src/diagnostics/index.ts";
import { parse } from "./reading.ts";

const examples = ["msp.rules", "declarations.rules", "msp.test.rules"].map((name) => ({
  name,
  text: readFileSync(new URL(`./samples/${name}`, import.meta.url), "utf8"),
}));

function spansOf(node: unknown, found: Span[] = []): Span[] {
  if (typeof node !== "object" || node === null || node instanceof SourceText) return found;
  if ("start" in node && "end" in node && "source" in node) found.push(node as Span);
  else for (const value of Object.values(node)) spansOf(value, found);
  return found;
}

function holdsLaws(text: string, path: string): void {
  const { file, diagnostics } = parse(text, path);
  for (const span of spansOf([file.declarations, file.comments, file.version, diagnostics])) {
    if (!(span.start >= 0 && span.start <= span.end && span.end <= text.length)) {
      throw new Error(`span ${span.start}-${span.end} of ${text.length}`);
    }
  }
  expect(diagnostics.length).toBeLessThanOrEqual(50);
  expect(diagnostics.map((one) => one.span.start)).toEqual(
    diagnostics.map((one) => one.span.start).toSorted((a, b) => a - b),
  );
  expect(renderDiagnostics(diagnostics)).not.toContain("undefined");
}

const words = [...reservedWords, ...wordTypes.keys(), "x", "alert.title", "ticket.queue"];
const signs = [
  '"',
  '"""',
  "'",
  "{",
  "}",
  "[",
  "]",
  "(",
  ")",
  ",",
  ".",
  "=",
  "==",
  "->",
  "<",
  ":",
  "#",
  "\n",
  "\\",
  "*",
  "“",
  "\u0000",
  "\ud800",
];
const values = [
  '"x"',
  "5",
  "5 minutes",
  "8:00",
  "2026-11-21",
  '"{a.b or "c"}"',
  '"""\n x\n"""',
  "8am",
  "3,5",
  "\ufeff",
];
const soup = fc
  .array(fc.oneof(fc.constantFrom(...words), fc.constantFrom(...signs), fc.constantFrom(...values)), {
    maxLength: 60,
  })
  .map((parts) => parts.join(" "));

describe("parsing", () => {
  it("never throws on any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 120 }), (text) => holdsLaws(text, "a.rules")),
      { numRuns: 200 },
    );
  });

  it("never throws on any row of words and signs", () => {
    fc.assert(
      fc.property(soup, fc.boolean(), (text, isTest) => holdsLaws(text, isTest ? "a.test.rules" : "a.rules")),
      { numRuns: 300 },
    );
  });

  it("keeps what is put in for a phrase within the text, also at its very end", () => {
    holdsLaws("ule p\nnew alert", "a.test.rules");
  });

  it("never throws on an example with parts left out or put in", () => {
    const edit = fc.record({
      at: fc.nat(),
      remove: fc.nat({ max: 30 }),
      insert: fc.oneof(fc.constant(""), soup),
    });
    fc.assert(
      fc.property(
        fc.constantFrom(...examples),
        fc.array(edit, { minLength: 1, maxLength: 3 }),
        ({ name, text }, edits) => {
          const broken = edits.reduce((now, { at, remove, insert }) => {
            const from = at % (now.length + 1);
            return now.slice(0, from) + insert + now.slice(from + remove);
          }, text);
          holdsLaws(broken, name);
        },
      ),
      { numRuns: 150 },
    );
  });

  it("keeps every other declaration when one character of an example is lost", () => {
    const { name, text } = { name: "msp.rules", text: examples[0]?.text ?? "" };
    const whole = parse(text, name).file.declarations.length;
    fc.assert(
      fc.property(fc.nat({ max: text.length - 1 }), (at) => {
        const { file } = parse(text.slice(0, at) + text.slice(at + 1), name);
        expect(file.declarations.length).toBeGreaterThanOrEqual(whole - 2);
      }),
      { numRuns: 100 },
    );
  });
});
