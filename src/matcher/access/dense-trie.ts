/**
 * Finds which of many words begin, end or stand anywhere in a text, in one pass over the text. Knows nothing of
 * fields or rules: words are numbered from 0 as they were given, and a scan leaves the numbers that it met.
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
  /** Numbers of the words that the last scan met, each once. */
  readonly hits: Int32Array;
  hitCount = 0;
  readonly #classOf: Uint16Array;
  readonly #classes: number;
  readonly #next: Int32Array;
  /** Word that ends at a state, plus one; 0 is none. */
  readonly #word: Int32Array;
  /** Next state on the way of suffixes at which a word ends; 0 is none. */
  readonly #also: Int32Array;
  /** Of each word the number of the scan that met it: a word that stands twice is told once. */
  readonly #met: Float64Array;
  #scans = 0;

  constructor(words: readonly string[], mode: "begins" | "anywhere") {
    const alphabet = [...new Set(words.flatMap((word) => word.split("")))];
    this.#classes = alphabet.length + 1;
    const highest = alphabet.reduce((most, unit) => Math.max(most, unit.charCodeAt(0)), 127);
    this.#classOf = new Uint16Array(1 + highest);
    for (const [index, unit] of alphabet.entries()) {
      this.#classOf[unit.charCodeAt(0)] = index + 1;
      // Words are folded; a capital of ASCII is its small letter, so that most texts need no folding at all.
      if (unit >= "a" && unit <= "z") this.#classOf[unit.toUpperCase().charCodeAt(0)] = index + 1;
    }
    this.hits = new Int32Array(words.length);
    this.#met = new Float64Array(words.length);
    const { next, endOf } = this.#insert(words);
    const used = next.length / this.#classes;
    this.#next = next;
    this.#word = new Int32Array(used);
    for (const [word, state] of endOf.entries()) this.#word[state] = word + 1;
    this.#also = new Int32Array(mode === "anywhere" ? used : 0);
    if (mode === "anywhere") this.#linkSuffixes();
    for (let i = 0; i < next.length; i++) {
      const state = next[i] as number;
      next[i] = ((state * this.#classes) << 1) | (this.#reports(state) ? 1 : 0);
    }
  }

  #insert(words: readonly string[]): { readonly next: Int32Array; readonly endOf: readonly number[] } {
    let next = new Int32Array(64 * this.#classes);
    let used = 1;
    const endOf = words.map((word) => {
      let state = 0;
      for (let i = 0; i < word.length; i++) {
        const step = state * this.#classes + this.#class(word.charCodeAt(i));
        if (next[step] === 0) {
          next[step] = used++;
          if (used * this.#classes > next.length) next = doubled(next);
        }
        state = next[step] as number;
      }
      return state;
    });
    return { next: next.slice(0, used * this.#classes), endOf };
  }

  /** Breadth first: the suffix of a state is nearer to the root and complete already. */
  #linkSuffixes(): void {
    const next = this.#next;
    const suffix = new Int32Array(this.#also.length);
    const queue: number[] = [0];
    for (const state of queue) {
      for (let unit = 1; unit < this.#classes; unit++) {
        const step = state * this.#classes + unit;
        const fallback = state === 0 ? 0 : (next[(suffix[state] as number) * this.#classes + unit] as number);
        const child = next[step] as number;
        if (child === 0) {
          next[step] = fallback;
          continue;
        }
        suffix[child] = fallback;
        this.#also[child] = this.#word[fallback] === 0 ? (this.#also[fallback] as number) : fallback;
        queue.push(child);
      }
    }
  }

  #class(unit: number): number {
    return unit < this.#classOf.length ? (this.#classOf[unit] as number) : 0;
  }

  #reports(state: number): boolean {
    return this.#word[state] !== 0 || (this.#also.length > 0 && this.#also[state] !== 0);
  }

  /** No text at hand: no word was met. */
  skip(): void {
    this.#scans++;
    this.hitCount = 0;
  }

  /**
   * Words anywhere in the text, which need not be folded. False at the first character outside ASCII: then only
   * folding tells, and the folded text must be scanned by `scanFolded`.
   */
  scan(text: string): boolean {
    const next = this.#next;
    const classOf = this.#classOf;
    this.skip();
    let row = 0;
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      if (unit > 127) return false;
      const entry = next[row + (classOf[unit] as number)] as number;
      row = entry >> 1;
      if ((entry & 1) === 1) this.#meet(row / this.#classes);
    }
    return true;
  }

  scanFolded(text: string): void {
    this.skip();
    let row = 0;
    for (let i = 0; i < text.length; i++) {
      const entry = this.#next[row + this.#class(text.charCodeAt(i))] as number;
      row = entry >> 1;
      if ((entry & 1) === 1) this.#meet(row / this.#classes);
    }
  }

  #meet(from: number): void {
    for (let state = from; state !== 0; state = this.#also[state] as number) {
      const word = (this.#word[state] as number) - 1;
      if (word < 0) continue;
      if (this.#met[word] === this.#scans) return;
      this.#met[word] = this.#scans;
      this.hits[this.hitCount++] = word;
    }
  }

  /** Whether the word stood in the text that was scanned last. */
  hasMet(word: number): boolean {
    return this.#met[word] === this.#scans;
  }

  /** Words that the text begins with; false as `scan`, also where the next character may melt into the last one. */
  walk(text: string, isFolded: boolean): boolean {
    this.skip();
    let row = 0;
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      if (unit > 127 && !isFolded) return false;
      const entry = this.#next[row + this.#class(unit)] as number;
      if (entry === 0) break;
      row = entry >> 1;
      if ((entry & 1) === 0) continue;
      if (!isFolded && i + 1 < text.length && text.charCodeAt(i + 1) > 127) return false;
      this.hits[this.hitCount++] = (this.#word[row / this.#classes] as number) - 1;
    }
    return true;
  }

  /** Words, written backwards, that the text ends with; false as `scan`. */
  walkBack(text: string, isFolded: boolean): boolean {
    this.skip();
    let row = 0;
    for (let i = text.length - 1; i >= 0; i--) {
      const unit = text.charCodeAt(i);
      if (unit > 127 && !isFolded) return false;
      const entry = this.#next[row + this.#class(unit)] as number;
      if (entry === 0) break;
      row = entry >> 1;
      if ((entry & 1) === 1) this.hits[this.hitCount++] = (this.#word[row / this.#classes] as number) - 1;
    }
    return true;
  }
}

function doubled(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2);
  larger.set(array);
  return larger;
}
