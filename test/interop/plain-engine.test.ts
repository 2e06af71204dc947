/** Compiled rules in the plain library, with our operators and `toFacts`, decide as the matcher does. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { Engine } from "json-rules-engine";
import { describe, expect, it } from "vitest";
import { compileRuleSet } from "../../src/compiler/index.ts";
import { buildRunnableRules, publishRules } from "../../src/matcher/index.ts";
import type { RuleSetIr } from "../../src/compiler/index.ts";
import { operators, toFacts } from "../../src/matcher/json-rules/published.ts";
import type { FactInput } from "../../src/matcher/json-rules/published.ts";
import { arbitraryRuleSet, arbitrarySnapshot } from "../matcher/arbitrary-rules.ts";
import { alertOf, snapshotOf } from "../matcher/build-ir.ts";
import { factInput } from "./fact-input.ts";

/** No option of the engine is needed; the rules went through a file. */
async function firedInPlainEngine(
  ir: RuleSetIr,
  inputs: readonly FactInput[],
): Promise<readonly (readonly string[])[]> {
  const rules = JSON.parse(JSON.stringify(publishRules(ir).rules)) as ConstructorParameters<typeof Engine>[0];
  const engine = new Engine(rules);
  for (const [name, operator] of Object.entries(operators)) engine.addOperator(name, operator);
  const fired: string[][] = [];
  for (const input of inputs) {
    const { events } = await engine.run(toFacts(input));
    fired.push(events.map(({ params }) => String(params?.["rule"])).sort());
  }
  return fired;
}

const firedByMatcher = (
  ir: RuleSetIr,
  snapshot: Parameters<ReturnType<typeof buildRunnableRules>["match"]>[0],
) =>
  buildRunnableRules(ir)
    .match(snapshot)
    .map(({ rule }) => rule.name)
    .sort();

describe("the plain library", () => {
  it("fires the rules that the matcher finds, on any rules and any events", async () => {
    let fired = 0;
    await fc.assert(
      fc.asyncProperty(
        arbitraryRuleSet(5),
        fc.array(
          arbitrarySnapshot.map((snapshot) => ({ ...snapshot, dueRule: undefined })),
          { minLength: 1, maxLength: 3 },
        ),
        async (ir, snapshots) => {
          const found = await firedInPlainEngine(ir, snapshots.map(factInput));
          const wanted = snapshots.map((snapshot) => firedByMatcher(ir, snapshot));
          expect(found).toEqual(wanted);
          fired += found.flat().length;
        },
      ),
      { numRuns: 700 },
    );
    expect(fired).toBeGreaterThan(100);
  }, 60_000);

  it("fires the rules of the example set on alerts that its tests speak of", async () => {
    const path = new URL("../../rules/msp.rules", import.meta.url);
    const { ir } = compileRuleSet([{ path: "msp.rules", text: readFileSync(path, "utf8") }]);
    const alerts = [
      { source: "Datto RMM", severity: "critical", title: "Device SRV-B lost power" },
      { source: "Datto RMM", severity: "info", title: "x" },
      { source: "Datto RMM", severity: "major", title: "TEST of it" },
      { source: "Datto RMM", severity: "major", title: "Disk C: is 93 % full" },
      { source: "Uptime", severity: "major", title: "down" },
    ];
    const snapshots = alerts.map((alert) => snapshotOf({ alert: alertOf(alert) }));
    const found = await firedInPlainEngine(ir!, snapshots.map(factInput));
    expect(found).toEqual(snapshots.map((snapshot) => firedByMatcher(ir!, snapshot)));
    expect(found[0]).toEqual(["Ticket for a new alert"]);
    expect(found[3]).toContain("A filling disk");
  });

  it("says of each rule what conditions cannot carry", () => {
    const text = `
rule "counted"
  when alert received
  if more than 20 alerts in 5 minutes per alert.organization
  then stop
end
rule "waits"
  when alert still firing after 2 minutes
  then
    create ticket
      title = alert.title
end
inactive rule "asleep"
  when alert received
  then stop
end`;
    const { ir } = compileRuleSet([{ path: "a.rules", text }]);
    const { rules, leftOut } = publishRules(ir!);
    expect(rules.map(({ name }) => name)).toEqual(["counted", "waits"]);
    expect(rules[1]?.event.params).toMatchObject({
      rule: "waits",
      timers: [{ event: "alert still firing", ms: 120_000 }],
    });
    expect(leftOut.map(({ kind, rule }) => [rule.name, kind])).toEqual([
      ["counted", "count"],
      ["counted", "stop"],
      ["waits", "time"],
      ["asleep", "inactive"],
    ]);
  });

  it("counts what it is told, and knows organizations and devices by name or whole", async () => {
    const text = `
rule "counted"
  when alert received
  if more than 2 alerts in 5 minutes per alert.organization
  then stop
end
rule "vip"
  for organization "Acme"
  when alert received
  if alert.organization.mapped is true and alert.device.tags contains "vip" and alert.fields."free space" < 5
  then stop
end`;
    const { ir } = compileRuleSet([{ path: "a.rules", text }]);
    const alert = { source: "a", title: "b", organization: "acme", device: "x" };
    const found = await firedInPlainEngine(ir!, [
      {
        event: "alert received",
        at: new Date(0),
        alert,
        counts: { "alerts in 300000 ms per alert.organization": 3 },
      },
      { event: "alert received", at: 0, alert },
      {
        event: "Alert received",
        at: "2026-11-22T23:05:00Z",
        alert: {
          ...alert,
          organization: { name: "ACME", mapped: true },
          device: { id: "1", name: "x", tags: ["VIP"] },
          "free space": 4,
        },
      },
    ]);
    expect(found).toEqual([["counted"], [], ["vip"]]);
  });
});
