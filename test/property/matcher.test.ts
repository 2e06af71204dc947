import fc from "fast-check";
import { expect, test } from "vitest";
import { matchByReference } from "../../src/matcher/reference-matcher.ts";
import { buildRunnableRules, explainRule } from "../../src/matcher/index.ts";
import type { RuleMatch } from "../../src/matcher/index.ts";
import { arbitraryRuleSet, arbitrarySnapshot } from "../matcher/arbitrary-rules.ts";

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
