/** A list of ranges [start, end) that is emptied and filled again for every event without allocating. Knows nothing else. */
export class Spans {
  /** Start and end in turn. */
  ends = new Int32Array(64);
  /** Words used, twice the number of ranges. */
  used = 0;

  clear(): void {
    this.used = 0;
  }

  push(start: number, end: number): void {
    if (this.used === this.ends.length) {
      const larger = new Int32Array(2 * this.used);
      larger.set(this.ends);
      this.ends = larger;
    }
    this.ends[this.used++] = start;
    this.ends[this.used++] = end;
  }
}

/** Ranges of a list by number (of value ids, of words), one behind the other: that of n is `starts[n]` to `starts[n + 1]`. */
export interface SpansBy {
  readonly starts: Int32Array;
}

export interface Span {
  readonly start: number;
  readonly end: number;
}
