/** The oracle: every rule, one after the other, slow and obvious. Knows nothing of the index that it judges. */
import type { RuleSetIr } from "../compiler/index.ts";
import type { Snapshot } from "../domain/index.ts";
import { solveRule } from "./evaluate-condition.ts";
import type { RuleMatch } from "./types.ts";

export function matchByReference(ir: RuleSetIr, snapshot: Snapshot): readonly RuleMatch[] {
  const matches: RuleMatch[] = [];
  for (const rule of ir.rules) {
    const bindings = solveRule(rule, snapshot, ir.zone);
    if (bindings !== undefined) matches.push({ rule, bindings });
  }
  return matches;
}
