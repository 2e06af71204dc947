/** All analyses of a whole set, each rule told once for one cause. Knows no check by itself. */
import type { Diagnostic } from "../diagnostics/index.ts";
import type { RuleSetIr } from "../compiler/index.ts";
import type { RuleFile } from "../../grammar/ast.ts";
import { checkConflicts } from "./check-conflicts.ts";
import { checkCovered } from "./check-covered.ts";
import { checkFiring } from "./check-firing.ts";
import { checkLookups } from "./check-lookups.ts";
import { checkLoops } from "./check-loops.ts";
import { checkTurns } from "./check-turns.ts";
import { Places } from "./places.ts";
import { prepare } from "./prepared.ts";

/** Not yet silenced by comments. `files` are those that the set was compiled from. */
export function analyzeRuleSet(ir: RuleSetIr, files: readonly RuleFile[]): readonly Diagnostic[] {
  const set = prepare(ir);
  const places = new Places(files);
  const found = [
    ...checkFiring(set, places),
    ...checkTurns(set, places),
    ...checkCovered(set, places),
    ...checkConflicts(set, places),
    ...checkLookups(set, places),
    ...checkLoops(set, places),
  ];
  return withoutEchoes(found);
}

/** A rule that never gets its turn is not also told to be covered: the first of these is the cause. */
const causes = ["R2001", "R2016", "R2002", "R2004", "R2005"];

function withoutEchoes(found: readonly Diagnostic[]): readonly Diagnostic[] {
  const first = new Map<string, number>();
  const place = ({ span }: Diagnostic): string => `${span.source.path}:${span.start}`;
  for (const one of found) {
    const rank = causes.indexOf(one.code);
    if (rank >= 0) first.set(place(one), Math.min(rank, first.get(place(one)) ?? rank));
  }
  return found.filter((one) => {
    const rank = causes.indexOf(one.code);
    return rank < 0 || first.get(place(one)) === rank;
  });
}
