/**
 * Finds which of many words begin, end or stand anywhere in a text, in one pass over the text. Knows nothing of
 * fields or rules: a word carries a range of postings, and hits are told by that range.
 *
 *   words "disk", "dish", "is"      classes d=1 i=2 s=3 k=4 h=5, any other character 0
 *
 *   0 -d-> 1 -i-> 2 -s-> 3 -k-> 4*          next[row + class], one Int32Array; row = state * classes
 *   |                   +-h-> 5*            begins/ends: 0 is a dead end
 *   +-i-> 6 -s-> 7*                         anywhere:    missing steps are filled from the longest
 *                                                        proper suffix (Aho-Corasick), 3 reports 7 too
 *
 * The low bit of an entry says that the state reached has something to report, so the usual step touches one array.
 * A trie of Maps takes a third of the memory and ten times the time.
 */

/** Words longer than this are found by their beginning; whoever asks verifies the rest. Bounds the states. */
export const WORD_UNITS_MAX = 16;

export class DenseTrie {
  readonly #classOf: Uint16Array;
  readonly #classes: number;
  readonly #next: Int32Array;
  /** Range of postings of each state, empty for most. */
  readonly #start: Int32Array;
  readonly #end: Int32Array;
  /** Next state on the way of suffixes that has postings; 0 is none. */
  readonly #also: Int32Array;
  /** 1 where a word ends, also one without postings that is only asked about by `hasPassed`. */
  readonly #isWord: Uint8Array;
  /** Stamp of the last pass: a word that stands twice is told once. */
  readonly #passed: Float64Array;
  /** Of the last scan. What the first half of a text told before it had to be folded does not count. */
  #stamp = 0;

  constructor(words: ReadonlyMap<string, Postings>, mode: "begins" | "anywhere") {
    const alphabet = [...new Set([...words.keys()].flatMap((word) => word.split("")))];
    this.#classes = alphabet.length + 1;
    this.#classOf = new Uint16Array(
      1 + alphabet.reduce((most, unit) => Math.max(most, unit.charCodeAt(0)), 0),
    );
    for (const [index, unit] of alphabet.entries()) {
      this.#classOf[unit.charCodeAt(0)] = index + 1;
      // Words are folded; a capital of ASCII is its small letter, so that most texts need no folding at all.
      if (unit >= "a" && unit <= "z") this.#classOf[unit.toUpperCase().charCodeAt(0)] = index + 1;
    }
    const { next, ends } = this.#insert(words);
    const used = next.length / this.#classes;
    this.#next = next;
    this.#start = new Int32Array(used);
    this.#end = new Int32Array(used);
    this.#isWord = new Uint8Array(used);
    for (const [state, { start, end }] of ends) {
      this.#isWord[state] = 1;
      this.#start[state] = start;
      this.#end[state] = end;
    }
    this.#also = new Int32Array(used);
    this.#passed = new Float64Array(used);
    if (mode === "anywhere") this.#linkSuffixes();
    for (let i = 0; i < this.#next.length; i++) {
      const state = at(this.#next, i);
      this.#next[i] = ((state * this.#classes) << 1) | (this.#reports(state) ? 1 : 0);
    }
  }

