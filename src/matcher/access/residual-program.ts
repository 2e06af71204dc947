/**
 * What is left to verify when a conjunction was reached, as one flat program: everything about a candidate lies side
 * by side, since each jump to another array is a cache line more. Knows nothing of how candidates are reached.
 *
 *   postings  [ target head a b | target head a b | ... ]      16 bytes each, four to a cache line. The first literal
 *                  |                                           stands in the posting: most candidates fall there
 *                  +--> code  [ ... | n << 1 | once | rule | head a b | head a b | ... ]      n further literals
 *                  +--> ~rule, when there are none                                            no further jump
 *
 *   memo   [ask] = epoch * 2 + result           never cleared: the next event has another epoch
 *   seen   [rule] = epoch                       a rule found by two of its alternatives is told once
 *
 * Two passes: all first literals, then what is left of those that passed. Between them every place of `code` that will
 * be read is touched, so that the memory behind them is fetched at one time instead of one after the other.
 */
import { isEmpty } from "../../domain/index.ts";
import { isList } from "../compare.ts";
import type { Literal } from "./conjunctions.ts";
import type { EventFields, FieldTable } from "./event-fields.ts";
import {
  EMPTY,
  LIST,
  LiteralEncoder,
  MASK,
  NOTHING_LEFT,
  ONCE,
  ONE,
  RANK,
  SET,
  WORD,
} from "./literal-encoder.ts";
import type { Ask, FieldWords } from "./literal-encoder.ts";
import type { Spans } from "./spans.ts";
import type { WordAutomaton } from "./word-automaton.ts";

/** Words of a posting. */
export const POSTING_STRIDE = 4;

export interface ResidualSource {
  readonly rule: number;
  /** The rule has this conjunction only, and one posting reaches it. */
  readonly isOnly: boolean;
  readonly rest: readonly Literal[];
}

export class ResidualProgram {
  readonly #code: Int32Array;
  readonly #event: EventFields;
  readonly #ids: Int32Array;
  readonly #ranks: Int32Array;
  readonly #automata: readonly (WordAutomaton | undefined)[];
  readonly #bits: Int32Array;
  readonly #asks: readonly Ask[];
  readonly #memo: Float64Array;
  readonly #seen: Float64Array;
  /** Of each conjunction, in the order of the sources: what stands in its postings. */
  readonly #entries: Int32Array;
  /** Targets of candidates whose first literal held. */
  #pending = new Int32Array(64);
  #pendingCount = 0;
  /** Rules that hold for the event, `foundCount` of them. */
  readonly found: Int32Array;
  foundCount = 0;
  /** Read by nobody: what is written here keeps the touching from being optimised away. */
  touched = 0;

  /** `words`: the automaton over the words anywhere in a field, by field. */
  constructor(
    sources: readonly ResidualSource[],
    table: FieldTable,
    event: EventFields,
    words: ReadonlyMap<number, FieldWords>,
  ) {
    this.#event = event;
    this.#ids = event.ids;
    this.#ranks = event.ranks;
    this.#automata = table.fields.map((_, field) => words.get(field)?.automaton);
    const encoder = new LiteralEncoder(table, words);
    const code: number[] = [];
    const entries = new Int32Array(sources.length * POSTING_STRIDE);
    for (const [index, { rule, rest, isOnly }] of sources.entries()) {
      const encoded = rest.map((literal) => encoder.encode(literal));
      const [head, a, b] = encoded[0] ?? NOTHING_LEFT;
      const once = isOnly ? 1 : 0;
      const target = encoded.length < 2 ? ~rule : code.push(((encoded.length - 1) << 1) | once, rule) - 2;
      for (const literal of encoded.slice(1)) code.push(...literal);
      entries.set([target, head | (once * ONCE), a, b], index * POSTING_STRIDE);
    }
    this.#entries = entries;
    this.#code = Int32Array.from(code);
    this.#bits = Int32Array.from(encoder.bits);
    this.#asks = encoder.asks;
    this.#memo = new Float64Array(encoder.asks.length);
    const rules = 1 + sources.reduce((most, { rule }) => Math.max(most, rule), 0);
    this.#seen = new Float64Array(rules);
    this.found = new Int32Array(rules);
  }

  /** Postings of conjunctions as this program reads them, `POSTING_STRIDE` words each. */
  toPostings(conjunctions: readonly number[]): Int32Array {
    const postings = new Int32Array(conjunctions.length * POSTING_STRIDE);
    for (const [at, conjunction] of conjunctions.entries()) {
      for (let word = 0; word < POSTING_STRIDE; word++) {
        postings[at * POSTING_STRIDE + word] = this.#entries[conjunction * POSTING_STRIDE + word] as number;
      }
    }
    return postings;
  }

