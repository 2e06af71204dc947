import { expect, test } from "vitest";
import type { RuleIr, TestIr, TestOperator } from "../../src/compiler/index.ts";
import type { FieldValue } from "../../src/domain/index.ts";
import { buildRunnableRules, explainRule } from "../../src/matcher/index.ts";
import { matchByReference } from "../../src/matcher/reference-matcher.ts";
import {
  AT,
  alertOf,
  constant,
  like,
  not,
  path,
  ruleOf,
  ruleSetOf,
  snapshotOf,
  testOf,
  ticketOf,
} from "./build-ir.ts";

/** Asks all four about a test on `alert.fields.v`: they must agree, and the negation must be the opposite. */
async function ask(condition: TestIr, value: FieldValue): Promise<boolean> {
  const fields: Record<string, FieldValue> = value === undefined ? {} : { v: value };
  const snapshot = snapshotOf({ alert: alertOf({ fields }) });
  const rules = [ruleOf(0, condition), ruleOf(1, not(condition))] as const;
  const ir = ruleSetOf(rules);
  const runnable = buildRunnableRules(ir);
  const indexes = (found: readonly { readonly rule: RuleIr }[]): number[] =>
    found.map(({ rule }) => rule.index);
  const found = indexes(runnable.match(snapshot));
  expect(found).toHaveLength(1);
  expect(indexes(matchByReference(ir, snapshot))).toEqual(found);
  for (const rule of rules) {
    const holds = found.includes(rule.index);
    expect(explainRule(rule, snapshot).result).toBe(holds);
    expect((await runnable.confirm(rule, snapshot)).holds).toBe(holds);
  }
  return found[0] === 0;
}

const v = path("alert.fields.v");
const ranks = new Map([
  ["info", 0],
  ["minor", 1],
  ["major", 2],
  ["error", 2],
  ["critical", 3],
]);
const long = "the quick brown fox jumps over the lazy dog";

type Case = readonly [
  operator: TestOperator,
  right: readonly FieldValue[],
  value: FieldValue,
  holds: boolean,
  how?: { readonly exactly?: boolean; readonly ranks?: ReadonlyMap<string, number> },
];

const exactly = { exactly: true };

