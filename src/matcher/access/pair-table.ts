/**
 * Two value ids to a range of postings: open addressing in flat arrays. Knows no rules.
 *
 *   key = a * card + b        slot = hash(key), then the next ones
 *   keys   [ . | 4711 | . | 815 | 4712 | . ]      -1 is free; at most half full
 *   start  [ . |    0 | . |   7 |   12 | . ]
 *   end    [ . |    7 | . |  12 |   20 | . ]
 *
 * A Map keyed by number does the same at three times the cost of a probe.
 */
import type { Postings } from "./dense-trie.ts";

export class PairTable {
  readonly #card: number;
  readonly #mask: number;
  readonly #keys: Float64Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;

  /** `card`: how many ids the second field has. */
  constructor(pairs: readonly (Postings & { readonly a: number; readonly b: number })[], card: number) {
    this.#card = card;
    let size = 8;
    while (size < 2 * pairs.length) size *= 2;
    this.#mask = size - 1;
    this.#keys = new Float64Array(size).fill(-1);
    this.starts = new Int32Array(size);
    this.ends = new Int32Array(size);
    for (const { a, b, start, end } of pairs) {
      const key = a * card + b;
      let slot = hash(key) & this.#mask;
      while (this.#keys[slot] !== -1) slot = (slot + 1) & this.#mask;
      this.#keys[slot] = key;
      this.starts[slot] = start;
      this.ends[slot] = end;
    }
  }

  /** The slot of the pair in `starts` and `ends`, -1 for none. */
  find(a: number, b: number): number {
    const key = a * this.#card + b;
    let slot = hash(key) & this.#mask;
    for (;;) {
      const found = this.#keys[slot];
      if (found === key) return slot;
      if (found === -1) return -1;
      slot = (slot + 1) & this.#mask;
    }
  }
}

function hash(key: number): number {
  const mixed = Math.imul(key | 0, 0x9e3779b1);
  return mixed ^ (mixed >>> 15);
}
