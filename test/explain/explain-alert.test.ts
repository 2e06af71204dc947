/** Explanations of whole alerts, decided on an empty desk: what fired, what kept the others, by name, and in which order. */
import { describe, expect, it } from "vitest";
import { compileRuleSet } from "../../src/compiler/index.ts";
import { explainAlert, explainAlone } from "../../src/explain/index.ts";
import { buildRunnableRules } from "../../src/matcher/index.ts";
import type { Alert } from "../../src/domain/index.ts";
import { alertOf, AT } from "../matcher/build-ir.ts";

const MINUTE = 60_000;
const own = { id: "or_1", name: "Acme", tags: [], udf: {} };
const records = { own, organizations: [], devices: [] };

function rulesOf(text: string) {
  const { ir, diagnostics } = compileRuleSet([{ path: "a.rules", text }]);
  if (ir === undefined) throw new Error(diagnostics.map(({ summary }) => summary).join("\n"));
  return buildRunnableRules(ir);
}

async function explain(
  text: string,
  parts: Partial<Alert> = {},
  earlier: readonly Partial<Alert>[] = [],
  limit = 20,
) {
  return await explainAlone(
    {
      alert: alertOf({ ...parts, id: "al_now" }),
      earlier: earlier.map((one, index) => alertOf({ ...one, id: `al_${index}` })),
      records,
      rules: rulesOf(text),
    },
    { limit },
  );
}

const open = (name: string, condition: string, more = ""): string => `
rule "${name}"
  ${more}
  when alert received
  if ${condition}
  then
    create ticket
      title = alert.title
end
`;

