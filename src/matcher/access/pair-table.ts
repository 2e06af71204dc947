/**
 * Two value ids to a range of postings: open addressing in one flat array, so that a probe touches one cache line.
 * Knows no rules.
 *
 *   key = a * card + b        slot = hash(key), then the next ones
 *
 *   [ key start end . | -1 . . . | key start end . | ... ]      -1 is free; at most half full
 *
 * A Map keyed by number does the same at three times the cost of a probe.
 */
import type { Span, Spans } from "./spans.ts";

const STRIDE = 4;

/** Keys are 32-bit: fields with more ids than this product allows are not paired. */
export const PAIR_KEYS_MAX = 2 ** 31 - 1;

export class PairTable {
  readonly #card: number;
  readonly #mask: number;
  readonly #slots: Int32Array;

  /** `card`: how many ids the second field has. */
  constructor(pairs: readonly (Span & { readonly a: number; readonly b: number })[], card: number) {
    this.#card = card;
    let size = 8;
    while (size < 2 * pairs.length) size *= 2;
    this.#mask = size - 1;
    this.#slots = new Int32Array(size * STRIDE).fill(-1);
    for (const { a, b, start, end } of pairs) {
      const key = a * card + b;
      let slot = hash(key) & this.#mask;
      while (this.#slots[slot * STRIDE] !== -1) slot = (slot + 1) & this.#mask;
      const place = slot * STRIDE;
      this.#slots[place] = key;
      this.#slots[place + 1] = start;
      this.#slots[place + 2] = end;
    }
  }

  find(a: number, b: number, found: Spans): void {
    const slots = this.#slots;
    const key = a * this.#card + b;
    let slot = hash(key) & this.#mask;
    for (;;) {
      const there = slots[slot * STRIDE];
      if (there === key) {
        found.push(slots[slot * STRIDE + 1] as number, slots[slot * STRIDE + 2] as number);
        return;
      }
      if (there === -1) return;
      slot = (slot + 1) & this.#mask;
    }
  }
}

function hash(key: number): number {
  const mixed = Math.imul(key, 0x9e3779b1);
  return mixed ^ (mixed >>> 15);
}