const cases: readonly Case[] = [
  // is, in: missing, case, NFC, numbers, booleans, lists
  ["equals", ["Acme"], "ACME", true],
  ["equals", ["Acme"], "ACME", false, exactly],
  ["equals", ["Acme"], "Acme", true, exactly],
  ["equals", ["Acme"], "Acme ", false],
  ["equals", ["Acme"], undefined, false],
  ["equals", [undefined], undefined, false],
  ["equals", ["caf\u00e9"], "CAFE\u0301", true],
  ["equals", ["caf\u00e9"], "cafe\u0301", true, exactly],
  ["equals", ["stra\u00dfe"], "STRASSE", false],
  ["equals", ["stra\u00dfe"], "STRA\u1e9eE", true],
  ["equals", ["\u03c3"], "\u03c2", true],
  ["equals", ["kelvin"], "\u212aelvin", true],
  ["equals", ["a", "b", "C"], "c", true],
  ["equals", ["a", "b", "C"], "d", false],
  ["equals", [["a", "b"], "c"], "B", true],
  ["equals", [5], "5", true],
  ["equals", [5], " 5.0 ", true],
  ["equals", [5], "5 %", false],
  ["equals", ["5"], 5, true],
  ["equals", ["5.0"], 5, true],
  ["equals", ["5"], "5.0", false],
  ["equals", [0], -0, true],
  ["equals", [0], "", false],
  ["equals", [true], true, true],
  ["equals", [true], "True", true],
  ["equals", [true], 1, false],
  ["equals", ["false"], false, true],
  ["equals", ["a"], ["a"], false],
  ["equals", ["__proto__"], "__PROTO__", true],
  ["equals", [""], "", true],
  ["equals", ["\ud83d"], "\ud83d", true],
  ["equals", ["\ud83d\ude00"], "\ud83d", false],
  // contains: a part of a text, an element of a list
  ["contains", ["DISK"], "the disk is full", true],
  ["contains", ["DISK"], "the disk is full", false, exactly],
  ["contains", ["disk", "platte"], "Platte voll", true],
  ["contains", ["disk"], undefined, false],
  ["contains", ["cafe"], "cafe\u0301 bar", false],
  ["contains", ["caf\u00e9"], "CAFE\u0301 bar", true],
  ["contains", [""], "x", true],
  ["contains", ["lab"], ["x", "LAB"], true],
  ["contains", ["lab"], ["x", "LAB"], false, exactly],
  ["contains", ["la"], ["lab"], false],
  ["contains", [5], ["5", 6], true],
  ["contains", ["a"], [], false],
  ["contains", ["50"], 503, true],
  ["contains", ["QUICK BROWN FOX JUMPS"], long, true],
  ["contains", ["quick brown fox jumped"], long, false],
  ["contains", ["\ude00"], "\ud83d\ude00", true],
  // starts with, ends with
  ["starts-with", ["TEST"], "test ping", true],
  ["starts-with", ["TEST"], "test ping", false, exactly],
  ["starts-with", ["test"], "a test", false],
  ["starts-with", ["cafe"], "cafe\u0301", false],
  ["starts-with", ["the quick brown fox JUMPS"], long, true],
  ["starts-with", ["the quick brown fox sleeps"], long, false],
  ["starts-with", ["t"], ["t"], false],
  ["starts-with", ["t"], undefined, false],
  ["ends-with", ["FULL"], "disk is full", true],
  ["ends-with", ["over the lazy DOG"], long, true],
  ["ends-with", ["under the lazy dog"], long, false],
  ["ends-with", ["x"], "", false],
  ["ends-with", ["e"], "cafe\u0301", false],
  // matches: search, case, RE2 syntax
  ["matches", ["^disk \\d+"], "DISK 12 full", true],
  ["matches", ["^disk \\d+"], "DISK 12 full", false, exactly],
  ["matches", ["disk$"], "disk full", false],
  ["matches", ["full|voll"], "Platte VOLL", true],
  ["matches", ["caf\u00e9$"], "CAFE\u0301", true],
  ["matches", ["cafe"], "cafe\u0301", false],
  ["matches", ["^5"], 503, true],
  ["matches", ["("], "(", false],
  ["matches", ["x"], undefined, false],
  ["matches", ["star"], "\u017ftar", true],
  // is empty
  ["empty", [], undefined, true],
  ["empty", [], " \t", true],
  ["empty", [], [], true],
  ["empty", [], 0, false],
  ["empty", [], false, false],
  // numbers; plain text has no order
  ["at-least", [5], 5, true],
  ["at-least", [5], "5", true],
  ["at-least", [5], "4.99", false],
  ["at-least", ["5"], 6, true],
  ["at-least", ["5"], "6", false],
  ["at-least", [5], "six", false],
  ["at-least", [5], undefined, false],
  ["at-least", [["9", 5]], 6, true],
  ["at-least", [9, 5], 6, true],
  ["at-most", [5], 5, true],
  ["more-than", [5], 5, false],
  ["more-than", [5], 5.000001, true],
  ["more-than", [-5], -5, false],
  ["more-than", [0], 0, false],
  ["less-than", [5], 5, false],
  ["less-than", [0], -0.5, true],
  ["less-than", [5], [1], false],
  ["less-than", [5], true, false],
  ["between", [1, 5], 1, true],
  ["between", [1, 5], "5", true],
  ["between", [1, 5], 5.1, false],
  ["between", [5, 1], 3, false],
  ["between", [1, 5], undefined, false],
  // declared, ordered values
  ["at-least", ["minor"], "MAJOR", true, { ranks }],
  ["at-least", ["minor"], "info", false, { ranks }],
  ["at-least", ["minor"], "unheard", false, { ranks }],
  ["at-least", ["minor"], undefined, false, { ranks }],
  ["at-most", ["major"], "error", true, { ranks }],
  ["more-than", ["major"], "error", false, { ranks }],
  ["less-than", ["critical"], "error", true, { ranks }],
  ["between", ["minor", "error"], "major", true, { ranks }],
  ["between", ["minor", "error"], "critical", false, { ranks }],
];

