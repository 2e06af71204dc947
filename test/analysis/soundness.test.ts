import fc from "fast-check";
import { expect, test } from "vitest";
import { covers } from "../../src/analysis/cover-index.ts";
import { isAlwaysTrue } from "../../src/analysis/check-firing.ts";
import { neverFires, prepare } from "../../src/analysis/prepared.ts";
import { findWitness } from "../../src/analysis/witness.ts";
import { compileRuleSet } from "../../src/compiler/index.ts";
import type { RuleSetIr } from "../../src/compiler/index.ts";
import { solveRule } from "../../src/matcher/index.ts";
import { denseAlert, denseCondition } from "./dense-rules.ts";
import { eventWords, ticketCondition, ticketEvent } from "./dense-tickets.ts";

const ruleText = (condition: string, index: number): string =>
  `rule "r${index}"\n  when alert received\n  if ${condition}\n  then\n    create ticket\nend\n`;

function compiled(conditions: readonly string[]): RuleSetIr {
  const text = `rules 1\n${conditions.map(ruleText).join("")}`;
  const { ir, diagnostics } = compileRuleSet([{ path: "a.rules", text }]);
  if (ir === undefined) throw new Error(diagnostics.map(({ summary }) => summary).join("\n"));
  return ir;
}

const conditions = fc.array(denseCondition, { minLength: 4, maxLength: 8 });
const alerts = fc.array(denseAlert, { minLength: 40, maxLength: 60, size: "max" });

test("what analysis proves of random rules holds for random alerts, and every example event was tried", () => {
  const proven = { never: 0, always: 0, covered: 0, witnesses: 0, missed: 0 };
  fc.assert(
    fc.property(conditions, alerts, (texts, snapshots) => {
      const ir = compiled(texts);
      const { rules } = prepare(ir);
      const fires = rules.map(({ rule }) =>
        snapshots.map((snapshot) => solveRule(rule, snapshot, ir.zone) !== undefined),
      );
      for (const [at, prepared] of rules.entries()) {
        if (neverFires(prepared)) {
          proven.never++;
          expect(fires[at]).not.toContain(true);
          continue;
        }
        if (isAlwaysTrue(prepared.rule.condition, prepared.rule)) {
          proven.always++;
          expect(fires[at]).not.toContain(false);
        }
        const witness = findWitness(ir, [prepared]);
        if (witness === undefined) proven.missed++;
        else {
          proven.witnesses++;
          expect(solveRule(prepared.rule, witness.snapshot, ir.zone)).toBeDefined();
        }
        for (const [otherAt, other] of rules.entries()) {
          if (otherAt === at || !covers(other, prepared, "alert-received")) continue;
          proven.covered++;
          for (const [i, fired] of (fires[at] ?? []).entries())
            if (fired) expect(fires[otherAt]?.[i]).toBe(true);
        }
      }
    }),
    { numRuns: Number(process.env["ANALYSIS_RUNS"] ?? 150) },
  );
  // The law would be empty if nothing were ever proven.
  expect(proven.never).toBeGreaterThan(5);
  expect(proven.always).toBeGreaterThan(5);
  expect(proven.covered).toBeGreaterThan(5);
  expect(proven.witnesses).toBeGreaterThan(proven.missed * 4);
}, 60_000);

const onTickets = fc.array(fc.tuple(eventWords, ticketCondition), { minLength: 4, maxLength: 8 });
const ticketEvents = fc.array(ticketEvent, { minLength: 60, maxLength: 90, size: "max" });

test("what the words behind an event prove holds for every change of a ticket, whoever made it", () => {
  const proven = { never: 0, always: 0, fired: 0, witnesses: 0, missed: 0 };
  fc.assert(
    fc.property(onTickets, ticketEvents, (texts, snapshots) => {
      const text = texts
        .map(
          ([when, condition], i) =>
            `rule "r${i}"\n  when ${when}\n  if ${condition}\n  then\n    stop\nend\n`,
        )
        .join("");
      const { ir, diagnostics } = compileRuleSet([{ path: "a.rules", text }]);
      if (ir === undefined) throw new Error(diagnostics.map(({ summary }) => summary).join("\n"));
      for (const prepared of prepare(ir).rules) {
        const { rule } = prepared;
        const fires = snapshots.filter((snapshot) => solveRule(rule, snapshot, ir.zone) !== undefined);
        proven.fired += fires.length;
        if (neverFires(prepared)) {
          proven.never++;
          expect(fires).toEqual([]);
          continue;
        }
        if (isAlwaysTrue(rule.condition, rule)) {
          proven.always++;
          const bare = { ...rule, condition: { kind: "always", origin: rule.condition.origin } as const };
          expect(fires.length).toBe(
            snapshots.filter((snapshot) => solveRule(bare, snapshot, ir.zone) !== undefined).length,
          );
        }
        const witness = findWitness(ir, [prepared]);
        if (witness === undefined) proven.missed++;
        else {
          proven.witnesses++;
          expect(solveRule(rule, witness.snapshot, ir.zone)).toBeDefined();
        }
      }
    }),
    { numRuns: Number(process.env["ANALYSIS_RUNS"] ?? 150) },
  );
  expect(proven.never).toBeGreaterThan(20);
  expect(proven.always).toBeGreaterThan(20);
  expect(proven.fired).toBeGreaterThan(500);
  expect(proven.witnesses).toBeGreaterThan(proven.missed * 2);
}, 60_000);