  begin(): void {
    this.foundCount = 0;
    this.#pendingCount = 0;
  }

  /** All candidates of the spans. */
  check(postings: Int32Array, { ends, used }: Spans): void {
    let touched = 0;
    for (let i = 0; i < used; i += 2) touched ^= postings[(ends[i] as number) * POSTING_STRIDE] as number;
    this.touched = touched;
    for (let i = 0; i < used; i += 2) {
      const last = (ends[i + 1] as number) * POSTING_STRIDE;
      for (let place = (ends[i] as number) * POSTING_STRIDE; place < last; place += POSTING_STRIDE) {
        this.checkAt(postings, place);
      }
    }
  }

  /** The first literal of the candidate. */
  checkAt(postings: Int32Array, place: number): void {
    const head = postings[place + 1] as number;
    const holds = this.#holds(head, postings[place + 2] as number, postings[place + 3] as number);
    if (holds === ((head & 1) === 1)) return;
    const target = postings[place] as number;
    if (target < 0) this.#take(~target, (head & ONCE) !== 0);
    else this.#pend(target);
  }

  /** What is left of them. */
  finish(): void {
    const code = this.#code;
    const pending = this.#pending;
    const count = this.#pendingCount;
    let touched = 0;
    for (let i = 0; i < count; i++) touched ^= code[pending[i] as number] as number;
    this.touched = touched;
    for (let i = 0; i < count; i++) {
      const target = pending[i] as number;
      const shape = code[target] as number;
      const end = target + 2 + 3 * (shape >> 1);
      let at = target + 2;
      while (at < end) {
        const head = code[at] as number;
        if (this.#holds(head, code[at + 1] as number, code[at + 2] as number) === ((head & 1) === 1)) break;
        at += 3;
      }
      if (at === end) this.#take(code[target + 1] as number, (shape & 1) === 1);
    }
  }

  /** A rule that holds, and that nothing else tells. */
  takeOnly(rule: number): void {
    this.found[this.foundCount++] = rule;
  }

  #take(rule: number, isOnly: boolean): void {
    if (!isOnly) {
      if (this.#seen[rule] === this.#event.epoch) return;
      this.#seen[rule] = this.#event.epoch;
    }
    this.found[this.foundCount++] = rule;
  }

  #pend(target: number): void {
    if (this.#pendingCount === this.#pending.length) {
      const larger = new Int32Array(2 * this.#pendingCount);
      larger.set(this.#pending);
      this.#pending = larger;
    }
    this.#pending[this.#pendingCount++] = target;
  }

  #holds(head: number, a: number, b: number): boolean {
    const field = head >> 5;
    switch ((head >> 2) & 7) {
      case MASK: {
        const id = this.#ids[field] as number;
        // A shift counts modulo 32.
        return (((id < 32 ? a : b) >>> id) & 1) === 1;
      }
      case RANK: {
        const rank = this.#ranks[field] as number;
        return rank >= a && rank <= b;
      }
      case ONE:
        return this.#ids[field] === a;
      case SET: {
        const id = this.#ids[field] as number;
        return (((this.#bits[a + (id >> 5)] as number) >>> id) & 1) === 1;
      }
      case LIST:
        return this.#isListed(this.#ids[field] as number, a, b);
      case EMPTY:
        return isEmpty(this.#event.values[field]);
      case WORD:
        return this.#holdsWord(field, a, b);
      default:
        return this.#ask(a);
    }
  }

  #isListed(id: number, from: number, to: number): boolean {
    const bits = this.#bits;
    let low = from;
    let high = to;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((bits[middle] as number) < id) low = middle + 1;
      else high = middle;
    }
    return low < to && bits[low] === id;
  }

  /** The automaton has read the text of the field already; a list it has not. */
  #holdsWord(field: number, word: number, ask: number): boolean {
    if (this.#automata[field]?.hasMet(word) === true) return (ask & 1) === 1 || this.#ask(ask >> 1);
    return isList(this.#event.values[field]) && this.#ask(ask >> 1);
  }

  #ask(place: number): boolean {
    const epoch = this.#event.epoch;
    const known = (this.#memo[place] as number) - epoch * 2;
    if (known === 0 || known === 1) return known === 1;
    const result = (this.#asks[place] as Ask)(this.#event);
    this.#memo[place] = epoch * 2 + (result ? 1 : 0);
    return result;
  }
}