describe("an explanation", () => {
  it("tells all that fired with what they did, then the misses, the nearest first, the inactive last", async () => {
    const { outcome, why, rules } = await explain(
      [
        open("two away", 'alert.source is "X" and alert.severity at least "minor"'),
        open("inactive", 'alert.source is "Datto RMM"').replace("rule", "inactive rule"),
        open("one away", 'alert.source is "Datto RMM" and alert.severity at least "minor"'),
        open("fires", 'alert.source is "Datto RMM"'),
      ].join("\n"),
    );
    expect({ outcome, why }).toEqual({ outcome: "ticket_created", why: "T20261122.0001 was opened" });
    expect(rules.map(({ rule, result, why: reason }) => [rule, result, reason])).toEqual([
      ["fires", "fired", "opened T20261122.0001 (repeats are noted on it until 2026-11-22T22:10:00.000Z)"],
      ["one away", "not_fired", undefined],
      ["two away", "not_fired", undefined],
      ["inactive", "inactive", "the rule is inactive"],
    ]);
    expect(rules[1]?.conditions.map(({ decides, result, line }) => [decides, result, line])).toEqual([
      [undefined, true, 25],
      [true, false, 25],
    ]);
  });

  it("keeps to the number of misses that is asked", async () => {
    const text = Array.from({ length: 30 }, (_, n) =>
      open(`rule ${n}`, `alert.source is "source ${n}"`),
    ).join("\n");
    expect((await explain(text)).rules).toHaveLength(20);
    expect((await explain(text, {}, [], 3)).rules.map(({ rule }) => rule)).toEqual([
      "rule 0",
      "rule 1",
      "rule 2",
    ]);
    expect((await explain(text, {}, [], 0)).rules).toEqual([]);
  });

  it("names the ticket that a repeat was noted on, and until when", async () => {
    const text = open("R", 'alert.source is "Datto RMM"');
    const { outcome, why, rules } = await explain(text, {}, [{ receivedAt: AT - 3 * MINUTE }]);
    expect(outcome).toBe("note_added");
    expect(rules[0]?.why).toBe(
      "noted repeat 1 on T20261122.0001 (its window is open until 2026-11-22T22:07:00.000Z)",
    );
    expect(why).toContain("repeat 1 of T20261122.0001");
    expect(why).toContain("until 2026-11-22T22:07:00.000Z");
  });

  it("names the rule that stopped later ones, and the one that suppressed", async () => {
    const text = `
rule "quiet tests"
  order 1
  when alert received
  if alert.title starts with "TEST"
  then
    suppress alert
    stop
end
${open("later", 'alert.source is "Datto RMM"')}`;
    const { outcome, why, rules } = await explain(text, { title: "TEST" });
    expect(outcome).toBe("suppressed");
    expect(why).toBe(
      'suppressed by rule "quiet tests" (a.rules:2); rule "quiet tests" (a.rules:2) stopped a later rule that holds',
    );
    expect(rules.map(({ rule, result, why: reason }) => [rule, result, reason])).toEqual([
      ["quiet tests", "fired", "suppress alert; stop"],
      ["later", "stopped", 'rule "quiet tests" (a.rules:2) ran before it and stopped later rules'],
    ]);
  });

  it("names the exception that exempts", async () => {
    const text = open("R", 'alert.source is "Datto RMM"').replace(
      "  then",
      '  except when alert.title contains "lost"\n  then',
    );
    const { rules } = await explain(text);
    expect(rules[0]).toMatchObject({
      result: "excepted",
      conditions: [{ result: true }, { text: 'alert.title contains "lost"', result: true, decides: true }],
      nearest: { changes: [{ path: "alert.title", to: "Device SRV-B power" }] },
    });
  });

  it("names the maintenance that put the alert off", async () => {
    const text = `
maintenance "Patch night"
  zone "UTC"
  from 2026-11-22 20:00 to 2026-11-23 02:00
end
${open("R", 'alert.source is "Datto RMM"')}`;
    const { outcome, why, rules } = await explain(text);
    expect([outcome, why]).toEqual(["suppressed", 'suppressed by maintenance "Patch night"']);
    expect(rules[0]).toMatchObject({
      result: "stopped",
      why: 'maintenance "Patch night" keeps it from every rule; what still fires at its end is decided then',
    });
  });

  it("names the rule that waits whether the alert stays, and when it fires", async () => {
    const text = `
rule "stays"
  when alert still firing after 2 minutes
  if alert.source is "Datto RMM"
  then
    create ticket
      title = alert.title
end
rule "silent"
  when no alert for 1 hour per alert.organization
  if alert.source is "Datto RMM"
  then
    create ticket
      title = "silence"
end`;
    const { outcome, why, rules } = await explain(text);
    expect(outcome).toBe("held");
    expect(why).toContain('rule "stays" (a.rules:2) waits whether it stays: fires 2 minutes after');
    expect(why).toContain("at 2026-11-22T22:07:00.000Z");
    expect(rules.map(({ rule, result, why: reason }) => [rule, result, reason?.slice(0, 17)])).toEqual([
      ["stays", "not_fired", "waits whether it "],
      ["silent", "not_fired", "waits for silence"],
    ]);
  });

  it.each([
    ["cleared", "waited whether it stays: cleared"],
    [
      "dropped by hand at 2026-11-22T22:06:00.000Z",
      "waited whether it stays: dropped by hand at 2026-11-22T22:06:00.000Z",
    ],
  ])("tells what came of a wait that is over: %s", (end, told) => {
    const { ir } = rulesOf(`
rule "stays; whatever"
  when alert still firing after 2 minutes
  then stop
end`);
    const why = `held: rule "stays; whatever" waits until 2026-11-22T22:07:00.000Z whether it stays; ${end}`;
    const handled = { alert: alertOf({}), outcome: "held", why, firings: [] };
    const explained = explainAlert(handled, ir, { limit: 5 });
    expect([explained.why, explained.rules[0]?.why]).toEqual([
      `rule "stays; whatever" (a.rules:2) ${told}`,
      told,
    ]);
  });

  it("tells what was decided when the maintenance that put an alert off was over", () => {
    const { ir } = rulesOf(open("R", 'alert.source is "Datto RMM"'));
    const why =
      'suppressed by maintenance "M"; decided at 2026-11-22T22:06:00.000Z: held: rule "H" waits until 2026-11-22T22:07:00.000Z whether it stays';
    const handled = { alert: alertOf({}), outcome: "suppressed", why, firings: [] };
    expect(explainAlert(handled, ir, { limit: 5 }).rules[0]?.why).toBe(
      'maintenance "M" kept it from every rule; decided at 2026-11-22T22:06:00.000Z: held: rule "H" waits until 2026-11-22T22:07:00.000Z whether it stays',
    );
  });

  it("tells that `once per` left a ticket out", async () => {
    const text = open("R", 'alert.source is "Datto RMM"').replace(
      "title = alert.title",
      "title = alert.title\n      once per 30 minutes",
    );
    const { rules, why } = await explain(text, { title: "second" }, [{ receivedAt: AT - MINUTE }]);
    expect(rules[0]?.why).toContain("skipped create ticket: once per");
    expect(why).toContain("once per");
  });

  it("counts the alerts that came before", async () => {
    const text = open("storm", "more than 2 alerts in 5 minutes per alert.organization");
    const before = [{ receivedAt: AT - MINUTE, title: "a" }];
    const { rules } = await explain(text, {}, before);
    expect(rules[0]).toMatchObject({
      result: "not_fired",
      conditions: [{ actual: 2 }],
      nearest: { text: "alerts in 5 minutes per alert.organization would have to be at least 3 (is 2)" },
    });
    expect((await explain(text, {}, [...before, ...before])).outcome).toBe("ticket_created");
  });

  it.each(["during", "outside"])("writes the moment that `%s` looked at as a time", async (word) => {
    const calendar = `calendar "all day"\n  zone "UTC"\n  monday to sunday 0:00 to 0:00\nend\n`;
    const { rules } = await explain(calendar + open("R", `${word} "all day"`));
    expect(rules[0]).toMatchObject({
      result: word === "during" ? "fired" : "not_fired",
      conditions: [{ actual: new Date(AT).toISOString() }],
    });
  });

  it("stays small for rules with very many conditions and very long texts", async () => {
    const many = Array.from({ length: 500 }, (_, n) => `alert.title contains "word ${n}"`).join("\n or ");
    const { rules } = await explain(open("R", many), { title: "x".repeat(100_000) });
    expect(rules[0]?.conditions).toHaveLength(50);
    expect(rules[0]?.more_conditions).toBe(450);
    expect(JSON.stringify(rules).length).toBeLessThan(100_000);
  });
});
