import fc from "fast-check";
import { expect, test } from "vitest";
import type { Snapshot } from "../../src/domain/index.ts";
import { matchByReference } from "../../src/matcher/reference-matcher.ts";
import { buildRunnableRules, explainRule } from "../../src/matcher/index.ts";
import type { RuleMatch } from "../../src/matcher/index.ts";
import { arbitraryRuleSet, arbitrarySnapshot } from "../matcher/arbitrary-rules.ts";
import { alertOf } from "../matcher/build-ir.ts";

const readable = (matches: readonly RuleMatch[]): unknown =>
  matches.map(({ rule, bindings }) => [rule.index, Object.fromEntries(bindings)]);

test("index, reference matcher, explanation and json-rules-engine say the same of every rule", async () => {
  await fc.assert(
    fc.asyncProperty(
      arbitraryRuleSet(8),
      fc.array(arbitrarySnapshot, { minLength: 1, maxLength: 6, size: "max" }),
      async (ir, snapshots) => {
        const rules = buildRunnableRules(ir);
        for (const snapshot of snapshots) {
          const reference = matchByReference(ir, snapshot);
          expect(readable(rules.match(snapshot))).toEqual(readable(reference));
          const indexes = new Set(reference.map(({ rule }) => rule.index));
          for (const rule of ir.rules) {
            const explained = explainRule(rule, snapshot);
            expect(explained.result).toBe(indexes.has(rule.index));
            const confirmed = await rules.confirm(rule, snapshot);
            expect(confirmed.holds).toBe(explained.result);
            if (rule.active) expect(confirmed.conditions).toEqual(explained.conditions);
          }
        }
      },
    ),
    { numRuns: 400 },
  );
}, 60_000);

test("the index finds what the reference matcher finds in larger rule sets", () => {
  fc.assert(
    fc.property(
      arbitraryRuleSet(80),
      fc.array(arbitrarySnapshot, { minLength: 10, maxLength: 20, size: "max" }),
      (ir, snapshots) => {
        const rules = buildRunnableRules(ir);
        for (const snapshot of snapshots) {
          expect(readable(rules.match(snapshot))).toEqual(readable(matchByReference(ir, snapshot)));
        }
      },
    ),
    { numRuns: 120 },
  );
}, 60_000);

/** One member at a time becomes another snapshot's, back and forth: what was asked last is nearly what is asked now. */
const neighbours: fc.Arbitrary<readonly Snapshot[]> = fc
  .record({
    first: arbitrarySnapshot,
    other: arbitrarySnapshot,
    steps: fc.array(
      fc.constantFrom(
        ...(["kind", "at", "ticket", "changes", "actor", "callout", "counts", "dueRule"] as const),
        ...(["title", "severity", "tags", "fields", "organization", "device", "receivedAt"] as const),
      ),
      { minLength: 4, maxLength: 12, size: "max" },
    ),
    later: fc.constantFrom(0, 1, 3_600_000),
  })
  .map(({ first, other, steps, later }) => {
    const to = { ...other, at: other.at + later };
    const ofAlert = (one: Snapshot): NonNullable<Snapshot["alert"]> => one.alert ?? alertOf();
    const turned = new Set<string>();
    const pick = <Members extends object>(from: Members, members: Members): Members =>
      Object.fromEntries(
        Object.keys({ ...from, ...members }).flatMap((name) => {
          const source = turned.has(name) ? members : from;
          return name in source ? [[name, source[name as keyof Members]]] : [];
        }),
      ) as Members;
    return steps.map((step): Snapshot => {
      if (!turned.delete(step)) turned.add(step);
      const { dueRule, ...next } = pick(first, to);
      // Only a time that has come is one rule's.
      const isTimed = next.kind === "ticket-idle" || next.kind === "no-alert";
      return {
        ...next,
        ...(isTimed ? { dueRule } : {}),
        alert: pick(ofAlert(first), ofAlert(to)),
      };
    });
  });

test("json-rules-engine answers each question from its own facts, however near the one before it was", async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryRuleSet(4), neighbours, async (ir, snapshots) => {
      const rules = buildRunnableRules(ir);
      for (const snapshot of snapshots) {
        for (const rule of ir.rules.filter(({ active }) => active)) {
          const { result, conditions } = explainRule(rule, snapshot);
          expect(await rules.confirm(rule, snapshot)).toEqual({ holds: result, conditions });
        }
      }
    }),
    { numRuns: 200 },
  );
}, 60_000);
