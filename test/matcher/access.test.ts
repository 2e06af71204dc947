import fc from "fast-check";
import { expect, test } from "vitest";
import { buildRunnableRules } from "../../src/matcher/index.ts";
import { neighbour } from "../../src/matcher/access/numeric-ranks.ts";
import { requiredWords } from "../../src/matcher/access/regex-literal.ts";
import { compiledRegex } from "../../src/matcher/regex.ts";
import { matchByReference } from "../../src/matcher/reference-matcher.ts";
import { foldText } from "../../src/domain/index.ts";
import { ruleSpecs, flatAlerts, toSnapshot } from "../../bench/corpus.ts";
import { toRuleSet } from "../../bench/matching-engines.ts";
import { alertOf, all, any, not, ruleOf, ruleSetOf, snapshotOf, testOf } from "./build-ir.ts";

test("the index finds what the reference matcher finds in the rule sets of the bench, pairs and all", () => {
  const snapshots = flatAlerts(150).map(toSnapshot);
  for (const count of [300, 3000]) {
    const ir = toRuleSet(ruleSpecs(count));
    const rules = buildRunnableRules(ir);
    for (const snapshot of snapshots.slice(0, count === 300 ? 150 : 25)) {
      expect(rules.match(snapshot)).toEqual(matchByReference(ir, snapshot));
    }
  }
});

test("a rule of more alternatives than the cap is still found, and only when it holds", () => {
  const either = (name: string) => any(...["a", "b", "c"].map((word) => testOf(name, "contains", [word])));
  const condition = all(
    testOf("alert.source", "equals", ["x"]),
    ...["title", "severity", "source", "fields.a", "fields.b"].map((name) =>
      not(not(either(`alert.${name}`))),
    ),
  );
  const rules = buildRunnableRules(ruleSetOf([ruleOf(0, condition), ruleOf(1, not(condition))]));
  const found = (source: string, b: string): number[] =>
    rules
      .match(snapshotOf({ alert: alertOf({ title: "a", severity: "b", source, fields: { a: "c", b } }) }))
      .map(({ rule }) => rule.index);
  expect(found("x", "a")).toEqual([1]);
  expect(found("X", "a")).toEqual([1]);
  const wide = all(
    ...["title", "severity", "organization.name", "fields.a", "fields.b"].map((name) =>
      either(`alert.${name}`),
    ),
  );
  const both = buildRunnableRules(ruleSetOf([ruleOf(0, wide)]));
  const hits = (b: string): number =>
    both.match(snapshotOf({ alert: alertOf({ title: "a", severity: "b", fields: { a: "c", b } }) })).length;
  expect([hits("a"), hits("z")]).toEqual([1, 0]);
});

test("what the beginning of a text told before it had to be folded does not count", () => {
  // `title contains` is found by the automaton, `source` by its value; the second asks the automaton about `cafe`.
  const rules = buildRunnableRules(
    ruleSetOf([
      ruleOf(0, testOf("alert.title", "contains", ["cafe"])),
      ruleOf(1, all(testOf("alert.source", "equals", ["x"]), testOf("alert.title", "contains", ["cafe"]))),
      ruleOf(
        2,
        all(testOf("alert.source", "equals", ["x"]), not(testOf("alert.title", "contains", ["cafe"]))),
      ),
      ruleOf(3, testOf("alert.title", "contains", ["bar"])),
    ]),
  );
  const found = (title: string): number[] =>
    rules.match(snapshotOf({ alert: alertOf({ source: "x", title }) })).map(({ rule }) => rule.index);
  expect(found("cafe\u0301 bar")).toEqual([2, 3]);
  expect(found("CAFE bar")).toEqual([0, 1, 3]);
  expect(found("bar")).toEqual([2, 3]);
});

test("the neighbour of a number is the next one", () => {
  expect([neighbour(1, 1), neighbour(1, -1)]).toEqual([1 + Number.EPSILON, 1 - Number.EPSILON / 2]);
  expect([neighbour(0, 1), neighbour(-0, -1)]).toEqual([Number.MIN_VALUE, -Number.MIN_VALUE]);
  expect(neighbour(-1, 1)).toBe(-1 + Number.EPSILON / 2);
});

test.each([
  ["disks (c|d): full", ["disks "]],
  ["full|voll", ["full", "voll"]],
  ["full|v", undefined],
  ["colou?r", ["colo"]],
  ["[abc]def{2}ghi", ["ghi"]],
  ["(?i)disk", undefined],
  ["a\\.b\\.c", ["a.b.c"]],
  ["\\bword\\s+x", ["word"]],
  ["[]x]full", ["full"]],
  ["\\x{41}bcd", ["bcd"]],
])("the words that %j requires are %j", (pattern, words) => {
  expect(requiredWords(pattern)).toEqual(words);
});

test("a text that a pattern finds always has a word that the pattern requires", () => {
  const piece = fc.constantFrom(
    "abc",
    "b",
    "c?",
    "d*",
    "e+",
    "(fg|h)",
    "[ij]",
    ".",
    "\\.",
    "k{2}",
    "|",
    "lmn",
    "^",
    "$",
    "\\s",
    "[]s]t",
    "S",
  );
  const pattern = fc.array(piece, { minLength: 1, maxLength: 6 }).map((pieces) => pieces.join(""));
  const text = fc.array(
    fc.constantFrom(
      "abc",
      "ABC",
      "b",
      "c",
      "d",
      "e",
      "fg",
      "h",
      "i",
      ".",
      "kk",
      "lmn",
      " ",
      "]",
      "st",
      "\u017f",
      "\u212a\u212a",
    ),
    { maxLength: 8 },
  );
  fc.assert(
    fc.property(
      pattern,
      text.map((parts) => parts.join("")),
      (regex, subject) => {
        const words = requiredWords(regex);
        if (words === undefined || compiledRegex(regex, false)?.test(subject) !== true) return;
        expect(words.some((word) => foldText(subject).includes(word))).toBe(true);
      },
    ),
    { numRuns: 3000 },
  );
});