  #insert(words: ReadonlyMap<string, Postings>): {
    readonly next: Int32Array;
    readonly ends: ReadonlyMap<number, Postings>;
  } {
    const ends = new Map<number, Postings>();
    let next = new Int32Array(64 * this.#classes);
    let used = 1;
    for (const [word, postings] of words) {
      let state = 0;
      for (let i = 0; i < word.length; i++) {
        const step = state * this.#classes + this.#class(word.charCodeAt(i));
        if (next[step] === 0) {
          next[step] = used++;
          if (used * this.#classes > next.length) next = doubled(next);
        }
        state = at(next, step);
      }
      ends.set(state, postings);
    }
    return { next: next.slice(0, used * this.#classes), ends };
  }

  /** Breadth first: the suffix of a state is nearer to the root and complete already. */
  #linkSuffixes(): void {
    const suffix = new Int32Array(this.#also.length);
    const queue: number[] = [0];
    for (const state of queue) {
      for (let unit = 1; unit < this.#classes; unit++) {
        const step = state * this.#classes + unit;
        const fallback = state === 0 ? 0 : at(this.#next, at(suffix, state) * this.#classes + unit);
        const child = at(this.#next, step);
        if (child === 0) {
          this.#next[step] = fallback;
          continue;
        }
        suffix[child] = fallback;
        this.#also[child] = this.#isWord[fallback] === 1 ? fallback : at(this.#also, fallback);
        queue.push(child);
      }
    }
  }

  #class(unit: number): number {
    return unit < this.#classOf.length ? (this.#classOf[unit] as number) : 0;
  }

  #reports(state: number): boolean {
    return this.#isWord[state] === 1 || at(this.#also, state) !== 0;
  }

  /**
   * Words anywhere in the text, which need not be folded. `epoch` numbers the event. False at the first character
   * outside ASCII: then only folding tells, and the folded text must be scanned by `scanFolded`.
   */
  scan(text: string, epoch: number, tell: TellPostings): boolean {
    const next = this.#next;
    const classOf = this.#classOf;
    const classes = this.#classes;
    const known = classOf.length;
    this.#stamp = epoch;
    let row = 0;
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      if (unit > 127) return false;
      const entry = next[row + (unit < known ? (classOf[unit] as number) : 0)] as number;
      row = entry >> 1;
      if ((entry & 1) === 1) this.#tell(row / classes, tell);
    }
    return true;
  }

  scanFolded(text: string, epoch: number, tell: TellPostings): void {
    this.#stamp = epoch + 0.5;
    let row = 0;
    for (let i = 0; i < text.length; i++) {
      const entry = at(this.#next, row + this.#class(text.charCodeAt(i)));
      row = entry >> 1;
      if ((entry & 1) === 1) this.#tell(row / this.#classes, tell);
    }
  }

  #tell(from: number, tell: TellPostings): void {
    const stamp = this.#stamp;
    for (let state = from; state !== 0; state = at(this.#also, state)) {
      if (this.#passed[state] === stamp) return;
      this.#passed[state] = stamp;
      if (at(this.#end, state) > at(this.#start, state)) tell(at(this.#start, state), at(this.#end, state));
    }
  }

  /** The state of a word of this automaton, 0 for a word that it does not have. */
  stateOf(word: string): number {
    let state = 0;
    for (let i = 0; i < word.length; i++) {
      state = (at(this.#next, state * this.#classes + this.#class(word.charCodeAt(i))) >> 1) / this.#classes;
    }
    return this.#isWord[state] === 1 ? state : 0;
  }

  /** Whether the word stood in the text that was scanned for the event. */
  hasPassed(state: number, epoch: number): boolean {
    return this.#passed[state] === this.#stamp && Math.floor(this.#stamp) === epoch;
  }

  /** Words that the text begins with; false as `scan`, also where the next character may melt into the last one. */
  walk(text: string, tell: TellPostings, isFolded: boolean): boolean {
    let row = 0;
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      if (unit > 127 && !isFolded) return false;
      const entry = at(this.#next, row + this.#class(unit));
      if (entry === 0) break;
      row = entry >> 1;
      if ((entry & 1) === 0) continue;
      if (!isFolded && i + 1 < text.length && text.charCodeAt(i + 1) > 127) return false;
      this.#tellOwn(row, tell);
    }
    return true;
  }

  /** Words, written backwards, that the text ends with; false as `scan`. */
  walkBack(text: string, tell: TellPostings, isFolded: boolean): boolean {
    let row = 0;
    for (let i = text.length - 1; i >= 0; i--) {
      const unit = text.charCodeAt(i);
      if (unit > 127 && !isFolded) return false;
      const entry = at(this.#next, row + this.#class(unit));
      if (entry === 0) break;
      row = entry >> 1;
      if ((entry & 1) === 1) this.#tellOwn(row, tell);
    }
    return true;
  }

  #tellOwn(row: number, tell: TellPostings): void {
    const state = row / this.#classes;
    tell(at(this.#start, state), at(this.#end, state));
  }
}

export interface Postings {
  readonly start: number;
  readonly end: number;
}

export type TellPostings = (start: number, end: number) => void;

function doubled(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2);
  larger.set(array);
  return larger;
}

/**
 * Index access inside bounds by construction: typed arrays give `undefined` to the type checker only. For one kind
 * of array alone: a second one would make every access here ask which it is.
 */
function at(array: Int32Array, index: number): number {
  return array[index] as number;
}
