/**
 * Numbers as small integers: all thresholds that rules compare a field with are sorted once, and an event's value is
 * looked up once; after that a range test is two integer compares. Knows no rules.
 *
 *   thresholds     10      20      20.000000000000004         >= 10, <= 20 becomes [10, next number above 20)
 *   rank        0      1        2       3                      how many thresholds are at or below the value
 *
 *   `at least 10`  ranks 1 to 3        `at most 20`  ranks 0 to 2        no number: rank -1, in no range
 */

/** Both ends in. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

export class NumericRanks {
  readonly #collected = new Set<number>();
  #sorted = new Float64Array(0);

  /** While building only, before `settle`. */
  add({ low, high }: Interval): void {
    if (low !== -Infinity) this.#collected.add(low);
    if (high !== Infinity) this.#collected.add(neighbour(high, 1));
  }

  settle(): void {
    if (this.#collected.size === 0) return;
    this.#sorted = Float64Array.from(this.#collected).sort();
    this.#collected.clear();
  }

  /** Ranks are 0 to `last`. */
  get last(): number {
    return this.#sorted.length;
  }

  /** Of a value of an event; -1 for NaN. */
  rankOf(value: number): number {
    if (Number.isNaN(value)) return -1;
    const sorted = this.#sorted;
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sorted[middle] as number) <= value) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** First and last rank of the values in an interval that was added; first above last where there are none. */
  ranksOf({ low, high }: Interval): readonly [number, number] {
    if (low > high) return [1, 0];
    const first = low === -Infinity ? 0 : this.rankOf(low);
    return [first, high === Infinity ? this.last : this.rankOf(neighbour(high, 1)) - 1];
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
