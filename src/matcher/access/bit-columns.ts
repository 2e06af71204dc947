/**
 * Whether thousands of conjunctions survive the value of one field, thirty-two at a time. Each column keeps, for any
 * value that its field may have, a row with one bit a conjunction: 1 when all that the conjunction asks of the field
 * holds. Knows no rules; `Crowd` joins the columns of all fields.
 *
 *                        conjunction   0  1  2  3
 *   severity is critical               x
 *   severity is not info                  x
 *   (nothing about severity)                 x  x
 *
 *   row of "critical"                  1  1  1  1
 *   row of "info"                      0  0  1  1
 *   base: any value not named          0  1  1  1      rows are kept as the places where they differ from it, or
 *                                                      whole where that is smaller: never more than a word a name
 */
import type { NumericRanks } from "./numeric-ranks.ts";

export type BitRow = Int32Array;

export function wordsFor(count: number): number {
  return (count + 31) >> 5;
}

export function setBit(row: BitRow, bit: number, on: boolean): void {
  const mask = 1 << bit;
  const word = row[bit >> 5] as number;
  row[bit >> 5] = on ? word | mask : word & ~mask;
}

/** What a conjunction asks of a field's id. */
export interface IdDemand {
  readonly bit: number;
  readonly ids: readonly number[];
  readonly negated: boolean;
}

/** By the id of the field's value. */
export class IdColumn {
  readonly field: number;
  readonly #base: BitRow;
  /** Sparse: `flips[starts[id]]` to `flips[starts[id + 1]]`. Dense: a whole row at `denseAt[id]`, else -1. */
  readonly #starts: Int32Array;
  readonly #flips: Int32Array;
  readonly #denseAt: Int32Array;
  readonly #dense: Int32Array;

