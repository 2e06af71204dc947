/**
 * What is left to verify when a conjunction was reached, as one flat program: everything about a candidate lies side
 * by side, since each jump to another array is a cache line more. Knows nothing of how candidates are reached.
 *
 *   postings  [ offset head operand | offset head operand | ... ]     the first literal stands in the posting: most
 *                |                                                    candidates fall there, without a further jump
 *   code  [ ... | rule | n | head operand | head operand | ... ]      n further literals
 *
 *   head     field << 4 | kind << 1 | negated
 *            TRUE when a posting has nothing to verify
 *   operand  ONE: the id; SET: row of `sets` (sets[row][id] is 1 when in it); RANGE: place in `lows` and `highs`;
 *            WORDS, ASK: place in `asks`, remembered for the event in memo[place] = epoch * 2 + result
 *
 * The memo is never cleared: the next event has another epoch.
 */
import { isEmpty } from "../../domain/index.ts";
import { isList } from "../compare.ts";
import type { Atom } from "./atoms.ts";
import { idsOf } from "./choose-access.ts";
import type { Literal } from "./conjunctions.ts";
import type { DenseTrie } from "./dense-trie.ts";
import type { EventFields, FieldTable } from "./event-fields.ts";

const ONE = 0;
const SET = 1;
const RANGE = 2;
const EMPTY = 3;
const WORDS = 4;
const ASK = 5;
const TRUE = 6;

/** Words of a posting. */
export const POSTING_STRIDE = 3;

/** A question that costs: asked once an event. */
interface Ask {
  readonly holds: (event: EventFields) => boolean;
  /** WORDS: one of these states of the field's automaton must have been passed. */
  readonly trie: DenseTrie | undefined;
  readonly states: readonly number[];
  /** WORDS: passed is all that was asked. */
  readonly isSure: boolean;
}

export interface ResidualSource {
  readonly rule: number;
  readonly rest: readonly Literal[];
}

export class ResidualProgram {
  readonly #code: Int32Array;
  readonly #event: EventFields;
  readonly #ids: Int32Array;
  readonly #numbers: Float64Array;
  readonly #sets: Uint8Array[] = [];
  readonly #lows: number[] = [];
  readonly #highs: number[] = [];
  readonly #asks: Ask[] = [];
  readonly #memo: Float64Array;
  readonly #known = new Map<Atom, readonly [number, number]>();
  readonly #tries: ReadonlyMap<number, DenseTrie>;
  /** Of each conjunction, in the order of the sources: offset, head and operand. */
  readonly #entries: readonly (readonly [number, number, number])[];

  /** `tries`: the automaton over the words anywhere in a field, by field. */
  constructor(
    sources: readonly ResidualSource[],
    table: FieldTable,
    event: EventFields,
    tries: ReadonlyMap<number, DenseTrie>,
  ) {
    this.#event = event;
    this.#ids = event.ids;
    this.#numbers = event.numbers;
    this.#tries = tries;
    const code: number[] = [];
    this.#entries = sources.map(({ rule, rest }) => {
      const [first, ...others] = rest.map(({ atom, negated }) => {
        const [head, operand] = this.#encode(atom, table);
        return [head | (negated ? 1 : 0), operand] as const;
      });
      const offset = code.push(rule, others.length) - 2;
      code.push(...others.flat());
      return [offset, ...(first ?? ([TRUE << 1, 0] as const))];
    });
    this.#code = Int32Array.from(code);
    this.#memo = new Float64Array(this.#asks.length);
    this.#known.clear();
  }

  #encode(atom: Atom, table: FieldTable): readonly [number, number] {
    let encoded = this.#known.get(atom);
    if (encoded === undefined) this.#known.set(atom, (encoded = this.#encodeNew(atom, table)));
    return encoded;
  }

  #encodeNew({ test }: Atom, table: FieldTable): readonly [number, number] {
    const head = (kind: number, field: number): number => (field << 4) | (kind << 1);
    switch (test.kind) {
      case "among": {
        const ids = idsOf(table, test);
        const [only] = ids;
        if (ids.length === 1 && only !== undefined) return [head(ONE, test.field), only];
        const set = new Uint8Array(table.at(test.field).ids.size);
        for (const id of ids) set[id] = 1;
        return [head(SET, test.field), this.#sets.push(set) - 1];
      }
      case "range":
        this.#highs.push(test.high);
        return [head(RANGE, test.field), this.#lows.push(test.low) - 1];
      case "empty":
        return [head(EMPTY, test.field), 0];
      case "predicate": {
        const { holds, words } = test;
        const trie = words === undefined ? undefined : this.#tries.get(words.field);
        const states = trie === undefined ? [] : (words?.words.map((word) => trie.stateOf(word)) ?? []);
        const ask: Ask = { holds, trie, states, isSure: words?.isSure ?? false };
        return [head(trie === undefined ? ASK : WORDS, words?.field ?? 0), this.#asks.push(ask) - 1];
      }
    }
  }

  /** Postings of conjunctions as this program reads them, `POSTING_STRIDE` words each. */
  toPostings(conjunctions: readonly number[]): Int32Array {
    return Int32Array.from(conjunctions.flatMap((conjunction) => this.#entries[conjunction] ?? []));
  }

  /** The rule of the posting at the place when all that is left of it holds, else -1. */
  ruleAt(postings: Int32Array, place: number): number {
    const first = postings[place + 1] as number;
    if (this.#holds(first, postings[place + 2] as number) === ((first & 1) === 1)) return -1;
    const code = this.#code;
    const offset = postings[place] as number;
    const end = offset + 2 + 2 * (code[offset + 1] as number);
    for (let at = offset + 2; at < end; at += 2) {
      const head = code[at] as number;
      if (this.#holds(head, code[at + 1] as number) === ((head & 1) === 1)) return -1;
    }
    return code[offset] as number;
  }

  #holds(head: number, operand: number): boolean {
    const field = head >> 4;
    switch ((head >> 1) & 7) {
      case ONE:
        return this.#ids[field] === operand;
      case SET:
        return (this.#sets[operand] as Uint8Array)[this.#ids[field] as number] === 1;
      case RANGE: {
        const value = this.#numbers[field] as number;
        return value >= (this.#lows[operand] as number) && value <= (this.#highs[operand] as number);
      }
      case EMPTY:
        return isEmpty(this.#event.values[field]);
      case WORDS:
        return this.#holdsWords(field, operand);
      case ASK:
        return this.#ask(operand);
      default:
        return true;
    }
  }

  /** The automaton has read the text of the field already; a list it has not. */
  #holdsWords(field: number, operand: number): boolean {
    if (isList(this.#event.values[field])) return this.#ask(operand);
    const { trie, states, isSure } = this.#asks[operand] as Ask;
    if (trie === undefined) return this.#ask(operand);
    for (const state of states) {
      if (trie.hasPassed(state, this.#event.epoch)) return isSure || this.#ask(operand);
    }
    return false;
  }

  #ask(operand: number): boolean {
    const epoch = this.#event.epoch;
    const known = (this.#memo[operand] as number) - epoch * 2;
    if (known === 0 || known === 1) return known === 1;
    const result = (this.#asks[operand] as Ask).holds(this.#event);
    this.#memo[operand] = epoch * 2 + (result ? 1 : 0);
    return result;
  }
}
