import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { EmptyColumn, IdColumn, RankColumn, wordsFor } from "../../src/matcher/access/bit-columns.ts";
import { NumericRanks } from "../../src/matcher/access/numeric-ranks.ts";
import { RegexSketch } from "../../src/matcher/access/regex-sketch.ts";
import { buildRunnableRules } from "../../src/matcher/index.ts";
import { matchByReference } from "../../src/matcher/reference-matcher.ts";
import { compiledRegex } from "../../src/matcher/regex.ts";
import { foldText } from "../../src/domain/index.ts";
import type { FieldValue } from "../../src/domain/index.ts";
import { flatAlerts, ruleSpecs, toSnapshot } from "../../bench/corpus.ts";
import { toRuleSet } from "../../bench/matching-engines.ts";
import { alertOf, all, any, not, path, ruleOf, ruleSetOf, snapshotOf, testOf } from "./build-ir.ts";

const bitsOf = (row: Int32Array, count: number): number[] =>
  Array.from({ length: count }, (_, bit) => ((row[bit >> 5] ?? 0) >> (bit & 31)) & 1).flatMap((on, bit) =>
    on === 1 ? [bit] : [],
  );

/** What survives a column alone. */
function survivors(count: number, narrow: (alive: Int32Array, scratch: Int32Array) => void): number[] {
  const alive = new Int32Array(wordsFor(count)).fill(-1);
  narrow(alive, new Int32Array(wordsFor(count)));
  return bitsOf(alive, count);
}

/** Some of the bits, each asking at most once. */
const bitsAsking = <T>(ask: fc.Arbitrary<T>) =>
  fc
    .array(fc.option(ask, { nil: undefined }), { minLength: 1, maxLength: 150 })
    .map((asks) => asks.flatMap((one, bit) => (one === undefined ? [] : [{ ...one, bit }])))
    .map((demands) => ({ demands, count: (demands.at(-1)?.bit ?? 0) + 2 }));

describe("columns", () => {
  test("of ids leave the conjunctions whose demand the id meets, many or few of them", () => {
    const ask = fc.record({
      ids: fc.uniqueArray(fc.integer({ min: 1, max: 6 }), { maxLength: 4 }),
      negated: fc.boolean(),
    });
    fc.assert(
      fc.property(bitsAsking(ask), ({ demands, count }) => {
        const column = new IdColumn(0, demands, 7, count);
        for (let id = 0; id < 7; id++) {
          const fallen = new Set(
            demands.flatMap(({ bit, ids, negated }) => (ids.includes(id) === negated ? [bit] : [])),
          );
          const expected = Array.from({ length: count }, (_, bit) => bit).filter((bit) => !fallen.has(bit));
          expect(survivors(count, (alive, scratch) => column.narrow(alive, id, scratch))).toEqual(expected);
        }
      }),
    );
  });

  test("of ranks leave the conjunctions whose interval holds the number, equal ends, no end and negations too", () => {
    const end = fc.constantFrom(-5, -0, 0, 0.5, 1, 2, 5, 7, 9, 1e300);
    const ask = fc.record({
      low: fc.oneof(fc.constant(-Infinity), end),
      high: fc.oneof(fc.constant(Infinity), end),
      negated: fc.boolean(),
    });
    fc.assert(
      fc.property(
        bitsAsking(ask),
        fc.double({ noNaN: true, min: -10, max: 10 }),
        ({ demands, count }, odd) => {
          const ranks = new NumericRanks();
          for (const interval of demands) ranks.add(interval);
          ranks.settle();
          const asked = demands.map((demand) => {
            const [first, last] = ranks.ranksOf(demand);
            return { bit: demand.bit, first, last, negated: demand.negated };
          });
          const column = new RankColumn(0, asked, ranks, count);
          for (const value of [odd, -6, -5, -0, 0, 0.5, 1, 2, 3, 5, 7, 9, 1e300, Infinity, NaN]) {
            const fallen = new Set(
              demands.flatMap(({ bit, low, high, negated }) =>
                (low <= value && value <= high) === negated ? [bit] : [],
              ),
            );
            const expected = Array.from({ length: count }, (_, bit) => bit).filter((bit) => !fallen.has(bit));
            const rank = ranks.rankOf(value);
            expect(survivors(count, (alive, scratch) => column.narrow(alive, rank, scratch))).toEqual(
              expected,
            );
          }
        },
      ),
    );
  });

  test("of emptiness leave those that ask for it, or for its opposite", () => {
    const demands = [
      { bit: 0, negated: false },
      { bit: 40, negated: true },
    ];
    const column = new EmptyColumn(0, demands, 41);
    expect(survivors(41, (alive) => column.narrow(alive, true))).not.toContain(40);
    expect(survivors(41, (alive) => column.narrow(alive, false))).not.toContain(0);
  });
});

describe.each(["range only", "not only", "regex only", "one value"] as const)("rules of %s", (corpus) => {
  test("are found as the reference matcher finds them", () => {
    const ir = toRuleSet(ruleSpecs(700, corpus));
    const rules = buildRunnableRules(ir);
    for (const snapshot of flatAlerts(40).map(toSnapshot)) {
      expect(rules.match(snapshot)).toEqual(matchByReference(ir, snapshot));
    }
  });
});

