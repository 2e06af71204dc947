import fc from "fast-check";
import { expect, test } from "vitest";
import { PrefixTable } from "../../src/matcher/access/prefix-table.ts";
import { WordAutomaton } from "../../src/matcher/access/word-automaton.ts";

/** Few letters, so that words stand in words. */
const word = fc.string({ unit: fc.constantFrom("a", "b", "c", "é"), minLength: 1, maxLength: 5 });
const words = fc.uniqueArray(word, { minLength: 1, maxLength: 30 });
const text = fc.string({ unit: fc.constantFrom("a", "B", "c", "A", " ", "é"), maxLength: 20 });

const isAscii = (of: string): boolean => /^[\x00-\x7f]*$/.test(of);
const met = ({ hits, hitCount }: { readonly hits: Int32Array; readonly hitCount: number }): number[] =>
  [...hits.subarray(0, hitCount)].sort((a, b) => a - b);
const where = (all: readonly string[], holds: (one: string) => boolean): number[] =>
  all.flatMap((one, number) => (holds(one) ? [number] : []));

test("an automaton meets the words that stand in a text, whatever was read before", () => {
  fc.assert(
    fc.property(words, fc.array(text, { maxLength: 5 }), (all, texts) => {
      const automaton = new WordAutomaton(all);
      for (const one of texts) {
        const folded = one.toLowerCase();
        expect(automaton.scan(one)).toBe(isAscii(one));
        if (!isAscii(one)) automaton.scanFolded(folded);
        const expected = where(all, (each) => folded.includes(each));
        expect(met(automaton)).toEqual(expected);
        expect(where(all, (each) => automaton.hasMet(all.indexOf(each)))).toEqual(expected);
        automaton.skip();
        expect(where(all, (each) => automaton.hasMet(all.indexOf(each)))).toEqual([]);
      }
    }),
  );
});

test("an automaton of many words meets the same as one of few", () => {
  const digits = (number: number): string =>
    number.toString(26).replaceAll(/\d/g, (d) => "qrstuvwxyz".charAt(+d));
  const all = [...new Set(Array.from({ length: 8000 }, (_, i) => digits(i * 7919 + 11)))];
  const automaton = new WordAutomaton(all);
  const one = `${all[5] ?? ""} ${all[7000] ?? ""}${all[300] ?? ""} ${digits(123_456_789)}`;
  expect(automaton.scan(one.toUpperCase())).toBe(true);
  const expected = where(all, (each) => one.includes(each));
  expect(met(automaton)).toEqual(expected);
  automaton.scanFolded(one);
  expect(met(automaton)).toEqual(expected);
});

test("a table of prefixes meets what a text begins or ends with", () => {
  fc.assert(
    fc.property(words, text, (all, one) => {
      const folded = one.toLowerCase();
      const begins = new PrefixTable(all, "start");
      if (!begins.walk(one, false)) begins.walk(folded, true);
      expect(met(begins)).toEqual(where(all, (each) => folded.startsWith(each)));
      const ends = new PrefixTable(all, "end");
      if (!ends.walkBack(one, false)) ends.walkBack(folded, true);
      expect(met(ends)).toEqual(where(all, (each) => folded.endsWith(each)));
    }),
  );
});

test("a table of prefixes asks for folding where the next character may melt into the last one", () => {
  const table = new PrefixTable(["caf"], "start");
  expect(table.walk("cafe", false)).toBe(true);
  expect(table.walk("caf\u0301", false)).toBe(false);
  expect(table.walk("x\u0301", false)).toBe(false);
});
