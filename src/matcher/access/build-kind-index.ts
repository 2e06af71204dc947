/** Builds the index over the rules of one kind of event: lower, choose, lay out. Knows nothing of how events are read. */
import type { RuleIr } from "../../compiler/index.ts";
import type { TriggerKind } from "../../domain/index.ts";
import { AccessBuilder } from "./access-builder.ts";
import { chooseAccess, shareOf } from "./choose-access.ts";
import type { Choice } from "./choose-access.ts";
import { RuleLowering } from "./conjunctions.ts";
import type { Conjunction, Literal } from "./conjunctions.ts";
import { setBit, wordsFor } from "./bit-columns.ts";
import { draftCrowd } from "./crowd.ts";
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

/** One conjunction of one rule. */
interface Member {
  readonly rule: number;
  /** The rule has no other. */
  readonly isOnly: boolean;
  readonly conjunction: Conjunction;
}

export function buildKindIndex(
  rules: readonly RuleIr[],
  kind: TriggerKind,
  zone: string | undefined,
): BuiltKind | undefined {
  const table = new FieldTable();
  const lowering = new RuleLowering(table);
  const members: Member[] = [];
  const wider = new Set<RuleIr>();
  const binding = new Set<RuleIr>();
  for (const rule of rules) {
    if (!rule.active) continue;
    const own: Conjunction[] = [];
    for (const trigger of rule.triggers) {
      if (trigger.kind !== kind) continue;
      const lowered = lowering.lower(rule, trigger);
      if (lowered.isWider) wider.add(rule);
      if (lowered.bindsNames) binding.add(rule);
      own.push(...lowered.conjunctions);
    }
    for (const conjunction of own) members.push({ rule: rule.index, isOnly: own.length === 1, conjunction });
  }
  if (members.length === 0) return undefined;
  for (const { ranks } of table.fields) ranks.settle();
  return { index: layOut(table, members, zone), wider, binding };
}

function layOut(table: FieldTable, members: readonly Member[], zone: string | undefined): KindIndex {
  const choices = chooseAccess(
    table,
    members.map(({ conjunction }) => conjunction),
  );
  const builder = new AccessBuilder(table);
  const sources: ResidualSource[] = [];
  const crowded: Member[] = [];
  for (const [index, member] of members.entries()) {
    const choice = choices[index];
    if (choice === undefined || choice.kind === "crowd") {
      crowded.push(member);
      continue;
    }
    builder.add(choice, sources.length);
    const { rule, isOnly, conjunction } = member;
    sources.push({
      rule,
      isOnly: isOnly && reachedOnce(choice),
      rest: ordered(
        table,
        conjunction.filter((literal) => !isImplied(literal, choice)),
      ),
    });
  }
  const crowd = draftCrowd(
    table,
    crowded.map(({ conjunction }) => conjunction),
  );
  const firstOfCrowd = sources.length;
  for (const [bit, { rule, isOnly }] of crowded.entries()) {
    sources.push({ rule, isOnly, rest: ordered(table, crowd.rests[bit] ?? []) });
  }
  for (const veto of crowd.vetoes) builder.addVeto(veto);
  for (const { rest } of sources) {
    for (const { atom } of rest) {
      if (atom.test.kind !== "predicate" || atom.test.words === undefined) continue;
      builder.addRequiredWords(atom.test.words.field, atom.test.words.words);
    }
  }
  const fields = new EventFields(table.fields, zone);
  const { access, postings, vetoes, words } = builder.build();
  const program = new ResidualProgram(sources, table, fields, words);
  return new KindIndex({
    access,
    postings: program.toPostings(postings),
    crowd: { ...crowd.columns, vetoes },
    crowdPostings: program.toPostings(crowded.map((_, bit) => firstOfCrowd + bit)),
    crowdRules: Int32Array.from(crowded, ({ rule }) => rule),
    crowdSure: sureBits(sources.slice(firstOfCrowd)),
    program,
    fields,
  });
}

function sureBits(sources: readonly ResidualSource[]): Int32Array {
  const row = new Int32Array(wordsFor(sources.length));
  for (const [bit, { rest, isOnly }] of sources.entries()) setBit(row, bit, isOnly && rest.length === 0);
  return row;
}

/** An event has one value of a field, but may hold several words and elements. */
function reachedOnce(choice: Exclude<Choice, { kind: "crowd" }>): boolean {
  if (choice.kind === "pair") return true;
  const [form, another] = choice.access.forms;
  if (another !== undefined || form === undefined) return false;
  return form.kind === "among" || ("words" in form && form.words.length === 1);
}

/** Cheap literals first, of these the strictest. */
function ordered(table: FieldTable, rest: Conjunction): Conjunction {
  if (rest.length < 2) return rest;
  return rest.toSorted((a, b) => costOf(a) - costOf(b) || shareOf(table, a) - shareOf(table, b));
}

/** Reached so, the literal surely holds: nothing is left to verify. */
function isImplied(literal: Literal, choice: Exclude<Choice, { kind: "crowd" }>): boolean {
  if (choice.kind === "single") return choice.literal === literal && choice.access.implies;
  return choice.first.literal === literal || choice.second.literal === literal;
}

function costOf({ atom }: Literal): number {
  return atom.test.kind === "predicate" ? atom.test.cost : atom.test.kind === "empty" ? 1 : 0;
}
