/**
 * What the tests have seen of the rules: each active rule fired, each leaf of its condition true and false, each
 * `except when` exempting. Gathered from the events that the rules were shown; knows no expectation.
 */
import type { RuleIr, RuleSetIr } from "../compiler/index.ts";
import type { ConditionResult } from "../matcher/index.ts";
import { holds, leavesOf, readRule, type Tree } from "./condition-tree.ts";
import { decisionsOf, type Journal } from "./journal.ts";
import { bareSnapshot } from "../domain/index.ts";

export interface CoverageReport {
  /** Of everything below together, 0 to 100, one decimal. */
  readonly percent: number;
  readonly rules: Counted & { readonly missing: readonly MissedRule[] };
  /** Each condition counts twice: seen true, seen false. */
  readonly conditions: Counted & { readonly missing: readonly MissedCondition[] };
  readonly exceptions: Counted & { readonly missing: readonly MissedCondition[] };
}

interface Counted {
  readonly covered: number;
  readonly total: number;
}

export interface MissedRule {
  readonly rule: string;
  readonly file: string;
  readonly line: number;
}

export interface MissedCondition extends MissedRule {
  readonly text: string;
  readonly never: "true" | "false";
}

/** How often one leaf or exception was seen to hold and not to hold. */
export interface SeenCondition {
  readonly result: Pick<ConditionResult, "text" | "file" | "line">;
  heldTimes: number;
  failedTimes: number;
}

export interface SeenRule {
  readonly rule: RuleIr;
  firedTimes: number;
  readonly conditions: readonly SeenCondition[];
  readonly exceptions: readonly SeenCondition[];
}

export class Coverage {
  readonly #ir: RuleSetIr;
  readonly rules: readonly SeenRule[];

  constructor(ir: RuleSetIr) {
    this.#ir = ir;
    this.rules = ir.rules.filter(({ active }) => active).map((rule) => emptyRule(rule, ir.zone));
  }

  add(journal: Journal): void {
    const byName = new Map(this.rules.map((seen) => [seen.rule.name, seen]));
    for (const { snapshots, result } of decisionsOf(journal.all)) {
      for (const { rule } of result.firings) {
        const seen = byName.get(rule);
        if (seen !== undefined) seen.firedTimes += 1;
      }
      for (const snapshot of snapshots) {
        for (const seen of this.rules) {
          if (!seen.rule.triggers.some(({ kind }) => kind === snapshot.kind)) continue;
          const reading = readRule(seen.rule, snapshot, this.#ir.zone);
          if (!reading.triggered) continue;
          const leaves = [reading.condition, ...reading.exceptions].flatMap(leavesOf);
          leaves.forEach((leaf, index) => count(seen.conditions[index], leaf.result.result));
          const asked = holds(reading.condition);
          if (!asked) continue;
          reading.exceptions.forEach((exception, index) => count(seen.exceptions[index], holds(exception)));
        }
      }
    }
  }

  report(): CoverageReport {
    const rules = counted(
      this.rules.map((seen) => (seen.firedTimes > 0 ? [] : [placeOf(seen.rule)])),
      this.rules.length,
    );
    const leaves = this.rules.flatMap(({ rule, conditions }) =>
      conditions.map((condition) => missed(rule, condition)),
    );
    const conditions = counted(leaves, leaves.length * 2);
    const exempted = this.rules.flatMap(({ rule, exceptions }) =>
      exceptions.map((exception) => missed(rule, exception).filter(({ never }) => never === "true")),
    );
    const exceptions = counted(exempted, exempted.length);
    const covered = rules.covered + conditions.covered + exceptions.covered;
    const total = rules.total + conditions.total + exceptions.total;
    const percent = total === 0 ? 100 : Math.floor((covered / total) * 1000) / 10;
    return { percent, rules, conditions, exceptions };
  }
}

function counted<M>(
  missing: readonly (readonly M[])[],
  total: number,
): Counted & { readonly missing: readonly M[] } {
  const all = missing.flat();
  return { covered: total - all.length, total, missing: all };
}

function placeOf({ name, file, line }: RuleIr): MissedRule {
  return { rule: name, file, line };
}

function missed(rule: RuleIr, { result, heldTimes, failedTimes }: SeenCondition): readonly MissedCondition[] {
  const { text, file, line } = result;
  const never = (["true", "false"] as const).filter(
    (side) => (side === "true" ? heldTimes : failedTimes) === 0,
  );
  return never.map((side) => ({ rule: rule.name, file, line, text, never: side }));
}

function count(seen: SeenCondition | undefined, held: boolean): void {
  if (seen === undefined) return;
  if (held) seen.heldTimes += 1;
  else seen.failedTimes += 1;
}

/** The rule read against nothing shows which conditions it has. */
function emptyRule(rule: RuleIr, zone: string | undefined): SeenRule {
  const reading = readRule(rule, NOTHING, zone);
  const unseen = (result: SeenCondition["result"]): SeenCondition => ({
    result,
    heldTimes: 0,
    failedTimes: 0,
  });
  return {
    rule,
    firedTimes: 0,
    conditions: [reading.condition, ...reading.exceptions]
      .flatMap((tree: Tree) => leavesOf(tree))
      .map(({ result }) => unseen(result)),
    exceptions: rule.exceptions.map(({ origin }) => unseen(origin)),
  };
}

const NOTHING = bareSnapshot("ticket-edited", 0);
