/**
 * Which of many closed intervals hold a number: a segment tree over the thresholds, built once. Knows no rules.
 *
 *   thresholds   10        20            slots between and on them
 *     slot    0   1    2    3    4       (-oo,10) [10] (10,20) [20] (20,oo)
 *
 *   [10, oo) covers slots 1 to 4; it is noted at the few nodes that tile these slots, and a number
 *   asks the nodes between its slot and the root: log n steps and the answers, however many miss.
 */
import type { Postings, TellPostings } from "./dense-trie.ts";

export interface Interval {
  readonly low: number;
  readonly high: number;
}

export class IntervalTree {
  readonly #thresholds: Float64Array;
  readonly #size: number;
  readonly #nodes: readonly (readonly Postings[] | undefined)[];

  constructor(intervals: readonly (Interval & Postings)[]) {
    const ends = intervals.flatMap(({ low, high }) => [low, high]).filter((end) => Number.isFinite(end));
    this.#thresholds = Float64Array.from(new Set(ends)).sort();
    let size = 1;
    while (size < 2 * this.#thresholds.length + 1) size *= 2;
    this.#size = size;
    const nodes: Postings[][] = [];
    for (const { low, high, start, end } of intervals) {
      if (low > high) continue;
      const from = low === -Infinity ? 0 : this.#slot(low);
      const to = high === Infinity ? size - 1 : this.#slot(high);
      for (let l = from + size, r = to + size + 1; l < r; l >>= 1, r >>= 1) {
        if ((l & 1) === 1) (nodes[l++] ??= []).push({ start, end });
        if ((r & 1) === 1) (nodes[--r] ??= []).push({ start, end });
      }
    }
    this.#nodes = nodes;
  }

  stab(value: number, tell: TellPostings): void {
    for (let node = this.#slot(value) + this.#size; node >= 1; node >>= 1) {
      const hits = this.#nodes[node];
      if (hits !== undefined) for (const { start, end } of hits) tell(start, end);
    }
  }

  /** Odd on a threshold, even between. */
  #slot(value: number): number {
    let low = 0;
    let high = this.#thresholds.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#thresholds[middle] as number) < value) low = middle + 1;
      else high = middle;
    }
    return this.#thresholds[low] === value ? 2 * low + 1 : 2 * low;
  }
}

const float = new Float64Array(1);
const bits = new BigInt64Array(float.buffer);

/** The next number above, or below for `-1`: makes `> 5` the closed interval that begins there. */
export function neighbour(value: number, direction: 1 | -1): number {
  if (!Number.isFinite(value)) return value;
  if (value === 0) return direction * Number.MIN_VALUE;
  float[0] = value;
  bits[0] = (bits[0] ?? 0n) + (value > 0 === direction > 0 ? 1n : -1n);
  return float[0] ?? value;
}
