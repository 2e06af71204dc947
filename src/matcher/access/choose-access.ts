/**
 * How each conjunction is found (matching.md 3.3.3): by the access predicate that the fewest events satisfy, two equality
 * fields together where one would still meet many rules. Estimates only; any choice is correct. Knows no events.
 */
import type { Access, Form } from "./atoms.ts";
import type { Conjunction, Literal } from "./conjunctions.ts";
import type { FieldTable } from "./event-fields.ts";
import { PAIR_KEYS_MAX } from "./pair-table.ts";

export type Choice =
  | { readonly kind: "single"; readonly literal: Literal; readonly access: Access }
  | { readonly kind: "pair"; readonly first: AmongLiteral; readonly second: AmongLiteral }
  | { readonly kind: "always" };

export interface AmongLiteral {
  readonly literal: Literal;
  readonly field: number;
  readonly ids: readonly number[];
}

/** Conjunctions behind one value that are still cheaper to verify than a second look-up is. */
const POSTINGS_BEFORE_PAIRING = 4;
/** Entries that one conjunction may take in a table of pairs. */
const PAIRS_PER_CONJUNCTION_MAX = 16;
/** A table of pairs costs one probe an event: it must serve some rules. */
const CONJUNCTIONS_PER_PAIR_TABLE_MIN = 8;

export function chooseAccess(table: FieldTable, conjunctions: readonly Conjunction[]): readonly Choice[] {
  const singles = conjunctions.map((conjunction) => bestSingle(table, conjunction));
  const crowds = countPostings(table, singles);
  const choices = singles.map((single, index): Choice => {
    const pair = pairInstead(table, conjunctions[index] ?? [], single, crowds);
    return pair ?? single;
  });
  const uses = new Map<string, number>();
  for (const choice of choices) {
    if (choice.kind === "pair") uses.set(pairKey(choice), (uses.get(pairKey(choice)) ?? 0) + 1);
  }
  return choices.map((choice, index) =>
    choice.kind === "pair" && (uses.get(pairKey(choice)) ?? 0) < CONJUNCTIONS_PER_PAIR_TABLE_MIN
      ? (singles[index] ?? choice)
      : choice,
  );
}

export function pairKey(pair: Extract<Choice, { kind: "pair" }>): string {
  return `${pair.first.field} ${pair.second.field}`;
}

/** Ids of the values that satisfy an equality form. */
export function idsOf(
  table: FieldTable,
  form: Extract<Form, { kind: "among" | "element" }>,
): readonly number[] {
  const { ids } = table.at(form.field);
  return [...new Set(form.constants.flatMap((constant) => ids.idsEqualTo(constant)))];
}

function bestSingle(table: FieldTable, conjunction: Conjunction): Choice {
  let best: Choice = { kind: "always" };
  let least = 1;
  for (const literal of conjunction) {
    const { atom, negated } = literal;
    for (const access of negated ? atom.negatedAccess : atom.access) {
      const share = access.forms.reduce((sum, form) => sum + shareOfEvents(table, form), 0);
      if (share < least) {
        least = share;
        best = { kind: "single", literal, access };
      }
    }
  }
  return best;
}

/** What part of events passes a literal, guessed likewise: the rest is verified in this order, the strictest first. */
export function shareOf(table: FieldTable, { atom, negated }: Literal): number {
  const { test } = atom;
  const share = test.kind === "among" || test.kind === "range" ? shareOfEvents(table, test) : 0.5;
  return negated ? 1 - share : share;
}

/** What part of events a form meets, guessed from the rules: values that rules name are taken as equally frequent. */
function shareOfEvents(table: FieldTable, form: Form): number {
  switch (form.kind) {
    case "among":
    case "element":
      return idsOf(table, form).length / (table.at(form.field).ids.size + 1);
    case "begins":
    case "ends":
      return form.words.reduce((sum, word) => sum + 0.3 ** Math.min(word.length, 5), 0);
    case "anywhere":
      return form.words.reduce((sum, word) => sum + (word.length >= 4 ? 0.02 : 0.3 ** word.length), 0);
    case "range":
      return Number.isFinite(form.low) && Number.isFinite(form.high) ? 0.3 : 0.5;
    case "present":
      return 0.8;
  }
}

/** How many conjunctions stand behind each value, by field and id. */
function countPostings(table: FieldTable, choices: readonly Choice[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const choice of choices) {
    if (choice.kind !== "single") continue;
    for (const form of choice.access.forms) {
      if (form.kind !== "among") continue;
      for (const id of idsOf(table, form)) {
        const key = `${form.field} ${id}`;
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
    }
  }
  return counts;
}

function pairInstead(
  table: FieldTable,
  conjunction: Conjunction,
  single: Choice,
  crowds: ReadonlyMap<string, number>,
): Choice | undefined {
  if (single.kind !== "single") return undefined;
  const equalities = conjunction.flatMap((literal) => amongLiteral(table, literal));
  const own = equalities.find(({ literal }) => literal === single.literal);
  if (own === undefined) return undefined;
  const crowd = Math.max(...own.ids.map((id) => crowds.get(`${own.field} ${id}`) ?? 0));
  if (crowd <= POSTINGS_BEFORE_PAIRING) return undefined;
  let best: AmongLiteral | undefined;
  let least = 1;
  for (const other of equalities) {
    const size = table.at(other.field).ids.size;
    const share = other.ids.length / (size + 1);
    if (size * table.at(own.field).ids.size > PAIR_KEYS_MAX) continue;
    if (other.field === own.field || own.ids.length * other.ids.length > PAIRS_PER_CONJUNCTION_MAX) continue;
    if (share < least) {
      least = share;
      best = other;
    }
  }
  if (best === undefined) return undefined;
  return own.field < best.field
    ? { kind: "pair", first: own, second: best }
    : { kind: "pair", first: best, second: own };
}

function amongLiteral(table: FieldTable, literal: Literal): readonly AmongLiteral[] {
  const { test } = literal.atom;
  if (literal.negated || test.kind !== "among") return [];
  return [{ literal, field: test.field, ids: idsOf(table, test) }];
}
