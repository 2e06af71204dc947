/**
 * Conjunctions that no access predicate tells apart, since most events satisfy it or there is none: ranges only,
 * negations only, `severity is critical` alone. All are judged together, one bit each, field by field; what survives is
 * verified or told. Knows nothing of the conjunctions that the index reaches.
 *
 *   alive    1111 1111 1111 1111      every conjunction
 *    AND     1101 0111 0110 1111      row of severity's id           (IdColumn)
 *    AND     0101 1111 1110 0011      row of value's rank            (RankColumn)
 *    AND NOT        ^                 bits behind "lab", which stands in the title      (vetoes)
 *   left     0101 0011 0110 0011      in firing order; some have tests left to verify
 *
 * 10,000 conjunctions are 313 words a field: a microsecond where a scan takes a hundred. What is told is paid for.
 */
import { isEmpty } from "../../domain/index.ts";
import { EmptyColumn, IdColumn, RankColumn, wordsFor } from "./bit-columns.ts";
import type { BitRow, IdDemand, RankDemand } from "./bit-columns.ts";
import type { Conjunction, Literal } from "./conjunctions.ts";
import type { EventFields, FieldTable } from "./event-fields.ts";
import { idsOf } from "./form-ids.ts";
import type { Form } from "./atoms.ts";
import type { Spans } from "./spans.ts";

export interface Crowd {
  readonly count: number;
  readonly ids: readonly IdColumn[];
  readonly ranks: readonly RankColumn[];
  readonly empties: readonly EmptyColumn[];
  /** Bits that elements and words of an event clear: spans of this list. */
  readonly vetoes: Int32Array;
}

/** Scratch of the event at hand. */
export class CrowdRun {
  readonly alive: BitRow;
  readonly #scratch: BitRow;
  readonly #crowd: Crowd;

  constructor(crowd: Crowd) {
    this.#crowd = crowd;
    this.alive = new Int32Array(wordsFor(crowd.count));
    this.#scratch = new Int32Array(this.alive.length);
  }

  /** Leaves in `alive` the conjunctions that survive the event. */
  narrow(fields: EventFields, vetoed: Spans): void {
    const { alive } = this;
    const scratch = this.#scratch;
    const { count, ids, ranks, empties, vetoes } = this.#crowd;
    alive.fill(-1);
    if ((count & 31) !== 0) alive[alive.length - 1] = (1 << count) - 1;
    for (const column of ids) column.narrow(alive, fields.ids[column.field] as number, scratch);
    for (const column of ranks) column.narrow(alive, fields.ranks[column.field] as number, scratch);
    for (const column of empties) column.narrow(alive, isEmpty(fields.values[column.field]));
    for (let i = 0; i < vetoed.used; i += 2) {
      const end = vetoed.ends[i + 1] as number;
      for (let at = vetoed.ends[i] as number; at < end; at++) {
        const bit = vetoes[at] as number;
        alive[bit >> 5] = (alive[bit >> 5] as number) & ~(1 << bit);
      }
    }
  }
}

/* ---------- building ---------- */

/** Forms that, when they are met, clear the bit. */
export type Veto = readonly [form: Form, bit: number];

export interface DraftCrowd {
  readonly columns: Omit<Crowd, "vetoes">;
  readonly vetoes: readonly Veto[];
  /** Of each conjunction, what no column judges. */
  readonly rests: readonly Conjunction[];
}

export function draftCrowd(table: FieldTable, conjunctions: readonly Conjunction[]): DraftCrowd {
  const ids = new Map<number, IdDemand[]>();
  const ranks = new Map<number, RankDemand[]>();
  const empties = new Map<number, IdDemand[]>();
  const vetoes: Veto[] = [];
  const rests = conjunctions.map((conjunction, bit) =>
    conjunction.filter((literal) => {
      const { atom, negated } = literal;
      const { test } = atom;
      if (test.kind === "among") return !put(ids, test.field, { bit, ids: idsOf(table, test), negated });
      if (test.kind === "empty") return !put(empties, test.field, { bit, ids: [], negated });
      if (test.kind === "range") {
        const [first, last] = table.at(test.field).ranks.ranksOf(test);
        return !put(ranks, test.field, { bit, first, last, negated });
      }
      const forms = negated ? vetoForms(literal) : undefined;
      for (const form of forms ?? []) vetoes.push([form, bit]);
      if (!negated) narrowOnly(table, literal, bit, ids);
      return forms === undefined;
    }),
  );
  const count = conjunctions.length;
  return {
    columns: {
      count,
      ids: [...ids].map(([field, demands]) => new IdColumn(field, demands, table.at(field).ids.size, count)),
      ranks: [...ranks].map(
        ([field, demands]) => new RankColumn(field, demands, table.at(field).ranks, count),
      ),
      empties: [...empties].map(([field, demands]) => new EmptyColumn(field, demands, count)),
    },
    vetoes,
    rests,
  };
}

/** A column hears one demand of a conjunction; a second one is verified instead. */
function put<Demand extends { readonly bit: number }>(
  columns: Map<number, Demand[]>,
  field: number,
  demand: Demand,
): boolean {
  const demands = columns.get(field);
  if (demands === undefined) columns.set(field, [demand]);
  else if (demands.at(-1)?.bit === demand.bit) return false;
  else demands.push(demand);
  return true;
}

/** What is met just when the test holds: words and elements that the event's texts and lists are looked through for anyway. */
function vetoForms({ atom }: Literal): readonly Form[] | undefined {
  for (const { forms, implies } of atom.access) {
    if (!implies) continue;
    if (
      forms.every(
        ({ kind }) => kind === "element" || kind === "begins" || kind === "ends" || kind === "anywhere",
      )
    ) {
      return forms;
    }
  }
  return undefined;
}

/** Compared exactly, and the like: the folded value narrows, the test is still verified. */
function narrowOnly(table: FieldTable, { atom }: Literal, bit: number, ids: Map<number, IdDemand[]>): void {
  for (const { forms } of atom.access) {
    const [form] = forms;
    if (form?.kind !== "among" || forms.length !== 1) continue;
    put(ids, form.field, { bit, ids: idsOf(table, form), negated: false });
    return;
  }
}
