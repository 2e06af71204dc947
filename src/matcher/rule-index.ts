/**
 * Which rules hold for an event, found through the access predicates of each kind of event. Immutable: a new rule set
 * gets a new index, built aside and put in force by one assignment. Knows nothing of confirming or acting.
 */
import type { RuleIr, RuleSetIr } from "../compiler/index.ts";
import type { Snapshot, TriggerKind } from "../domain/index.ts";
import { buildKindIndex } from "./access/build-kind-index.ts";
import type { KindIndex } from "./access/kind-index.ts";
import { solveRule } from "./evaluate-condition.ts";
import { NO_BINDINGS } from "./types.ts";
import type { RuleMatch } from "./types.ts";

export type MatchRules = (snapshot: Snapshot) => readonly RuleMatch[];

export function buildRuleIndex(ir: RuleSetIr): MatchRules {
  const kinds = new Set(ir.rules.flatMap((rule) => rule.triggers.map((trigger) => trigger.kind)));
  const indexes = new Map<TriggerKind, KindIndex>();
  const toTree = new Set<RuleIr>();
  for (const kind of kinds) {
    const built = buildKindIndex(ir.rules, kind, ir.zone);
    if (built === undefined) continue;
    indexes.set(kind, built.index);
    for (const rule of [...built.wider, ...built.binding]) toTree.add(rule);
  }
  // Most rules bind no name: their answer is made once.
  const plain = ir.rules.map((rule): RuleMatch | undefined =>
    toTree.has(rule) ? undefined : { rule, bindings: NO_BINDINGS },
  );
  return (snapshot) => {
    const index = indexes.get(snapshot.kind);
    if (index === undefined) return [];
    const count = index.find(snapshot);
    const { found } = index;
    // As long as it can become: thousands of matches would else be copied again and again while it grows.
    const matches = new Array<RuleMatch>(count);
    let used = 0;
    for (let i = 0; i < count; i++) {
      const rule = found[i] as number;
      const match = plain[rule] ?? matchByTree(ir, rule, snapshot);
      if (match !== undefined) matches[used++] = match;
    }
    if (used < count) matches.length = used;
    return matches;
  };
}

/** For rules that bind names, or that the index only narrows down. */
function matchByTree(ir: RuleSetIr, index: number, snapshot: Snapshot): RuleMatch | undefined {
  const rule = ir.rules[index];
  if (rule === undefined) return undefined;
  const bindings = solveRule(rule, snapshot, ir.zone);
  return bindings === undefined ? undefined : { rule, bindings };
}
