/**
 * Tests as the index verifies and finds them: an atom says how it is verified for a loaded event and by which access
 * predicates a rule that needs it may be found. Knows nothing of conjunctions or rules.
 */
import type { RuleIr, TriggerIr } from "../../compiler/index.ts";
import { exactText } from "../../domain/index.ts";
import type { Scalar } from "../compare.ts";
import { findChange, isForRule, organizationInScope, triggerHolds } from "../evaluate-condition.ts";
import type { EventFields, FieldTable } from "./event-fields.ts";
import type { Interval } from "./numeric-ranks.ts";

/** How an atom is verified. */
export type AtomTest =
  /** The field's id is one of the constants' ids. */
  | { readonly kind: "among"; readonly field: number; readonly constants: readonly Scalar[] }
  | ({ readonly kind: "range"; readonly field: number } & Interval)
  | { readonly kind: "empty"; readonly field: number }
  /** Anything else; remembered for the event, so that rules that share it ask once. Higher costs are asked later. */
  | {
      readonly kind: "predicate";
      readonly cost: number;
      readonly holds: (event: EventFields) => boolean;
      readonly words: RequiredWords | undefined;
    };

/** One of the words stands in the field's text, unless it is a list; `isSure`: that is all that is asked. */
export interface RequiredWords {
  readonly field: number;
  readonly words: readonly string[];
  readonly isSure: boolean;
}

/** One way into the index. `element`: of a list. Words are folded. */
export type Form =
  | { readonly kind: "among" | "element"; readonly field: number; readonly constants: readonly Scalar[] }
  | {
      readonly kind: "begins" | "ends" | "anywhere";
      readonly field: number;
      readonly words: readonly string[];
    };

export interface Access {
  /** A rule that needs the atom is reached by at least one of these whenever the atom holds. */
  readonly forms: readonly Form[];
  /** Reached by them, the atom surely holds: nothing is left to verify. */
  readonly implies: boolean;
}

export interface Atom {
  readonly test: AtomTest;
  readonly access: readonly Access[];
}

export const COST = { text: 2, tree: 4, regex: 8 } as const;

export function predicateAtom(
  cost: number,
  holds: (event: EventFields) => boolean,
  access: readonly Access[] = [],
  words?: RequiredWords,
): Atom {
  return { test: { kind: "predicate", cost, holds, words }, access };
}

export function amongAtom(table: FieldTable, field: number, constants: readonly Scalar[]): Atom {
  const indexed = table.at(field);
  indexed.needsId = true;
  for (const constant of constants) indexed.ids.add(constant);
  const test = { kind: "among", field, constants } as const;
  return { test, access: [{ forms: [test], implies: true }] };
}

export function rangeAtom(table: FieldTable, field: number, interval: Interval): Atom {
  const indexed = table.at(field);
  indexed.needsRank = true;
  indexed.ranks.add(interval);
  return { test: { kind: "range", field, ...interval }, access: [] };
}

export function emptyAtom(field: number): Atom {
  return { test: { kind: "empty", field }, access: [] };
}

export function elementForm(table: FieldTable, field: number, constants: readonly Scalar[]): Form {
  for (const constant of constants) table.at(field).ids.add(constant);
  return { kind: "element", field, constants };
}

/* ---------- what stands around the condition ---------- */

/** `for organization`: the event's customer, else its ticket's. */
export function scopeAtom(table: FieldTable, rule: RuleIr): Atom | undefined {
  if (rule.organizations === undefined) return undefined;
  const field = table.indexOf("(organization)", (snapshot) => {
    const name = organizationInScope(snapshot);
    return name === undefined ? undefined : exactText(name);
  });
  return amongAtom(table, field, [...rule.organizations]);
}

/** Stands for every rule: no rule is named with a control character. */
const ANY_RULE = "\u0000";

/** Time has come for one rule (`Snapshot.dueRule`); a snapshot that names none is for all of the kind. */
export function dueRuleAtom(table: FieldTable, rule: RuleIr): Atom {
  const field = table.indexOf("(due rule)", (snapshot) => snapshot.dueRule ?? ANY_RULE);
  const forms = amongAtom(table, field, [rule.name, ANY_RULE]).access[0]?.forms ?? [];
  return predicateAtom(COST.text, ({ context }) => isForRule(rule, context.snapshot), [
    { forms, implies: false },
  ]);
}

/** Who, which callout, which field: beside the event's kind, which has an index of its own. */
export function triggerAtoms(table: FieldTable, trigger: TriggerIr): readonly Atom[] {
  const atoms: Atom[] = [];
  if (trigger.by.length > 0) {
    const field = table.indexOf("(actor)", (snapshot) => snapshot.actor?.kind);
    atoms.push(amongAtom(table, field, trigger.by));
  }
  const { callout, change } = trigger;
  if (callout !== undefined) {
    const field = table.indexOf("(callout)", (snapshot) =>
      snapshot.callout === undefined ? undefined : exactText(snapshot.callout.name),
    );
    const found = amongAtom(table, field, [exactText(callout)]).access[0]?.forms ?? [];
    const holds = (event: EventFields): boolean =>
      triggerHolds({ ...trigger, by: [], change: undefined }, event.context);
    atoms.push(predicateAtom(COST.tree, holds, [{ forms: found, implies: false }]));
  }
  if (change !== undefined) atoms.push(changeAtom(table, change));
  return atoms;
}

export function changeAtom(table: FieldTable, change: NonNullable<TriggerIr["change"]>): Atom {
  const field = table.indexOf("(changes)", (snapshot) => snapshot.changes.map((one) => one.field));
  const form = elementForm(table, field, [change.apiName]);
  return predicateAtom(COST.tree, (event) => findChange(change, event.context) !== undefined, [
    { forms: [form], implies: false },
  ]);
}
