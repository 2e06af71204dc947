/** Laws of the whole set: hashes, defaults, order, and that everything without errors can be lowered. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkFiles } from "../../src/checker/index.ts";
import { compileRules, compileRuleSet, ruleSetHash, type RuleSetIr } from "../../src/compiler/index.ts";
import { canonicalText } from "../../src/compiler/canonical-hash.ts";
import { describeSet } from "./describe-ir.ts";

const read = (path: string): string => readFileSync(fileURLToPath(new URL(path, import.meta.url)), "utf8");
const page = read("../corpus/checker/language-page.rules");
const own = read("../../rules/msp.rules");

function compile(text: string, path = "a.rules"): RuleSetIr {
  const { diagnostics, ir } = compileRuleSet([{ path, text }]);
  if (ir === undefined) throw new Error(diagnostics.map((d) => d.summary).join("\n"));
  return ir;
}

describe("a compiled rule set", () => {
  it("has the values that the language gives when none are declared", () => {
    const { values, zone } = compile("");
    expect([...values.keys()].sort()).toEqual(["alert.severity", "ticket.priority", "ticket.status"]);
    expect(values.get("ticket.status")?.words).toEqual(["New", "In Progress", "Waiting", "Complete"]);
    expect(values.get("ticket.status")?.ranks).toBeUndefined();
    expect(values.get("alert.severity")?.ranks?.get("error")).toBe(3);
    expect(zone).toBeUndefined();
  });

  it("takes declared values instead of the default ones", () => {
    const { values } = compile(
      'values ticket.priority = "P3" < "P2" < "P1"\nvalues ticket.queue = "A", "B"\n',
    );
    expect(values.get("ticket.priority")?.words).toEqual(["P3", "P2", "P1"]);
    expect(values.get("ticket.queue")).toEqual({
      path: "ticket.queue",
      words: ["A", "B"],
      ranks: undefined,
    });
  });

  it("orders rules of equal order by file in code points, then by line", () => {
    const rule = (name: string): string => `rule "${name}"\n  when alert received\n  then stop\nend\n`;
    const { ir } = compileRuleSet([
      { path: "\u{1f600}.rules", text: rule("last") },
      { path: "\uff5e.rules", text: rule("third") },
      { path: "B.rules", text: rule("first") + rule("second") },
    ]);
    expect(ir?.rules.map((r) => r.name)).toEqual(["first", "second", "third", "last"]);
    expect(ir?.rules.map((r) => r.index)).toEqual([0, 1, 2, 3]);
  });

  it("has one Field for one path, so that tests on it can be told to be the same", () => {
    const ir = compile(own);
    const seen = new Map<string, unknown>();
    JSON.stringify(ir.rules, (key, value: unknown) => {
      if (key !== "field" || typeof value !== "object" || value === null) return value;
      const { path } = value as { path: string };
      expect(seen.get(path) ?? value).toBe(value);
      seen.set(path, value);
      return path;
    });
    expect(seen.size).toBeGreaterThan(5);
  });

  it("keeps a rule's hash through layout and comments, and changes it with a word", () => {
    const rule = 'rule "r"\n  when alert received\n  if alert.title is "a  b"\n  then stop\nend\n';
    const hash = (text: string): string | undefined => compile(text).rules[0]?.hash;
    expect(hash(`# note\n\n${rule.replaceAll("\n  ", "\n\t ")}`)).toBe(hash(rule));
    expect(hash(rule.replace("a  b", "a b"))).not.toBe(hash(rule));
  });

  it("hashes a set by its files, whatever their order", () => {
    const files = [
      { path: "a.rules", text: "x" },
      { path: "b.rules", text: "y" },
    ];
    expect(ruleSetHash(files.toReversed())).toBe(ruleSetHash(files));
    expect(ruleSetHash([{ path: "a.rules", text: "x " }, ...files.slice(1)])).not.toBe(ruleSetHash(files));
  });

  it("is the same whether checked and lowered in one step or in two", () => {
    const { checked } = checkFiles([{ path: "a.rules", text: own }]);
    if (checked === undefined) throw new Error("the own rules have errors");
    const twice = compileRules(checked);
    expect(twice.rules.map((r) => r.hash)).toEqual(compile(own).rules.map((r) => r.hash));
    expect(describeSet(twice)).toBe(describeSet(compile(own)));
  });

  it("gives no rules for a set with errors", () => {
    const { diagnostics, ir } = compileRuleSet([{ path: "a.rules", text: 'rule "r"' }]);
    expect(diagnostics.length).toBeGreaterThan(0);
    expect(ir).toBeUndefined();
  });

  it("lowers whatever the checker lets through", () => {
    const words = fc.record({
      text: fc.constantFrom(page, own),
      at: fc.nat(),
      length: fc.nat({ max: 40 }),
    });
    fc.assert(
      fc.property(words, ({ text, at, length }) => {
        const start = at % text.length;
        compileRuleSet([{ path: "a.rules", text: text.slice(0, start) + text.slice(start + length) }]);
      }),
      { numRuns: 150 },
    );
  });
});

it("the canonical text of a tree is its JSON without the places", () => {
  const places = new Set(["span", "keywordSpan", "operatorSpan", "doc", "source"]);
  const tree = fc.letrec<{ node: unknown }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom(undefined, null, true, 5, -0, Number.NaN, 'quo"te\n', "\ud800", ""),
      fc.array(tie("node"), { maxLength: 3 }),
      fc.dictionary(
        fc.constantFrom("kind", "name", "of", "span", "doc", "source", "operatorSpan"),
        tie("node"),
        {
          maxKeys: 4,
        },
      ),
    ),
  })).node;
  fc.assert(
    fc.property(tree, (of) => {
      const node = { of };
      expect(canonicalText(node)).toBe(
        JSON.stringify(node, (key, value: unknown) => (places.has(key) ? undefined : value)),
      );
    }),
  );
});
