/**
 * A concrete event for which rules fire, tried on the matcher before anybody reads it. Knows no diagnostic.
 */
import type { RuleSetIr, TriggerIr } from "../compiler/index.ts";
import { CONFLICT_COMBINATIONS_MAX, foldText } from "../domain/index.ts";
import type { Actor, FieldChange, FieldValue, Snapshot, TriggerKind } from "../domain/index.ts";
import { solveRule } from "../matcher/index.ts";
import { satisfy } from "./contradiction.ts";
import { draftEvent } from "./draft-event.ts";
import type { Conjunction } from "./literals.ts";
import type { Prepared } from "./prepared.ts";
import { factsOf } from "./trigger-facts.ts";
import { constantsOf, constantValues } from "./subject-values.ts";

export interface Witness {
  readonly snapshot: Snapshot;
  /** What was chosen, by path; the rest does not matter. */
  readonly chosen: ReadonlyMap<string, FieldValue>;
}

/** Monday noon, Saturday noon, Monday night, in UTC: one of them is inside, one outside most calendars. */
const moments = [1767614400000, 1768046400000, 1767578400000] as const;

/** An event on which all the rules fire; undefined when none was found, which proves nothing. */
export function findWitness(
  ir: RuleSetIr,
  rules: readonly Prepared[],
  extra: Conjunction = [],
): Witness | undefined {
  const [first] = rules;
  let left: number = CONFLICT_COMBINATIONS_MAX;
  for (const event of first?.byEvent.keys() ?? []) {
    for (const conjunction of combinations(rules, event)) {
      if (left-- === 0) return undefined;
      const witness = tryConjunction(ir, rules, event, [...conjunction, ...extra]);
      if (witness !== undefined) return witness;
    }
  }
  return undefined;
}

/** One alternative of each rule. */
function* combinations(rules: readonly Prepared[], event: TriggerKind): Generator<Conjunction> {
  const [first, ...rest] = rules;
  if (first === undefined) {
    yield [];
    return;
  }
  for (const { conjunction } of first.byEvent.get(event) ?? [])
    for (const others of combinations(rest, event)) yield [...conjunction, ...others];
}

function tryConjunction(
  ir: RuleSetIr,
  rules: readonly Prepared[],
  event: TriggerKind,
  conjunction: Conjunction,
): Witness | undefined {
  const [facts = []] = rules.flatMap(({ rule }) => factsOf(rule, event).slice(0, 1));
  const satisfied = satisfy([...facts, ...conjunction], event);
  if (satisfied.kind === "impossible") return undefined;
  const spelling = spellings(ir, [...facts, ...conjunction]);
  const chosen = new Map<string, FieldValue>(organizationOf(rules, event));
  for (const [subject, examples] of satisfied.examples) {
    if (examples.length === 0) continue;
    const [value] = examples;
    chosen.set(subject, typeof value === "string" ? (spelling.get(value) ?? value) : value);
  }
  const trigger = rules[0]?.rule.triggers.find(({ kind }) => kind === event);
  for (const at of moments) {
    const snapshot = draftEvent({
      kind: event,
      at,
      values: chosen,
      actor: actorOf(rules, event),
      changes: changeOf(trigger, chosen),
      calloutName: trigger?.callout,
      counts: countsOf(conjunction),
    });
    if (rules.every(({ rule }) => solveRule(rule, snapshot, ir.zone) !== undefined))
      return { snapshot, chosen };
  }
  return undefined;
}

/** `for organization "Acme"`; names are known folded. */
function organizationOf(rules: readonly Prepared[], event: TriggerKind): readonly [string, string][] {
  const scoped = rules.flatMap(({ rule }) => (rule.organizations === undefined ? [] : [rule.organizations]));
  const [first, ...others] = scoped;
  const name = [...(first ?? [])].find((one) => others.every((scope) => scope.has(one)));
  if (name === undefined) return [];
  return [[event.startsWith("alert") ? "alert.organization.name" : "ticket.organization.name", name]];
}

function actorOf(rules: readonly Prepared[], event: TriggerKind): Actor | undefined {
  if (event.startsWith("alert") || event.startsWith("callout")) return undefined;
  const asked = rules.flatMap(({ rule }) =>
    rule.triggers.flatMap((trigger) => (trigger.kind === event && trigger.by.length > 0 ? [trigger.by] : [])),
  );
  const [first, ...others] = asked;
  const kind = first?.find((one) => others.every((by) => by.includes(one))) ?? "staff";
  return { kind, name: "Example" };
}

function changeOf(trigger: TriggerIr | undefined, chosen: Map<string, FieldValue>): readonly FieldChange[] {
  const change = trigger?.change;
  if (change === undefined) return [];
  const [from] = change.from.flatMap((side) => constantValues(side) ?? []);
  const [asked] = change.to.flatMap((side) => constantValues(side) ?? []);
  const path = `ticket.${change.apiName}`;
  const to = asked ?? chosen.get(path) ?? "x";
  if (!chosen.has(path)) chosen.set(path, to);
  return [{ field: change.apiName, from, to }];
}

function countsOf(conjunction: Conjunction): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { leaf, positive } of conjunction) {
    if (leaf.kind !== "count" || !positive) continue;
    counts.set(leaf.key, Math.max(counts.get(leaf.key) ?? 0, leaf.count + 1));
  }
  return counts;
}

/** Words as the admin wrote them, by folded word. */
function spellings(ir: RuleSetIr, conjunction: Conjunction): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { words } of ir.values.values()) for (const word of words) found.set(foldText(word), word);
  for (const { leaf } of conjunction) {
    if (leaf.kind !== "test") continue;
    for (const value of constantsOf(leaf) ?? [])
      if (typeof value === "string") found.set(foldText(value), value);
  }
  return found;
}

/* ---------- in words ---------- */

/** `alert.source = "Datto RMM", alert.severity = "critical"` */
export function tellEvent({ chosen, snapshot }: Witness): string {
  const told = [...chosen].map(([path, value]) =>
    value === undefined ? `no ${path}` : `${path} = ${tellValue(path, value)}`,
  );
  return told.length === 0 ? `any event \`${snapshot.kind.replaceAll("-", " ")}\`` : told.join(", ");
}

function tellValue(path: string, value: Exclude<FieldValue, undefined>): string {
  if (typeof value === "number" && path.endsWith("_at")) return new Date(value).toISOString();
  if (Array.isArray(value)) return `[${value.map((one) => JSON.stringify(one)).join(", ")}]`;
  return JSON.stringify(value);
}