const told = cases.map(([operator, right, value, holds, how = {}]) => ({
  title: `${operator} ${JSON.stringify(right)} ${Object.keys(how).join(" ")} on ${JSON.stringify(value)} is ${holds}`,
  run: { operator, right, value, holds, how },
}));

test.each(told)("$title", async ({ run: { operator, right, value, holds, how } }) => {
  expect(await ask(testOf(v, operator, right, how), value)).toBe(holds);
});

const likes: readonly (readonly [
  pattern: string,
  text: string,
  bound: Record<string, string> | undefined,
])[] = [
  ["Disk {drive} on * is full", "DISK C: on SRV-B is FULL", { drive: "C:" }],
  ["Disk {drive} on * is full", "Disk C: on  is full", { drive: "C:" }],
  ["Disk {drive} on * is full", "Disk  on x is full", undefined],
  ["*full", "full", {}],
  ["*full", "full.", undefined],
  ["full*", "full", {}],
  ["{x}", "", undefined],
  ["{x}", "\ud83d\ude00", { x: "\ud83d\ude00" }],
  ["{x}{y}", "\ud83d\ude00b", { x: "\ud83d\ude00", y: "b" }],
  ["{x}{y}", "a", undefined],
  ["{x}*", "abc", { x: "a" }],
  ["*{x}", "abc", { x: "abc" }],
  ["{a}x{b}x", "1x2x3x", { a: "1", b: "2x3" }],
  ["{a}x{b}", "xx1", { a: "x", b: "1" }],
  ["a*a", "a", undefined],
  ["a*a", "aa", {}],
  ["*aab", "aaaab", {}],
  ["{x} is down", "CAFE\u0301 is down", { x: "CAF\u00c9" }],
  ["plain", "PLAIN", {}],
  ["plain", "plain ", undefined],
  ["{x}", "\ud83d", { x: "\ud83d" }],
];

test.each(likes)("like %j on %j binds %j", (pattern, text, bound) => {
  const rule = ruleOf(0, like("alert.title", pattern));
  const found = buildRunnableRules(ruleSetOf([rule])).match(snapshotOf({ alert: alertOf({ title: text }) }));
  expect(found.map(({ bindings }) => Object.fromEntries(bindings))).toEqual(
    bound === undefined ? [] : [bound],
  );
});

test("like minds case when asked exactly", async () => {
  expect(await ask({ ...like("alert.fields.v", "Disk *", true) }, "disk c:")).toBe(false);
  expect(await ask({ ...like("alert.fields.v", "Disk *", true) }, "Disk c:")).toBe(true);
});

test("a pattern that defeats backtracking takes linear time", async () => {
  const started = performance.now();
  expect(await ask(testOf(v, "matches", ["^(a+)+$", "(x|x|x)*y"]), `${"a".repeat(30_000)}!`)).toBe(false);
  expect(await ask(like("alert.fields.v", `${"*a".repeat(50)}b`), "a".repeat(30_000))).toBe(false);
  expect(performance.now() - started).toBeLessThan(5_000);
});

test("a duration counts from the event where a time is compared", () => {
  const soon = testOf("ticket.due_at", "less-than", [{ kind: "duration", ms: 3_600_000 }]);
  const rules = buildRunnableRules(ruleSetOf([ruleOf(0, soon)]));
  const dueIn = (ms: number): number =>
    rules.match(snapshotOf({ ticket: ticketOf({ dueAt: AT + ms }) })).length;
  expect([dueIn(3_599_999), dueIn(3_600_000), dueIn(-1)]).toEqual([1, 0, 1]);
});

test("lookups fold their word and fall back to otherwise", async () => {
  const table = {
    name: "priority_for",
    entries: new Map([["critical", constant("High")]]),
    otherwise: constant("Low"),
  };
  const lookup = { kind: "lookup", index: v, table } as const;
  expect(await ask(testOf(lookup, "equals", ["high"]), "CRITICAL")).toBe(true);
  expect(await ask(testOf(lookup, "equals", ["low"]), "info")).toBe(true);
  expect(await ask(testOf(lookup, "equals", ["low"]), undefined)).toBe(true);
  expect(
    await ask(testOf({ ...lookup, table: { ...table, otherwise: undefined } }, "equals", ["low"]), "x"),
  ).toBe(false);
});
