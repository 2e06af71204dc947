/**
 * Rules that did not fire on some events, nearest first, and rules as JSON: what explanations of alerts and of mail share. Knows neither.
 */
import type { RuleIr, RuleSetIr } from "../compiler/index.ts";
import { EXPLAIN_CONDITIONS_MAX, toRfc3339 } from "../domain/index.ts";
import type { FieldValue, Snapshot, TriggerKind } from "../domain/index.ts";
import type { ConditionResult } from "../decision/index.ts";
import { shownValue } from "../matcher/index.ts";
import { nearestChange, type Change, type Nearest } from "./nearest-change.ts";
import { alternativesOf, distanceOf, readRule, type RuleReading } from "./rule-reading.ts";
import type { ExplainedCondition, ExplainedNearest, ExplainedRule } from "./types.ts";
import { cut } from "./words.ts";

export interface Miss {
  readonly reading: RuleReading;
  readonly distance: number;
}

interface NamedRule {
  readonly rule: string;
  readonly file: string;
  readonly line: number;
}

/** Rules on these events that did not fire: those that hold, then by how many conditions lack, then the inactive. */
export function missesAmong(
  snapshots: readonly Snapshot[],
  firings: readonly NamedRule[],
  ir: RuleSetIr,
): readonly Miss[] {
  const fired = new Set(firings.map(({ rule, file, line }) => `${file}:${line} ${rule}`));
  const byRule = new Map<RuleIr, Miss>();
  const byKind = rulesByKind(ir);
  const byName = new Map(ir.rules.map((rule) => [rule.name, rule]));
  for (const snapshot of snapshots) {
    const due = snapshot.dueRule === undefined ? undefined : byName.get(snapshot.dueRule);
    for (const rule of due === undefined ? (byKind.get(snapshot.kind) ?? []) : [due]) {
      if (fired.has(`${rule.file}:${rule.line} ${rule.name}`)) continue;
      const reading = readRule(rule, snapshot, ir.zone);
      // Rules on other events are no misses of this one.
      if (!reading.triggered) continue;
      const distance = distanceOf(reading.root, true);
      const known = byRule.get(rule);
      if (known === undefined || distance < known.distance) byRule.set(rule, { reading, distance });
    }
  }
  return [...byRule.values()].toSorted(
    (a, b) =>
      Number(b.reading.rule.active) - Number(a.reading.rule.active) ||
      a.distance - b.distance ||
      held(b.reading) - held(a.reading) ||
      a.reading.rule.index - b.reading.rule.index,
  );
}

function rulesByKind({ rules }: RuleSetIr): ReadonlyMap<TriggerKind, readonly RuleIr[]> {
  const byKind = new Map<TriggerKind, RuleIr[]>();
  for (const rule of rules) {
    for (const kind of new Set(rule.triggers.map((trigger) => trigger.kind))) {
      const known = byKind.get(kind);
      if (known === undefined) byKind.set(kind, [rule]);
      else known.push(rule);
    }
  }
  return byKind;
}

/** Of equal distance the rule of which more holds is the nearer one. */
function held({ leaves }: RuleReading): number {
  return leaves.filter(({ result }) => result).length;
}

/** `whyNot`: what keeps a rule that holds. */
export function toMiss(
  reading: RuleReading,
  whyNot: (reading: RuleReading) => string | undefined,
): ExplainedRule {
  const { name, file, line, active } = reading.rule;
  const decides = new Set(decidingLeaves(reading));
  const conditions = reading.leaves.map((leaf): ExplainedCondition => {
    const isUnknown = leaf.test?.kind === "count" && reading.snapshot.counts === undefined;
    const actual = leaf.test === undefined ? leaf.actual : shownValue(leaf.test, leaf.actual);
    return toCondition({ ...leaf, actual: isUnknown ? undefined : actual }, decides.has(leaf));
  });
  const distance = decides.size;
  const nearest = distance === 0 ? undefined : nearestChange(reading);
  const why = active ? (reading.holds ? whyNot(reading) : undefined) : "the rule is inactive";
  return {
    rule: name,
    file,
    line,
    result: resultOf(reading),
    ...(why === undefined ? {} : { why }),
    ...bounded(conditions),
    ...(nearest === undefined ? {} : { nearest: toNearest(nearest) }),
  };
}

/** Those of the nearest way for the conditions to hold. */
function decidingLeaves(reading: RuleReading): readonly RuleReading["leaves"][number][] {
  const [first] = alternativesOf(reading.root, true);
  return (first?.needs ?? []).filter(({ leaf, wanted }) => leaf.result !== wanted).map(({ leaf }) => leaf);
}

function resultOf(reading: RuleReading): ExplainedRule["result"] {
  const { rule, snapshot, holds, excepted } = reading;
  if (!rule.active) return "inactive";
  if (excepted) return "excepted";
  if (!holds) return "not_fired";
  // What waits for its time has not been stopped.
  return snapshot.kind === "alert-still-firing" || snapshot.kind === "no-alert" ? "not_fired" : "stopped";
}

/* ---------- as JSON ---------- */

export function toCondition(condition: ConditionResult, decides = false): ExplainedCondition {
  const { text, file, line, result, actual } = condition;
  return {
    text: cut(text),
    file,
    line,
    result,
    actual: toActual(actual),
    ...(decides ? { decides: true } : {}),
  };
}

type Told = Pick<ExplainedRule, "conditions" | "more_conditions">;

/** In written order; of very many those that decide first. */
export function bounded(conditions: readonly ExplainedCondition[]): Told {
  const over = conditions.length - EXPLAIN_CONDITIONS_MAX;
  if (over <= 0) return { conditions };
  const deciding = conditions.filter(({ decides }) => decides === true);
  const others = conditions.filter(({ decides }) => decides !== true);
  return {
    conditions: [...deciding, ...others].slice(0, EXPLAIN_CONDITIONS_MAX),
    more_conditions: over,
  };
}

function toActual(value: FieldValue): ExplainedCondition["actual"] {
  if (value === undefined) return null;
  if (typeof value === "string") return cut(value);
  return typeof value === "object" ? value.map((one) => (typeof one === "string" ? cut(one) : one)) : value;
}

function toNearest({ text, changes }: Nearest): ExplainedNearest {
  return {
    text,
    changes: changes.map((change) => ({
      path: change.path ?? null,
      from: toActual(timed(change.from, change)),
      ...(change.to.known && isShort(change.to.value) ? { to: timed(change.to.value, change) ?? null } : {}),
      text: change.text,
    })),
  };
}

/** A text that is cut would not do what is said of it. */
const PROPOSED_CHARACTERS_MAX = 1000;

function isShort(value: FieldValue): boolean {
  return JSON.stringify(value ?? null).length <= PROPOSED_CHARACTERS_MAX;
}

function timed(value: FieldValue, { isTime }: Change): FieldValue {
  return isTime && typeof value === "number" && Math.abs(value) <= 8e15 ? toRfc3339(value) : value;
}
