/** The smallest change for which a rule would have fired: laws over random rules, and the sentences that people read. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nearestChange, withChanges } from "../../src/explain/nearest-change.ts";
import { distanceOf, readRule } from "../../src/explain/rule-reading.ts";
import { explainRule, shownValue, solveRule } from "../../src/matcher/index.ts";
import { compileRuleSet } from "../../src/compiler/index.ts";
import type { Alert } from "../../src/domain/index.ts";
import { matchByReference } from "../../src/matcher/reference-matcher.ts";
import { buildRunnableRules } from "../../src/matcher/index.ts";
import { arbitraryRuleSet, arbitrarySnapshot } from "../matcher/arbitrary-rules.ts";
import { alertOf, AT, snapshotOf } from "../matcher/build-ir.ts";

describe("what a rule is read as", () => {
  it("agrees with the index: events, organizations, conditions, exceptions, order", () => {
    fc.assert(
      fc.property(arbitraryRuleSet(6), arbitrarySnapshot, (ir, snapshot) => {
        const found = buildRunnableRules(ir)
          .match(snapshot)
          .map(({ rule }) => rule.index);
        const held = ir.rules
          .filter((rule) => readRule(rule, snapshot, undefined).holds)
          .map(({ index }) => index);
        expect(held).toEqual(found);
        expect(held).toEqual(matchByReference(ir, snapshot).map(({ rule }) => rule.index));
        for (const rule of ir.rules) {
          const reading = readRule(rule, snapshot, undefined);
          const explained = explainRule(rule, snapshot);
          expect([reading.holds, reading.excepted]).toEqual([explained.result, explained.excepted]);
          const leaves = reading.leaves.map(({ text, result, actual, test }) => ({
            text,
            result,
            actual: test === undefined ? actual : shownValue(test, actual),
          }));
          expect(leaves).toEqual(
            explained.conditions.map(({ text, result, actual }) => ({ text, result, actual })),
          );
          if (reading.triggered && rule.active)
            expect(distanceOf(reading.root, true) === 0).toBe(reading.holds);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe("the nearest change", () => {
  it("makes the rule fire, and no smaller part of it does", () => {
    let tried = 0;
    fc.assert(
      fc.property(arbitraryRuleSet(4), arbitrarySnapshot, (ir, snapshot) => {
        for (const rule of ir.rules) {
          const reading = readRule(rule, snapshot, undefined);
          if (!reading.triggered || reading.holds || !rule.active) continue;
          const nearest = nearestChange(reading);
          if (nearest === undefined) continue;
          expect(nearest.changes.length).toBeGreaterThan(0);
          expect(nearest.changes.every(({ text }) => text.includes("would have to"))).toBe(true);
          if (!nearest.tried) continue;
          tried += 1;
          for (let mask = 0; mask < 2 ** nearest.changes.length; mask += 1) {
            const part = nearest.changes.filter((_change, index) => (mask >> index) % 2 === 1);
            const edited = withChanges(snapshot, part);
            const isWhole = part.length === nearest.changes.length;
            const fires = edited !== undefined && solveRule(rule, edited, undefined) !== undefined;
            expect(fires).toBe(isWhole);
          }
        }
      }),
      { numRuns: 2000 },
    );
    expect(tried).toBeGreaterThan(100);
  });
});

describe("in words", () => {
  const rule = (condition: string, before = "", tail = ""): string => `
${before}
list noisy = ["Ping", "Heartbeat", "A", "B", "C", "D"]
lookup team_for
  "critical" -> "on call"
  "major"    -> "day shift"
  otherwise  -> "nobody"
end
calendar "office"
  zone "UTC"
  monday to friday 08:00 to 18:00
end
rule "R"
  ${tail}
  when alert received
  if ${condition}
  then
    stop
end
`;
  function nearest(text: string, alert: Partial<Alert> = {}) {
    const { ir, diagnostics } = compileRuleSet([{ path: "a.rules", text }]);
    if (ir === undefined) throw new Error(diagnostics.map(({ summary }) => summary).join("\n"));
    const found = nearestChange(readRule(ir.rules[0]!, snapshotOf({ alert: alertOf(alert) }), ir.zone));
    return [found?.text, ...(found?.changes ?? []).map(({ to }) => (to.known ? to.value : "?"))];
  }

  it.each<[string, Partial<Alert>, readonly unknown[]]>([
    [
      'alert.severity at least "minor"',
      { severity: "info" },
      ['alert.severity would have to be at least "minor" (is "info")', "minor"],
    ],
    [
      'alert.severity at least "minor"',
      {},
      ['alert.severity would have to be at least "minor" (is missing)', "minor"],
    ],
    [
      'alert.title contains "disk" and alert.source is "Zabbix"',
      { title: "CPU", source: "X" },
      [
        'alert.title would have to contain "disk" (is "CPU"); and alert.source would have to be "Zabbix" (is "X")',
        "CPU disk",
        "Zabbix",
      ],
    ],
    [
      '(alert.source is "A" and alert.title is "B") or alert.fields.load > 90',
      { fields: { load: 12 } },
      ["alert.fields.load would have to be more than 90 (is 12)", 91],
    ],
    [
      "alert.fields.load between 10 and 20",
      { fields: { load: 35 } },
      ["alert.fields.load would have to be between 10 and 20 (is 35)", 20],
    ],
    [
      'not (alert.title starts with "TEST")',
      { title: "TEST of the siren" },
      ['alert.title would have to not start with "TEST" (is "TEST of the siren")', "of the siren"],
    ],
    [
      "alert.title matches '^disk [a-z]: full$'",
      { title: "CPU" },
      ["alert.title would have to match '^disk [a-z]: full$' (is \"CPU\")", "?"],
    ],
    [
      "alert.source in noisy",
      { source: "Zabbix" },
      [
        'alert.source would have to be one of "Ping", "Heartbeat", "A", "B", "C" and 1 more (is "Zabbix")',
        "Ping",
      ],
    ],
    [
      'team_for[alert.severity] is "day shift"',
      { severity: "info" },
      [
        'team_for[alert.severity] would have to be "day shift" (is "nobody"), as with alert.severity "major"',
        "major",
      ],
    ],
    [
      'alert.device.tags contains "vip"',
      {},
      ['alert.device.tags would have to contain "vip" (is [])', ["vip"]],
    ],
    [
      'during "office"',
      {},
      [
        'the moment would have to be during "office" (is 2026-11-22T22:05:00.000Z), as with alert.received_at 2026-11-23T08:00:00.000Z',
        Date.UTC(2026, 10, 23, 8),
      ],
    ],
    [
      "alert.description is not empty",
      {},
      ["alert.description would have to have a value (is missing)", "?"],
    ],
    [
      'alert.source is not "Datto RMM"',
      {},
      ['alert.source would have to not be "Datto RMM" (is "Datto RMM")', "?"],
    ],
  ])("%s", (condition, alert, expected) => {
    expect(nearest(rule(condition), alert)).toEqual(expected);
  });

  it("names the organization that a rule is for, and what exempts", () => {
    const text = rule('alert.source is "Datto RMM"', "", 'for organization "Globex"').replace(
      "  then\n",
      '  except when alert.title contains "lost"\n  then\n',
    );
    expect(nearest(text)).toEqual([
      'the organization would have to be "globex" (is "Acme"); and alert.title would have to not contain "lost" (is "Device SRV-B lost power")',
      "globex",
      "Device SRV-B power",
    ]);
  });

  it("says how many alerts more would have to come, and nothing where they were not counted", () => {
    const text = rule("more than 20 alerts in 5 minutes per alert.organization");
    const { ir } = compileRuleSet([{ path: "a.rules", text }]);
    const { rules } = ir!;
    const counted = snapshotOf({
      counts: new Map([["alerts in 300000 ms per alert.organization", 3]]),
    });
    expect(nearestChange(readRule(rules[0]!, counted, undefined))).toMatchObject({
      text: "alerts in 5 minutes per alert.organization would have to be at least 21 (is 3)",
      changes: [{ to: { known: true, value: 21 } }],
    });
    expect(nearestChange(readRule(rules[0]!, snapshotOf(), undefined))?.text).toContain(
      "(how many came is not kept)",
    );
    expect(AT).toBe(counted.at);
  });
});
