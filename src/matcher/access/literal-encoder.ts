/**
 * Atoms as the words of `ResidualProgram`: a head that says what is asked of which field, and two operands. Knows nothing
 * of candidates or events.
 *
 *   head   field << 5 | kind << 2 | once << 1 | negated        once: the rule is reached in this one way
 *   a b    MASK  the ids of a small field, one bit each: ids 0 to 31, 32 to 63
 *          ONE   the id
 *          SET   place in `bits` of one bit an id
 *          LIST  ascending ids, from place a of `bits` to b: few of very many
 *          RANK  first and last rank
 *          WORD  number of a word of the field's automaton; what else to ask << 1 | the word is all that was asked
 *          ASK   place in `asks`
 */
import { isList } from "../compare.ts";
import type { Atom, AtomTest, RequiredWords } from "./atoms.ts";
import type { Literal } from "./conjunctions.ts";
import type { EventFields, FieldTable } from "./event-fields.ts";
import { idsOf } from "./form-ids.ts";
import type { WordAutomaton } from "./word-automaton.ts";

export const MASK = 0;
export const ONE = 1;
export const SET = 2;
export const LIST = 3;
export const RANK = 4;
export const EMPTY = 5;
export const WORD = 6;
export const ASK = 7;

export const ONCE = 2;

/** The automaton that reads a field, and the number of each of its words. */
export interface FieldWords {
  readonly automaton: WordAutomaton;
  readonly numbers: ReadonlyMap<string, number>;
}

/** A question that costs: asked once an event. */
export type Ask = (event: EventFields) => boolean;

export type Encoded = readonly [head: number, a: number, b: number];

export const NOTHING_LEFT: Encoded = [MASK << 2, -1, -1];

/** Each atom once. */
export class LiteralEncoder {
  readonly bits: number[] = [];
  readonly asks: Ask[] = [];
  readonly #table: FieldTable;
  readonly #words: ReadonlyMap<number, FieldWords>;
  readonly #known = new Map<Atom, Encoded>();

  constructor(table: FieldTable, words: ReadonlyMap<number, FieldWords>) {
    this.#table = table;
    this.#words = words;
  }

  encode({ atom, negated }: Literal): Encoded {
    let encoded = this.#known.get(atom);
    if (encoded === undefined) this.#known.set(atom, (encoded = this.#encodeNew(atom.test)));
    return negated ? [encoded[0] | 1, encoded[1], encoded[2]] : encoded;
  }

  #encodeNew(test: AtomTest): Encoded {
    const head = (kind: number, field: number): number => (field << 5) | (kind << 2);
    switch (test.kind) {
      case "among":
        return this.#encodeAmong(test);
      case "range": {
        const [first, last] = this.#table.at(test.field).ranks.ranksOf(test);
        return [head(RANK, test.field), first, last];
      }
      case "empty":
        return [head(EMPTY, test.field), 0, 0];
      case "predicate":
        return test.words === undefined
          ? [head(ASK, 0), this.asks.push(test.holds) - 1, 0]
          : this.#encodeWords(test.words, test.holds);
    }
  }

  /** Where an automaton reads the text anyway, it is asked before anything else is. */
  #encodeWords({ field, words, isSure }: RequiredWords, holds: Ask): Encoded {
    const own = this.#words.get(field);
    const numbers = words.map((word) => own?.numbers.get(word) ?? -1);
    const [only] = numbers;
    if (own === undefined || only === undefined || numbers.includes(-1)) {
      return [(field << 5) | (ASK << 2), this.asks.push(holds) - 1, 0];
    }
    if (numbers.length === 1) {
      return [(field << 5) | (WORD << 2), only, ((this.asks.push(holds) - 1) << 1) | (isSure ? 1 : 0)];
    }
    const { automaton } = own;
    const ask: Ask = (event) => {
      if (isList(event.values[field])) return holds(event);
      return numbers.some((word) => automaton.hasMet(word)) && (isSure || holds(event));
    };
    return [(field << 5) | (ASK << 2), this.asks.push(ask) - 1, 0];
  }

  #encodeAmong(test: Extract<AtomTest, { kind: "among" }>): Encoded {
    const ids = idsOf(this.#table, test);
    const head = (kind: number): number => (test.field << 5) | (kind << 2);
    const { size } = this.#table.at(test.field).ids;
    if (size <= 64) {
      const half = (from: number): number =>
        ids.reduce((mask, id) => (id >= from && id < from + 32 ? mask | (1 << id) : mask), 0);
      return [head(MASK), half(0), half(32)];
    }
    const [only] = ids;
    if (ids.length === 1 && only !== undefined) return [head(ONE), only, 0];
    const place = this.bits.length;
    const units = (size + 31) >> 5;
    if (units > 2 * ids.length + 8) {
      for (const id of ids.toSorted((a, b) => a - b)) this.bits.push(id);
      return [head(LIST), place, this.bits.length];
    }
    const set = new Int32Array(units);
    for (const id of ids) set[id >> 5] = (set[id >> 5] as number) | (1 << id);
    for (const unit of set) this.bits.push(unit);
    return [head(SET), place, 0];
  }
}
