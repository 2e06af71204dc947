/** Builds the index over the rules of one kind of event: lower, choose, lay out. Knows nothing of how events are read. */
import type { RuleIr } from "../../compiler/index.ts";
import type { TriggerKind } from "../../domain/index.ts";
import { AtomTable } from "./atom-table.ts";
import type { Atom } from "./atoms.ts";
import { chooseAccess } from "./choose-access.ts";
import type { Choice } from "./choose-access.ts";
import { RuleLowering } from "./conjunctions.ts";
import type { Conjunction, Literal } from "./conjunctions.ts";
import { EventFields, FieldTable } from "./event-fields.ts";
import { KindIndex } from "./kind-index.ts";
import { AccessBuilder } from "./access-builder.ts";

export interface BuiltKind {
  readonly index: KindIndex;
  /** Rules whose conjunctions say less than the rule. */
  readonly wider: ReadonlySet<RuleIr>;
  readonly binding: ReadonlySet<RuleIr>;
}

export function buildKindIndex(
  rules: readonly RuleIr[],
  kind: TriggerKind,
  zone: string | undefined,
): BuiltKind | undefined {
  const table = new FieldTable();
  const lowering = new RuleLowering(table);
  const conjunctions: Conjunction[] = [];
  const ruleOf: number[] = [];
  const wider = new Set<RuleIr>();
  const binding = new Set<RuleIr>();
  for (const rule of rules) {
    if (!rule.active) continue;
    for (const trigger of rule.triggers) {
      if (trigger.kind !== kind) continue;
      const lowered = lowering.lower(rule, trigger);
      if (lowered.isWider) wider.add(rule);
      if (lowered.bindsNames) binding.add(rule);
      for (const conjunction of lowered.conjunctions) {
        conjunctions.push(conjunction);
        ruleOf.push(rule.index);
      }
    }
  }
  if (conjunctions.length === 0) return undefined;
  const choices = chooseAccess(table, conjunctions);
  const builder = new AccessBuilder(table);
  for (const [index, choice] of choices.entries()) builder.add(choice, index);
  const fields = new EventFields(table.fields, zone);
  const { access, postings } = builder.build();
  const { restStart, rest, atoms } = layOutRest(conjunctions, choices);
  const index = new KindIndex({
    access,
    postings,
    ruleOf: Int32Array.from(ruleOf),
    restStart,
    rest,
    atoms: new AtomTable(atoms, table, fields),
    fields,
    ruleCount: 1 + ruleOf.reduce((most, rule) => Math.max(most, rule), 0),
  });
  return { index, wider, binding };
}

/** What is left to verify once a conjunction was reached: cheap literals first, those that the access implies not at all. */
function layOutRest(
  conjunctions: readonly Conjunction[],
  choices: readonly Choice[],
): { readonly restStart: Int32Array; readonly rest: Int32Array; readonly atoms: readonly Atom[] } {
  const atoms: Atom[] = [];
  const indexOf = new Map<Atom, number>();
  const restStart = new Int32Array(conjunctions.length + 1);
  const rest: number[] = [];
  for (const [index, conjunction] of conjunctions.entries()) {
    const choice = choices[index] ?? { kind: "always" };
    const left = conjunction.filter((literal) => !isImplied(literal, choice));
    for (const { atom, negated } of left.toSorted((a, b) => costOf(a) - costOf(b))) {
      let at = indexOf.get(atom);
      if (at === undefined) {
        at = atoms.push(atom) - 1;
        indexOf.set(atom, at);
      }
      rest.push((at << 1) | (negated ? 1 : 0));
    }
    restStart[index + 1] = rest.length;
  }
  return { restStart, rest: Int32Array.from(rest), atoms };
}

function isImplied(literal: Literal, choice: Choice): boolean {
  if (choice.kind === "single") return choice.literal === literal && choice.access.implies;
  return choice.kind === "pair" && (choice.first.literal === literal || choice.second.literal === literal);
}

function costOf({ atom }: Literal): number {
  return atom.test.kind === "predicate" ? atom.test.cost : atom.test.kind === "among" ? 0 : 1;
}
