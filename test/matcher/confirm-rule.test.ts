import { expect, test } from "vitest";
import { buildRunnableRules } from "../../src/matcher/index.ts";
import { alertOf, all, any, like, not, path, ruleOf, ruleSetOf, snapshotOf, testOf } from "./build-ir.ts";

const byDrive = ruleOf(
  0,
  all(
    testOf("alert.source", "equals", ["datto rmm"]),
    not(testOf("alert.severity", "equals", ["info"])),
    any(like("alert.title", "Disk {drive} is full"), like("alert.title", "Drive {drive} is full")),
    testOf({ kind: "binding", name: "drive" }, "equals", ["c:"]),
  ),
  { exceptions: [testOf("alert.title", "contains", ["print spooler"])], organizations: new Set(["acme"]) },
);

test("tells each condition as written, with the value that it saw", async () => {
  const rules = buildRunnableRules(ruleSetOf([byDrive]));
  const snapshot = snapshotOf({ alert: alertOf({ title: "Drive C: is full" }) });
  expect(await rules.confirm(byDrive, snapshot)).toEqual({
    holds: true,
    conditions: [
      { text: "for organization", file: "a.rules", line: 1, result: true, actual: "Acme" },
      { text: "alert.source equals", file: "a.rules", line: 1, result: true, actual: "Datto RMM" },
      { text: "not alert.severity equals", file: "a.rules", line: 1, result: true, actual: undefined },
      { text: "alert.title like", file: "a.rules", line: 1, result: false, actual: "Drive C: is full" },
      { text: "alert.title like", file: "a.rules", line: 1, result: true, actual: "Drive C: is full" },
      { text: "binding equals", file: "a.rules", line: 1, result: true, actual: "C:" },
      { text: "alert.title contains", file: "a.rules", line: 1, result: false, actual: "Drive C: is full" },
    ],
  });
});

test("answers many questions about one rule at once, each from its own facts", async () => {
  const rule = ruleOf(0, testOf("alert.title", "equals", [path("alert.fields.expected")]));
  const rules = buildRunnableRules(ruleSetOf([rule]));
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, i) =>
      rules.confirm(
        rule,
        snapshotOf({ alert: alertOf({ title: `t${i}`, fields: { expected: `T${i % 10}` } }) }),
      ),
    ),
  );
  expect(answers.map((answer) => answer.holds)).toEqual(Array.from({ length: 50 }, (_, i) => i < 10));
  expect(answers.map((answer) => answer.conditions[0]?.actual)).toEqual(
    Array.from({ length: 50 }, (_, i) => `t${i}`),
  );
});

test("confirms no inactive rule", async () => {
  const rule = ruleOf(
    0,
    { kind: "always", origin: { file: "a", line: 1, column: 1, text: "" } },
    { active: false },
  );
  const rules = buildRunnableRules(ruleSetOf([rule]));
  expect((await rules.confirm(rule, snapshotOf())).holds).toBe(false);
});

test("asks anew as soon as a fact that the rule reads is another, lists included", async () => {
  const rule = ruleOf(
    0,
    any(testOf("alert.tags", "contains", ["db"]), testOf("alert.severity", "equals", ["a"])),
  );
  const rules = buildRunnableRules(ruleSetOf([rule]));
  const asked = [
    { tags: ["web"], title: "one" },
    { tags: ["web"], title: "two" },
    { tags: ["db"] },
    { tags: ["db", "web"] },
    { tags: [] },
    { tags: [], severity: "a" },
    { tags: [], severity: "A" },
  ];
  const held: boolean[] = [];
  const seen: unknown[] = [];
  for (const alert of asked) {
    const { holds, conditions } = await rules.confirm(rule, snapshotOf({ alert: alertOf(alert) }));
    held.push(holds);
    seen.push(conditions.map(({ actual }) => actual)[0]);
  }
  expect(held).toEqual([false, false, true, true, false, true, true]);
  expect(seen).toEqual(asked.map(({ tags }) => tags));
});

test("asks anew when an alert that was counted is followed by one that was not", async () => {
  const key = "alerts in 300000 ms";
  const origin = { file: "a.rules", line: 1, column: 1, text: key };
  const rule = ruleOf(0, {
    kind: "count",
    withinMs: 300_000,
    per: [],
    comparator: "more-than",
    count: 1,
    key,
    origin,
  });
  const rules = buildRunnableRules(ruleSetOf([rule]));
  const counted = { ...snapshotOf(), counts: new Map([[key, 2]]) };
  expect((await rules.confirm(rule, counted)).holds).toBe(true);
  expect((await rules.confirm(rule, snapshotOf())).holds).toBe(false);
});
