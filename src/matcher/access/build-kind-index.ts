/** Builds the index over the rules of one kind of event: lower, choose, lay out. Knows nothing of how events are read. */
import type { RuleIr } from "../../compiler/index.ts";
import type { TriggerKind } from "../../domain/index.ts";
import { AccessBuilder } from "./access-builder.ts";
import { chooseAccess, shareOf } from "./choose-access.ts";
import type { Choice } from "./choose-access.ts";
import { RuleLowering } from "./conjunctions.ts";
import type { Conjunction, Literal } from "./conjunctions.ts";
import { EventFields, FieldTable } from "./event-fields.ts";
import { KindIndex } from "./kind-index.ts";
import { ResidualProgram } from "./residual-program.ts";
import type { ResidualSource } from "./residual-program.ts";

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
  const sources = conjunctions.map((conjunction, at): ResidualSource => ({
    rule: ruleOf[at] ?? 0,
    rest: restOf(table, conjunction, choices[at] ?? { kind: "always" }),
  }));
  const index = layOut(table, choices, sources, zone);
  return { index, wider, binding };
}

function layOut(
  table: FieldTable,
  choices: readonly Choice[],
  sources: readonly ResidualSource[],
  zone: string | undefined,
): KindIndex {
  const builder = new AccessBuilder(table);
  for (const [index, choice] of choices.entries()) builder.add(choice, index);
  for (const { test } of sources.flatMap(({ rest }) => rest.map(({ atom }) => atom))) {
    if (test.kind === "predicate" && test.words !== undefined) {
      builder.addRequiredWords(test.words.field, test.words.words);
    }
  }
  const fields = new EventFields(table.fields, zone);
  const { access, postings } = builder.build();
  const tries = new Map(
    access.words.filter(({ kind }) => kind === "anywhere").map(({ field, trie }) => [field, trie]),
  );
  const program = new ResidualProgram(sources, table, fields, tries);
  return new KindIndex({
    access,
    postings: program.toPostings(postings),
    program,
    fields,
    ruleCount: 1 + sources.reduce((most, { rule }) => Math.max(most, rule), 0),
  });
}

/** What is left to verify once a conjunction was reached: cheap literals first, of these the strictest; implied ones not at all. */
function restOf(table: FieldTable, conjunction: Conjunction, choice: Choice): readonly Literal[] {
  return conjunction
    .filter((literal) => !isImplied(literal, choice))
    .toSorted((a, b) => costOf(a) - costOf(b) || shareOf(table, a) - shareOf(table, b));
}

function isImplied(literal: Literal, choice: Choice): boolean {
  if (choice.kind === "single") return choice.literal === literal && choice.access.implies;
  return choice.kind === "pair" && (choice.first.literal === literal || choice.second.literal === literal);
}

function costOf({ atom }: Literal): number {
  return atom.test.kind === "predicate" ? atom.test.cost : atom.test.kind === "empty" ? 1 : 0;
}
