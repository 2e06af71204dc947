/**
 * Finds which of many words a text begins or ends with. Knows nothing of fields or rules: words are numbered from 0 as they
 * were given, and a walk leaves the numbers that it met, the shortest first.
 *
 *   text      s  r  v  -  b  0  1  ...          one hash that grows with each character; where words of that length
 *   lengths            4  5                      exist it is looked up, and what is found there is compared
 *   slots     [ hash word+1 | 0 0 | hash word+1 | ... ]        open addressing in one flat array, at most half full
 *
 * A trie of these words takes twenty times the memory, and each of its steps waits for the one before.
 */

export class PrefixTable {
  /** Numbers of the words that the last walk met. */
  readonly hits: Int32Array;
  hitCount = 0;
  readonly #words: readonly string[];
  /** [length] is 1 where words of that length exist. */
  readonly #lengths: Uint8Array;
  readonly #slots: Int32Array;
  readonly #mask: number;

  /** Words are folded; for the ends of texts they are given as they stand. */
  constructor(words: readonly string[], from: "start" | "end") {
    this.#words = words;
    const longest = words.reduce((most, { length }) => Math.max(most, length), 0);
    this.#lengths = new Uint8Array(longest + 1);
    this.hits = new Int32Array(longest + 1);
    let size = 8;
    while (size < 2 * words.length) size *= 2;
    this.#mask = size - 1;
    this.#slots = new Int32Array(2 * size);
    for (const [number, word] of words.entries()) {
      this.#lengths[word.length] = 1;
      let hash = 0;
      for (let i = 0; i < word.length; i++)
        hash = grown(hash, word.charCodeAt(from === "start" ? i : word.length - 1 - i));
      let slot = slotOf(hash) & this.#mask;
      while (this.#slots[2 * slot + 1] !== 0) slot = (slot + 1) & this.#mask;
      this.#slots[2 * slot] = hash;
      this.#slots[2 * slot + 1] = number + 1;
    }
  }

  /**
   * Words that the text begins with. False at a character outside ASCII unless the text is folded, also where the next
   * character may melt into the last one: then only folding tells.
   */
  walk(text: string, isFolded: boolean): boolean {
    this.hitCount = 0;
    const lengths = this.#lengths;
    const end = Math.min(text.length, lengths.length - 1);
    let hash = 0;
    for (let i = 0; i < end; i++) {
      const unit = text.charCodeAt(i);
      if (unit > 127 && !isFolded) return false;
      hash = grown(hash, small(unit));
      if (lengths[i + 1] === 1) this.#look(hash, text, 0, i + 1);
    }
    return isFolded || this.hitCount === 0 || !(text.charCodeAt(end) > 127);
  }

  /** Words that the text ends with; false as `walk`. */
  walkBack(text: string, isFolded: boolean): boolean {
    this.hitCount = 0;
    const lengths = this.#lengths;
    const last = text.length - 1;
    const end = Math.min(text.length, lengths.length - 1);
    let hash = 0;
    for (let i = 0; i < end; i++) {
      const unit = text.charCodeAt(last - i);
      if (unit > 127 && !isFolded) return false;
      hash = grown(hash, small(unit));
      if (lengths[i + 1] === 1) this.#look(hash, text, last - i, i + 1);
    }
    return true;
  }

  /** The word of that hash, if it is the text from `start` on, `length` long. */
  #look(hash: number, text: string, start: number, length: number): void {
    const slots = this.#slots;
    let slot = slotOf(hash) & this.#mask;
    for (;;) {
      const number = slots[2 * slot + 1] as number;
      if (number === 0) return;
      if (slots[2 * slot] === hash && this.#isAt(number - 1, text, start, length)) {
        this.hits[this.hitCount++] = number - 1;
        return;
      }
      slot = (slot + 1) & this.#mask;
    }
  }

  #isAt(number: number, text: string, start: number, length: number): boolean {
    const word = this.#words[number] as string;
    if (word.length !== length) return false;
    for (let i = 0; i < length; i++)
      if (small(text.charCodeAt(start + i)) !== word.charCodeAt(i)) return false;
    return true;
  }
}

/** A capital of ASCII as its small letter; folded text has none. */
function small(unit: number): number {
  return unit >= 65 && unit <= 90 ? unit + 32 : unit;
}

function grown(hash: number, unit: number): number {
  return Math.imul(hash ^ unit, 0x01000193);
}

function slotOf(hash: number): number {
  return Math.imul(hash ^ (hash >>> 15), 0x9e3779b1) >>> 7;
}
