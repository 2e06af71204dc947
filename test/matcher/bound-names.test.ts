/** What a name of `like` is where: the rule of `walk-condition.ts` as examples, asked of everyone who reads conditions. */
import { expect, test } from "vitest";
import { compileRuleSet } from "../../src/compiler/index.ts";
import type { ConditionIr } from "../../src/compiler/index.ts";
import { buildRunnableRules, explainRule } from "../../src/matcher/index.ts";
import { matchByReference } from "../../src/matcher/reference-matcher.ts";
import { alertOf, all, any, like, not, ruleOf, ruleSetOf, snapshotOf, testOf } from "./build-ir.ts";

const drive = { kind: "binding", name: "drive" } as const;
const driveIs = (letter: string): ConditionIr => testOf(drive, "equals", [letter]);
const severityIs = (word: string): ConditionIr => testOf("alert.severity", "equals", [word]);

const event = snapshotOf({
  alert: alertOf({ title: "Disk C: is full", source: "D: on SRV-B", severity: "info" }),
});

/** The lines about the name, and whether the rule holds, as explain and json-rules-engine tell them. */
async function told(
  condition: ConditionIr,
  exceptions: readonly ConditionIr[] = [],
): Promise<readonly unknown[]> {
  const rule = ruleOf(0, condition, { exceptions });
  const ir = ruleSetOf([rule]);
  const rules = buildRunnableRules(ir);
  const { conditions, result } = explainRule(rule, event);
  expect(await rules.confirm(rule, event)).toEqual({ holds: result, conditions });
  expect(rules.match(event)).toEqual(matchByReference(ir, event));
  expect(rules.match(event).length).toBe(result ? 1 : 0);
  const lines = conditions.filter(({ text }) => text === "binding equals");
  return [result, ...lines.map((line) => [line.result, line.actual])];
}

test("a name is missing behind the `like` that takes it anew and fails, whatever an earlier one took", async () => {
  const anew = all(like("alert.source", "{drive} on SRV-A"), driveIs("c:"));
  expect(await told(all(like("alert.title", "Disk {drive} is full"), any(anew, severityIs("info"))))).toEqual(
    [true, [false, undefined]],
  );
});

test("a name that is taken anew is the later one", async () => {
  const both = all(like("alert.title", "Disk {drive} is full"), like("alert.source", "{drive} on *"));
  expect(await told(all(both, driveIs("d:")))).toEqual([true, [true, "D:"]]);
});

test("a name that was taken is told behind a condition that fails too", async () => {
  const failing = all(like("alert.title", "Disk {drive} is full"), severityIs("major"), driveIs("c:"));
  expect(await told(any(failing, severityIs("info")))).toEqual([true, [true, "C:"]]);
  expect(
    await told(all(all(like("alert.title", "Disk {drive} *"), severityIs("major")), driveIs("c:"))),
  ).toEqual([false, [true, "C:"]]);
  expect(
    await told(all(like("alert.title", "Disk {drive} is full"), severityIs("major")), [driveIs("c:")]),
  ).toEqual([false, [true, "C:"]]);
});

test("behind an `or` a name is what the first branch that holds took", async () => {
  const branches = any(
    all(like("alert.title", "Disk {drive} is full"), severityIs("major")),
    like("alert.source", "{drive} on SRV-B"),
    like("alert.source", "{drive} *"),
  );
  expect(await told(all(branches, driveIs("d:")))).toEqual([true, [true, "D:"]]);
});

test("behind an `or` a name is missing when no branch holds, whatever an earlier `like` took", async () => {
  const branches = any(
    all(like("alert.title", "Disk {drive} is full"), severityIs("major")),
    like("alert.source", "{drive} on SRV-A"),
  );
  const condition = all(
    like("alert.title", "{drive} C: is full"),
    any(all(branches, driveIs("c:")), not(any())),
  );
  expect(await told(condition)).toEqual([true, [false, undefined]]);
});

test("what is taken inside a `not` stays inside", async () => {
  const inside = not(all(like("alert.source", "{drive} on SRV-B"), severityIs("major")));
  expect(await told(all(like("alert.title", "Disk {drive} is full"), inside, driveIs("c:")))).toEqual([
    true,
    [true, "C:"],
  ]);
});

test("a name that a definition takes is not the rule's name of the same letters", async () => {
  const { diagnostics, ir } = compileRuleSet([
    {
      path: "a.rules",
      text: `
define on_server_b as alert.source like "{drive} on SRV-B" and drive is "D:"
rule "disk C"
  when alert received
  if alert.title like "Disk {drive} is full" and on_server_b and drive is "C:"
  then
    create ticket
      title = "{drive}"
end`,
    },
  ]);
  expect(diagnostics).toEqual([]);
  const [rule] = ir?.rules ?? [];
  if (ir === undefined || rule === undefined) throw new Error("not compiled");
  const rules = buildRunnableRules(ir);
  const [match] = rules.match(event);
  expect(match?.bindings.get("drive")).toBe("C:");
  const { conditions } = explainRule(rule, event);
  expect((await rules.confirm(rule, event)).conditions).toEqual(conditions);
  expect(conditions.map(({ text, result, actual }) => [text, result, actual])).toEqual([
    ['alert.title like "Disk {drive} is full"', true, "Disk C: is full"],
    ['alert.source like "{drive} on SRV-B"', true, "D: on SRV-B"],
    ['drive is "D:"', true, "D:"],
    ['drive is "C:"', true, "C:"],
  ]);
});