  constructor(field: number, demands: readonly IdDemand[], idCount: number, count: number) {
    this.field = field;
    const words = wordsFor(count);
    this.#base = new Int32Array(words).fill(-1);
    const byId = new Map<number, number[]>();
    for (const { bit, ids, negated } of demands) {
      if (!negated) setBit(this.#base, bit, false);
      for (const id of ids) {
        const flips = byId.get(id);
        if (flips === undefined) byId.set(id, [bit]);
        else flips.push(bit);
      }
    }
    this.#starts = new Int32Array(idCount + 1);
    this.#denseAt = new Int32Array(idCount).fill(-1);
    const flips: number[] = [];
    const dense: number[] = [];
    for (let id = 0; id < idCount; id++) {
      this.#starts[id] = flips.length;
      const own = byId.get(id) ?? [];
      if (own.length > words) {
        this.#denseAt[id] = dense.length;
        const row = this.#base.slice();
        for (const bit of own) row[bit >> 5] = (row[bit >> 5] as number) ^ (1 << bit);
        for (const word of row) dense.push(word);
      } else {
        for (const bit of own) flips.push(bit);
      }
    }
    this.#starts[idCount] = flips.length;
    this.#flips = Int32Array.from(flips);
    this.#dense = Int32Array.from(dense);
  }

  narrow(alive: BitRow, id: number, scratch: BitRow): void {
    const from = this.#denseAt[id] as number;
    if (from >= 0) {
      for (let i = 0; i < alive.length; i++)
        alive[i] = (alive[i] as number) & (this.#dense[from + i] as number);
      return;
    }
    const start = this.#starts[id] as number;
    const end = this.#starts[id + 1] as number;
    if (start === end) {
      intersect(alive, this.#base);
      return;
    }
    scratch.set(this.#base);
    flip(scratch, this.#flips, start, end);
    intersect(alive, scratch);
  }
}

/** What a conjunction asks of a field's rank. */
export interface RankDemand {
  readonly bit: number;
  readonly first: number;
  readonly last: number;
  readonly negated: boolean;
}

/**
 * By the rank of the field's value. From one rank to the next few bits change, so whole rows are kept only now and then
 * and the nearest one is walked to the rank asked for; to flip a bit twice is to undo it, so the walk goes either way.
 *
 *   flips   3  17 | 4   9 | 3  22 | ...          in the order of the ranks at which they happen
 *   rows  ^0      ^1      ^2                     one a `spacing` of flips
 *                     ^ rank 5: upTo[5] = 3 flips, so row 1 and one flip, or row 2 and one flip back
 */
export class RankColumn {
  readonly field: number;
  /** No number: ranges fail, their negations hold. */
  readonly #missing: BitRow;
  readonly #rows: Int32Array;
  readonly #words: number;
  readonly #spacing: number;
  readonly #flips: Int32Array;
  /** How many flips have happened at a rank. */
  readonly #upTo: Int32Array;

  constructor(field: number, demands: readonly RankDemand[], ranks: NumericRanks, count: number) {
    this.field = field;
    this.#words = wordsFor(count);
    this.#missing = new Int32Array(this.#words).fill(-1);
    const row = new Int32Array(this.#words).fill(-1);
    const atRank = new Map<number, number[]>();
    const happen = (rank: number, bit: number): void => {
      const bits = atRank.get(rank);
      if (bits === undefined) atRank.set(rank, [bit]);
      else bits.push(bit);
    };
    for (const { bit, first, last, negated } of demands) {
      setBit(this.#missing, bit, negated);
      const isEmpty = first > last;
      setBit(row, bit, (first === 0 && !isEmpty) !== negated);
      if (isEmpty) continue;
      if (first > 0) happen(first, bit);
      if (last < ranks.last) happen(last + 1, bit);
    }
    const flips: number[] = [];
    this.#upTo = new Int32Array(ranks.last + 1);
    for (let rank = 0; rank <= ranks.last; rank++) {
      for (const bit of atRank.get(rank) ?? []) flips.push(bit);
      this.#upTo[rank] = flips.length;
    }
    this.#flips = Int32Array.from(flips);
    this.#spacing = Math.max(32, this.#words);
    const rows = 1 + Math.ceil(flips.length / this.#spacing);
    this.#rows = new Int32Array(rows * this.#words);
    for (let i = 0; i < rows; i++) {
      this.#rows.set(row, i * this.#words);
      flip(row, this.#flips, i * this.#spacing, Math.min(flips.length, (i + 1) * this.#spacing));
    }
  }

  narrow(alive: BitRow, rank: number, scratch: BitRow): void {
    if (rank < 0) {
      intersect(alive, this.#missing);
      return;
    }
    const wanted = this.#upTo[rank] as number;
    const nearest = Math.round(wanted / this.#spacing);
    const from = nearest * this.#words;
    for (let i = 0; i < scratch.length; i++) scratch[i] = this.#rows[from + i] as number;
    const there = Math.min(this.#flips.length, nearest * this.#spacing);
    flip(scratch, this.#flips, Math.min(wanted, there), Math.max(wanted, there));
    intersect(alive, scratch);
  }
}

/** By whether the field is empty. */
export class EmptyColumn {
  readonly field: number;
  readonly #whenEmpty: BitRow;
  readonly #whenFull: BitRow;

  constructor(field: number, demands: readonly Pick<IdDemand, "bit" | "negated">[], count: number) {
    this.field = field;
    this.#whenEmpty = new Int32Array(wordsFor(count)).fill(-1);
    this.#whenFull = this.#whenEmpty.slice();
    for (const { bit, negated } of demands) setBit(negated ? this.#whenEmpty : this.#whenFull, bit, false);
  }

  narrow(alive: BitRow, isEmpty: boolean): void {
    intersect(alive, isEmpty ? this.#whenEmpty : this.#whenFull);
  }
}

function intersect(alive: BitRow, row: BitRow): void {
  for (let i = 0; i < alive.length; i++) alive[i] = (alive[i] as number) & (row[i] as number);
}

function flip(row: BitRow, bits: Int32Array, from: number, to: number): void {
  for (let i = from; i < to; i++) {
    const bit = bits[i] as number;
    row[bit >> 5] = (row[bit >> 5] as number) ^ (1 << bit);
  }
}
