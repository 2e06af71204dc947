/**
 * A rule as analysis sees it: for each of its events the alternatives under which it matches, what each asks of which
 * subject, and the few values that a subject can then have. Knows no diagnostic.
 */
import type { RuleIr, RuleSetIr } from "../compiler/index.ts";
import { foldName } from "../domain/index.ts";
import type { FieldValue, TriggerKind } from "../domain/index.ts";
import { bySubject, satisfy } from "./contradiction.ts";
import { alternativesOfRule, readsBinding } from "./literals.ts";
import type { Conjunction, Literal } from "./literals.ts";
import { factsOf } from "./trigger-facts.ts";

export interface Alternative {
  readonly conjunction: Conjunction;
  readonly groups: ReadonlyMap<string, readonly Literal[]>;
  /** Subjects that can have one of these values only. */
  readonly finite: ReadonlyMap<string, readonly FieldValue[]>;
  readonly examples: ReadonlyMap<string, readonly FieldValue[]>;
}

export interface Prepared {
  readonly rule: RuleIr;
  /** Alternatives that are not proven impossible; an event that has none never fires the rule. */
  readonly byEvent: ReadonlyMap<TriggerKind, readonly Alternative[]>;
  /** Why each impossible alternative is so. */
  readonly conflicts: readonly (readonly Literal[])[];
  /** Bound names make alternatives more than what really matches; then nothing may be proven from a match. */
  readonly exact: boolean;
}

export interface PreparedSet {
  readonly ir: RuleSetIr;
  /** Active rules in firing order. Rules with more alternatives than are looked at are left out. */
  readonly rules: readonly Prepared[];
  /** How many were left out. */
  readonly givenUp: number;
}

export function prepare(ir: RuleSetIr): PreparedSet {
  const active = ir.rules.filter((rule) => rule.active);
  const rules = active.map(prepareRule).filter((rule) => rule !== undefined);
  return { ir, rules, givenUp: active.length - rules.length };
}

export function neverFires(prepared: Prepared): boolean {
  return [...prepared.byEvent.values()].every((alternatives) => alternatives.length === 0);
}

function prepareRule(rule: RuleIr): Prepared | undefined {
  const conjunctions = alternativesOfRule(rule);
  if (conjunctions === undefined) return undefined;
  const byEvent = new Map<TriggerKind, readonly Alternative[]>();
  const conflicts: (readonly Literal[])[] = [];
  for (const { kind } of rule.triggers) {
    if (byEvent.has(kind)) continue;
    const alternatives: Alternative[] = [];
    const events = factsOf(rule, kind);
    for (const conjunction of conjunctions) {
      const satisfied = satisfy(conjunction, kind);
      const refused =
        satisfied.kind === "impossible" ? satisfied.conflict : refusedByAll(events, conjunction, kind);
      if (refused !== undefined) conflicts.push(refused);
      else if (satisfied.kind === "possible") {
        const { finite, examples } = satisfied;
        const outOfScope = organizationConflict(rule, conjunction, finite);
        if (outOfScope !== undefined) conflicts.push(outOfScope);
        else alternatives.push({ conjunction, groups: bySubject(conjunction), finite, examples });
      }
    }
    byEvent.set(kind, alternatives);
  }
  return { rule, byEvent, conflicts, exact: !conjunctions.some((literals) => literals.some(readsBinding)) };
}

/** Why no event of this kind that the rule names can go with the conditions; undefined when one may. */
function refusedByAll(
  events: readonly Conjunction[],
  conjunction: Conjunction,
  kind: TriggerKind,
): readonly Literal[] | undefined {
  let conflict: readonly Literal[] | undefined;
  for (const facts of events) {
    const satisfied = facts.length === 0 ? undefined : satisfy([...facts, ...conjunction], kind);
    if (satisfied?.kind !== "impossible") return undefined;
    conflict ??= satisfied.conflict;
  }
  return conflict;
}

/** `for organization "A"` beside a test that asks for another. */
function organizationConflict(
  { organizations }: RuleIr,
  conjunction: Conjunction,
  finite: ReadonlyMap<string, readonly FieldValue[]>,
): readonly Literal[] | undefined {
  const subject = "alert.organization.name";
  const names = finite.get(subject);
  if (organizations === undefined || names === undefined) return undefined;
  if (names.some((name) => organizations.has(foldName(String(name))))) return undefined;
  return conjunction.filter((literal) => literal.subject === subject && literal.positive);
}
