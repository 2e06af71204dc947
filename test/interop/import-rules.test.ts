/** Rules of json-rules-engine as rule files: what maps, what is told, and the way out and back in. */
import fc from "fast-check";
import { Engine } from "json-rules-engine";
import { describe, expect, it } from "vitest";
import { compileRuleSet, type ConditionIr } from "../../src/compiler/index.ts";
import { importRules } from "../../src/interop/index.ts";
import { publishRules, solveRule } from "../../src/matcher/index.ts";
import { arbitraryRuleSet, arbitrarySnapshot } from "../matcher/arbitrary-rules.ts";
import { alertOf, snapshotOf } from "../matcher/build-ir.ts";

const from = (value: unknown) => {
  const { files, diagnostics } = importRules(
    { path: "rules.json", text: JSON.stringify(value, undefined, 2) },
    "rules.rules",
  );
  return { text: files[0]?.text ?? "", diagnostics };
};
const when = (conditions: unknown) => from([{ name: "R", conditions, event: { type: "e" } }]);
const conditionOf = (conditions: unknown): string =>
  /\n {2}if ([\s\S]*?)\n {2}then/.exec(when(conditions).text)?.[1]?.replaceAll(/\s+/g, " ") ?? "";

describe("an imported rule", () => {
  it.each<[unknown, string]>([
    [{ all: [{ fact: "source", operator: "equal", value: "Zabbix" }] }, 'alert.source is exactly "Zabbix"'],
    [
      { all: [{ fact: "alert.title", operator: "notEqual", value: "x" }] },
      'not (alert.title is exactly "x")',
    ],
    [
      { all: [{ fact: "severity", operator: "in", value: ["minor", "major"] }] },
      'alert.severity in exactly ["minor", "major"]',
    ],
    [
      { all: [{ fact: "severity", operator: "notIn", value: ["minor"] }] },
      'not (alert.severity is exactly "minor")',
    ],
    [{ all: [{ fact: "tags", operator: "contains", value: "x" }] }, 'alert.tags contains exactly "x"'],
    [
      { all: [{ fact: "tags", operator: "doesNotContain", value: "x" }] },
      'not (alert.tags contains exactly "x")',
    ],
    [{ all: [{ fact: "load", operator: "lessThan", value: 5 }] }, "alert.fields.load < 5"],
    [{ all: [{ fact: "load", operator: "lessThanInclusive", value: 5.5 }] }, "alert.fields.load <= 5.5"],
    [{ all: [{ fact: "load", operator: "greaterThan", value: -5 }] }, "alert.fields.load > -5"],
    [{ all: [{ fact: "load", operator: "greaterThanInclusive", value: 5 }] }, "alert.fields.load >= 5"],
    [
      { all: [{ fact: "disk", path: "$.free.percent", operator: "equal", value: true }] },
      'alert.fields."disk.free.percent" is exactly true',
    ],
    [
      { all: [{ fact: "alert", path: "$.device", operator: "equal", value: "x" }] },
      'alert.device.name is exactly "x"',
    ],
    [
      { all: [{ fact: "a", operator: "equal", value: { fact: "b" } }] },
      "alert.fields.a is exactly alert.fields.b",
    ],
    [{ all: [{ fact: "tags", operator: "someFact:equal", value: "x" }] }, 'alert.tags contains exactly "x"'],
    [
      { all: [{ fact: "tags", operator: "everyValue:contains", value: ["x", "y"] }] },
      'alert.tags contains exactly all of ("x", "y")',
    ],
    [{ all: [{ fact: "a", operator: "not:equal", value: 1 }] }, "not (alert.fields.a is exactly 1)"],
    [
      {
        any: [
          { fact: "a", operator: "equal", value: 1 },
          {
            all: [
              { fact: "b", operator: "equal", value: 2 },
              { not: { fact: "c", operator: "equal", value: 3 } },
            ],
          },
        ],
      },
      "alert.fields.a is exactly 1 or (alert.fields.b is exactly 2 and not (alert.fields.c is exactly 3))",
    ],
    [
      { all: [{ fact: "a", operator: "equal", value: 'q"{x}*\n\\' }] },
      'alert.fields.a is exactly "q\\"\\{x}\\*\\n\\\\"',
    ],
  ])("%j is %s", (conditions, written) => {
    expect(conditionOf(conditions)).toBe(written);
    const { text, diagnostics } = when(conditions);
    expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
    expect(text).toContain('\nrule "R"');
  });

  it("keeps what it cannot say as a comment in an inactive rule, told with its place in the JSON", () => {
    const { text, diagnostics } = when({ all: [{ fact: "a", operator: "regex", value: "x" }] });
    expect(text).toContain("# not expressed: the operator `regex` is none of the library's own");
    expect(text).toContain('inactive rule "R"');
    const told = diagnostics.find(({ code }) => code === "J3102");
    expect(told?.span.source.position(told.span.start)).toMatchObject({ line: 8 });
    expect(told?.span.source.text.slice(told.span.start, told.span.end)).toBe('"regex"');
  });

  it.each([
    [{ all: [{ fact: "a", path: "$.b[0]", operator: "equal", value: 1 }] }, "more than names in a row"],
    [{ all: [{ fact: "a", params: { x: 1 }, operator: "equal", value: 1 }] }, "is computed"],
    [{ all: [{ condition: "shared" }] }, "a condition by name"],
    [{ all: [{ fact: "a", operator: "everyFact:equal", value: 1 }] }, "`everyFact:equal` has no counterpart"],
    [{ all: [{ fact: "a", operator: "lessThan", value: "5" }] }, "only numbers have an order"],
    [{ all: [{ fact: "a", operator: "equal", value: { x: 1 } }] }, "cannot be written"],
    [{ all: [{ fact: "a", operator: "equal", value: 1e300 }] }, "cannot be written"],
    [{ all: [{ fact: "event", operator: "equal", value: "full moon" }] }, "the event `full moon`"],
    [undefined, "has `conditions`"],
  ])("says of %j: %s", (conditions, sentence) => {
    const { text, diagnostics } = when(conditions);
    expect(diagnostics.map(({ summary }) => summary).join("\n")).toContain(sentence);
    expect(text).toContain("inactive rule");
    expect(compileRuleSet([{ path: "a.rules", text }]).ir).toBeDefined();
  });

  it("takes an array, `{rules}` and one rule; names are made unique, priorities become orders", () => {
    const rule = (name: string | undefined, priority?: number) => ({
      name,
      priority,
      conditions: { all: [] },
      event: { type: "alarm", params: { queue: "Ops\n" } },
    });
    const { text, diagnostics } = from({ rules: [rule("a", 1), rule("A", 50), rule(undefined, 7)] });
    expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
    expect(
      [...text.matchAll(/rule "(.*)"\n {2}order (\d+)/g)].map(([, name, order]) => [name, order]),
    ).toEqual([
      ["a", "50"],
      ["A (2)", "1"],
      ["alarm", "44"],
    ]);
    expect(text).toContain('# params {"queue":"Ops\\n"}');
    expect(from(rule("one")).text).toContain('rule "one"\n  when');
  });

  it.each(["", "{", "[]", "5", '{"rules": {}}', '"x"'])("refuses %j with the place", (text) => {
    const { files, diagnostics } = importRules({ path: "x.json", text }, "x.rules");
    expect(files).toEqual([]);
    expect(diagnostics).toMatchObject([{ code: "J3101", severity: "error" }]);
  });

  it("never throws, and writes what the checker can read, whatever JSON comes", () => {
    const leaf = fc.record(
      {
        fact: fc.oneof(
          fc.string(),
          fc.constantFrom("source", "event", "organization", "alert.fields", "__proto__"),
        ),
        operator: fc.oneof(
          fc.string(),
          fc.constantFrom("equal", "in", "is", "like", "matches", "atLeastRank", "not:not:equal"),
        ),
        value: fc.jsonValue({ maxDepth: 2 }),
        path: fc.oneof(fc.string(), fc.constantFrom("$.a", "$['x y']", undefined)),
      },
      { requiredKeys: [] },
    );
    const { condition } = fc.letrec((tie) => ({
      condition: fc.oneof(
        { maxDepth: 3 },
        leaf,
        fc.jsonValue({ maxDepth: 1 }),
        fc.record({ all: fc.array(tie("condition"), { maxLength: 3 }) }),
        fc.record({ any: fc.array(tie("condition"), { maxLength: 3 }) }),
        fc.record({ not: tie("condition") }),
      ),
    }));
    fc.assert(
      fc.property(
        fc.array(
          fc.record(
            { name: fc.jsonValue(), priority: fc.jsonValue(), conditions: condition, event: fc.jsonValue() },
            { requiredKeys: [] },
          ),
          { minLength: 1, maxLength: 3 },
        ),
        (rules) => {
          const { text, diagnostics } = from(rules);
          expect(text).toContain("rule ");
          const syntax = diagnostics
            .filter(({ code }) => /^R1[01]/.test(code))
            .map(({ code, summary }) => `${code} ${summary}`);
          // A pattern, a like or an odd fact may name what the language refuses with its own words.
          expect(syntax.filter((one) => !one.startsWith("R1011"))).toEqual([]);
        },
      ),
      { numRuns: 400 },
    );
  });
});

