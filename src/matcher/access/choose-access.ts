/**
 * How each conjunction is found (matching.md 3.3.3): by the access predicate that the fewest events satisfy, two equality
 * fields together where one would still meet many rules, in the crowd where even that would meet a good part of all
 * events. Estimates only; any choice is correct. Knows no events.
 */
import type { Access, Form } from "./atoms.ts";
import type { Conjunction, Literal } from "./conjunctions.ts";
import type { FieldTable } from "./event-fields.ts";
import { idsOf } from "./form-ids.ts";
import { PAIR_KEYS_MAX } from "./pair-table.ts";

export type Choice =
  | { readonly kind: "single"; readonly literal: Literal; readonly access: Access }
  | { readonly kind: "pair"; readonly first: AmongLiteral; readonly second: AmongLiteral }
  | { readonly kind: "crowd" };

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
/**
 * Part of all events above which verifying a conjunction costs more than its bit in the columns of the crowd: a
 * verification costs as much as some twenty to forty bits.
 */
const CROWD_SHARE = 0.06;

interface Single {
  readonly literal: Literal;
  readonly access: Access;
  readonly share: number;
}

interface Pair {
  readonly choice: Extract<Choice, { kind: "pair" }>;
  readonly share: number;
}

export function chooseAccess(table: FieldTable, conjunctions: readonly Conjunction[]): readonly Choice[] {
  const singles = conjunctions.map((conjunction) => bestSingle(table, conjunction));
  const crowds = new Crowds(table, singles);
  const pairs = conjunctions.map((conjunction, index) =>
    pairInstead(table, conjunction, singles[index], crowds),
  );
  const uses = new Map<number, number>();
  for (const pair of pairs) {
    if (pair !== undefined) uses.set(pairKey(pair.choice), (uses.get(pairKey(pair.choice)) ?? 0) + 1);
  }
  return conjunctions.map((_, index): Choice => {
    const single = singles[index];
    const pair = pairs[index];
    const isPaired =
      pair !== undefined && (uses.get(pairKey(pair.choice)) ?? 0) >= CONJUNCTIONS_PER_PAIR_TABLE_MIN;
    if (isPaired) return pair.share > CROWD_SHARE ? { kind: "crowd" } : pair.choice;
    if (single === undefined || single.share > CROWD_SHARE) return { kind: "crowd" };
    return { kind: "single", literal: single.literal, access: single.access };
  });
}

/** Fields are few: fewer than a rule set has paths. */
export function pairKey({ first, second }: Extract<Choice, { kind: "pair" }>): number {
  return first.field * 65_536 + second.field;
}

function bestSingle(table: FieldTable, conjunction: Conjunction): Single | undefined {
  let best: Single | undefined;
  for (const literal of conjunction) {
    const { atom, negated } = literal;
    if (negated) continue;
    for (const access of atom.access) {
      let share = 0;
      for (const form of access.forms) share += shareOfEvents(table, form);
      if (best === undefined || share < best.share) best = { literal, access, share };
    }
  }
  return best;
}

/** What part of events passes a literal, guessed likewise: the rest is verified in this order, the strictest first. */
export function shareOf(table: FieldTable, { atom, negated }: Literal): number {
  const { test } = atom;
  const share =
    test.kind === "range"
      ? Number.isFinite(test.low) && Number.isFinite(test.high)
        ? 0.3
        : 0.5
      : test.kind === "among"
        ? shareOfEvents(table, test)
        : 0.5;
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
  }
}

/** How many conjunctions stand behind each value of a field. */
class Crowds {
  readonly #byField: Int32Array[];

  constructor(table: FieldTable, singles: readonly (Single | undefined)[]) {
    this.#byField = table.fields.map(({ ids }) => new Int32Array(ids.size));
    for (const single of singles) {
      for (const form of single?.access.forms ?? []) {
        const counts = form.kind === "among" ? this.#byField[form.field] : undefined;
        if (form.kind !== "among" || counts === undefined) continue;
        for (const id of idsOf(table, form)) counts[id] = (counts[id] ?? 0) + 1;
      }
    }
  }

  largest({ field, ids }: AmongLiteral): number {
    const counts = this.#byField[field];
    return ids.reduce((most, id) => Math.max(most, counts?.[id] ?? 0), 0);
  }
}

function pairInstead(
  table: FieldTable,
  conjunction: Conjunction,
  single: Single | undefined,
  crowds: Crowds,
): Pair | undefined {
  if (single === undefined || single.literal.atom.test.kind !== "among") return undefined;
  const own = amongLiteral(table, single.literal);
  if (own === undefined || crowds.largest(own) <= POSTINGS_BEFORE_PAIRING) return undefined;
  let best: AmongLiteral | undefined;
  let least = 1;
  for (const literal of conjunction) {
    const other = amongLiteral(table, literal);
    if (other === undefined || other.field === own.field) continue;
    const size = table.at(other.field).ids.size;
    if (size * table.at(own.field).ids.size > PAIR_KEYS_MAX) continue;
    if (own.ids.length * other.ids.length > PAIRS_PER_CONJUNCTION_MAX) continue;
    const share = other.ids.length / (size + 1);
    if (share >= least) continue;
    least = share;
    best = other;
  }
  if (best === undefined) return undefined;
  const [first, second] = own.field < best.field ? [own, best] : [best, own];
  return { choice: { kind: "pair", first, second }, share: least * single.share };
}

function amongLiteral(table: FieldTable, literal: Literal): AmongLiteral | undefined {
  const { test } = literal.atom;
  if (literal.negated || test.kind !== "among") return undefined;
  return { literal, field: test.field, ids: idsOf(table, test) };
}