test("numbers, texts that are numbers, lists and missing values meet ranges and negations as in the reference", () => {
  const threshold = fc.constantFrom(-1, -0, 0, 5, 5.5, 5.000000000000001, 100);
  const operator = fc.constantFrom(
    "at-least",
    "at-most",
    "more-than",
    "less-than",
  ) as fc.Arbitrary<"at-least">;
  const leaf = fc.oneof(
    fc.tuple(operator, threshold).map(([asked, value]) => testOf("alert.fields.a", asked, [value])),
    fc.tuple(threshold, threshold).map(([low, high]) => testOf("alert.fields.a", "between", [low, high])),
    fc
      .constantFrom<FieldValue>("5", "05", 5, true, "lab", "\u00df", "\ufb01", "\u0130")
      .map((value) => testOf("alert.fields.b", "equals", [value])),
    fc
      .constantFrom("lab", "a", "\u00df", "ss", "\ufb01", "fi", "i\u0307")
      .map((value) => testOf("alert.fields.b", "contains", [value])),
    fc.constantFrom("lab", "\u212a").map((value) => testOf("alert.tags", "contains", [value])),
    fc.constant(testOf("alert.fields.a", "empty", [])),
  );
  const literal = fc.oneof(leaf, leaf.map(not));
  const condition = fc
    .tuple(fc.boolean(), fc.array(literal, { minLength: 1, maxLength: 4 }))
    .map(([isAll, of]) => (isAll ? all(...of) : any(...of)));
  const value = fc.constantFrom<FieldValue>(
    undefined,
    5,
    -0,
    5.5,
    " 5 ",
    "5.0",
    "-1",
    "",
    true,
    ["lab", 5],
    [],
    "LAB",
    "STRASSE",
    "stra\u00dfe",
    "\ufb01le",
    "I\u0307",
    "\u0130",
    "k\u212a",
  );
  fc.assert(
    fc.property(
      fc.array(condition, { minLength: 1, maxLength: 70 }),
      fc.array(fc.tuple(value, value, fc.constantFrom([], ["LAB"], ["k"], ["x", "lab"])), {
        minLength: 1,
        maxLength: 8,
      }),
      (conditions, events) => {
        const ir = ruleSetOf(conditions.map((one, index) => ruleOf(index, one)));
        const rules = buildRunnableRules(ir);
        for (const [a, b, tags] of events) {
          const fields = Object.fromEntries(Object.entries({ a, b }).filter(([, one]) => one !== undefined));
          const snapshot = snapshotOf({ alert: alertOf({ tags, fields }) });
          expect(rules.match(snapshot)).toEqual(matchByReference(ir, snapshot));
        }
      },
    ),
  );
});

test("a field is read from the event at hand, whatever its name is", () => {
  const names = ["constructor", "__proto__", "toString", "plain"];
  const ir = ruleSetOf(
    names.map((name, index) => ruleOf(index, not(testOf(path(`alert.fields.${name}`), "empty", [])))),
  );
  const rules = buildRunnableRules(ir);
  const found = (fields: Record<string, FieldValue>): number[] =>
    rules.match(snapshotOf({ alert: alertOf({ fields }) })).map(({ rule }) => rule.index);
  expect(found({})).toEqual([]);
  expect(found({ toString: "x", plain: "y" })).toEqual([2, 3]);
  expect(found({ constructor: "x" })).toEqual([0]);
});

describe("the sketch of a pattern", () => {
  test("accepts every text in which the pattern finds something", () => {
    const piece = fc.constantFrom(
      ..."abc|b|c?|d*|e+|e+?|(fg|h)|(fg|h)*|[ij]|[^a]|[a-c]|[A-C]+|.|\\.|k{2}|k{0,3}|k{2,}|lmn|^|$|\\s|\\w+|\\d|\\D|\\pL|\\x41|\\bab|S|\u00e9|\ud83d\ude00|[\u00e9x]|(?i)a|-".split(
        "|",
      ),
    );
    const text = fc.array(
      fc.constantFrom(
        ..."abc|ABC|b|c|d|ee|fg|h|i|.|kk|kkkkkkkk|lmn| |s|S|\u017f|\u212a|\u00e9|e\u0301|E\u0301|\ud83d\ude00|1|-|\u0130|\u00df|A".split(
          "|",
        ),
      ),
      { maxLength: 9 },
    );
    fc.assert(
      fc.property(
        fc.array(piece, { minLength: 1, maxLength: 8 }).map((pieces) => pieces.join("")),
        text.map((parts) => parts.join("")),
        fc.boolean(),
        (pattern, subject, exactly) => {
          const sketch = RegexSketch.of(pattern);
          const regex = compiledRegex(pattern, exactly);
          if (sketch === undefined || regex?.test(subject.normalize("NFC")) !== true) return;
          expect(sketch.mayFind(foldText(subject))).toBe(true);
        },
      ),
      { numRuns: 4000 },
    );
  });

  test.each([
    ["\\bdisk\\s+[cd]:", "disk  c: full", "disk e: full"],
    ["a{3}b", "xaaab", "aab"],
    ["colou?r", "color", "colr"],
    ["x.*(a|b)y", "x then by", "y then x"],
  ])("of %j accepts %j and refuses %j", (pattern, yes, no) => {
    const sketch = RegexSketch.of(pattern);
    expect([sketch?.mayFind(yes), sketch?.mayFind(no)]).toEqual([true, false]);
  });

  test.each(["a|b", "a*", "(x)|foo", "foo\\Qa\\E|b", ".*"])(
    "of %j is not drawn: it would say nothing",
    (pattern) => {
      expect(RegexSketch.of(pattern)).toBeUndefined();
    },
  );
});