/**
 * Severity and priority have an order, so the compiler gives every order test on them their ranks; the generator also draws
 * such tests without, which no rule file can say.
 */
function hasOrderWithoutRanks(condition: ConditionIr): boolean {
  switch (condition.kind) {
    case "all":
    case "any":
      return condition.of.some(hasOrderWithoutRanks);
    case "not":
      return hasOrderWithoutRanks(condition.of);
    case "test":
      return (
        ["at-least", "at-most", "more-than", "less-than", "between"].includes(condition.operator) &&
        condition.ranks === undefined &&
        /"path":"(?:alert\.severity|ticket\.priority)"/u.test(
          JSON.stringify([condition.left, condition.right]),
        )
      );
    default:
      return false;
  }
}

describe("out and back in", () => {
  it("decides as before, for every rule that is written back whole", () => {
    let compared = 0;
    fc.assert(
      fc.property(
        arbitraryRuleSet(1),
        fc.array(arbitrarySnapshot, { minLength: 4, maxLength: 6, size: "max" }),
        (ir, snapshots) => {
          const [rule] = ir.rules;
          const { rules } = publishRules(ir);
          if (rule === undefined || rules.length === 0) return;
          if ([rule.condition, ...rule.exceptions].some(hasOrderWithoutRanks)) return;
          const { text } = from({ rules });
          if (text.includes("inactive rule")) return;
          const back = compileRuleSet([{ path: "a.rules", text }]).ir?.rules[0];
          if (back === undefined) return;
          for (const snapshot of snapshots) {
            const event = { ...snapshot, dueRule: undefined };
            compared += 1;
            expect(solveRule(back, event, undefined) !== undefined).toBe(
              solveRule(rule, event, undefined) !== undefined,
            );
          }
        },
      ),
      { numRuns: 500 },
    );
    expect(compared).toBeGreaterThan(100);
  }, 60_000);

  it("decides as the library does, on rules of the standard operators and facts of its own", async () => {
    const rules = [
      {
        name: "a",
        conditions: {
          all: [
            { fact: "load", operator: "greaterThan", value: 5 },
            { fact: "host", operator: "in", value: ["x", "y"] },
          ],
        },
        event: { type: "a" },
      },
      {
        name: "b",
        conditions: {
          any: [
            { fact: "host", operator: "notEqual", value: "x" },
            { not: { fact: "load", operator: "lessThanInclusive", value: 5 } },
          ],
        },
        event: { type: "b" },
      },
      {
        name: "c",
        conditions: { all: [{ fact: "groups", operator: "contains", value: "db" }] },
        event: { type: "c" },
      },
    ];
    const engine = new Engine(rules);
    const { ir } = compileRuleSet([{ path: "a.rules", text: from(rules).text }]);
    for (const facts of [
      { load: 6, host: "x", groups: ["db"] },
      { load: 5, host: "X", groups: [] },
      { load: 4, host: "x", groups: ["DB"] },
    ]) {
      const { events } = await engine.run(facts);
      const snapshot = snapshotOf({ alert: alertOf({ fields: facts }) });
      const held = ir!.rules.filter((rule) => solveRule(rule, snapshot, undefined) !== undefined);
      expect(held.map(({ name }) => name)).toEqual(events.map(({ type }) => type).sort());
    }
  });
});
