/**
 * Finds which of many words stand anywhere in a text, in one pass over the text (Aho-Corasick). Knows nothing of fields or
 * rules: words are numbered from 0 as they were given, and a scan leaves the numbers that it met.
 *
 *   words "disk", "dish", "is"      classes d=1 i=2 s=3 k=4 h=5, any other character 0
 *
 *   0 -d-> 1 -i-> 2 -s-> 3 -k-> *disk       next[row + class]; row = state * classes
 *   |                    +-h-> *dish        missing steps are filled from the longest proper suffix; 3 reports "is" too
 *   +-i-> 4 -s-> *is
 *
 *   an entry    row << 1            go on there
 *               report << 1 | 1     something ends here: reports [ row to go on | word | next report, 0 is none ]
 *
 * A state without steps of its own (most ends of words) goes on as its longest suffix does, so it has no row. That and two
 * bytes an entry where they suffice leave a third of the table: what an event reads of it stays in the nearest cache.
 * A trie of Maps takes a third of the memory and ten times the time.
 */

/** Words longer than this are found by their beginning; whoever asks verifies the rest. Bounds the states. */
export const WORD_UNITS_MAX = 16;

const REPORT_STRIDE = 3;
const SMALL_ENTRY_MAX = 65_535;

export class WordAutomaton {
  /** Numbers of the words that the last scan met, each once. */
  readonly hits: Int32Array;
  hitCount = 0;
  readonly #classOf: Uint16Array;
  /** One of the two: each has its own loop, so that each loop reads one kind of array. */
  readonly #small: Uint16Array | undefined;
  readonly #large: Int32Array;
  readonly #reports: Int32Array;
  /** Of each word the number of the scan that met it: a word that stands twice is told once. */
  readonly #met: Float64Array;
  #scans = 0;

  constructor(words: readonly string[]) {
    const alphabet = [...new Set(words.flatMap((word) => word.split("")))];
    const highest = alphabet.reduce((most, unit) => Math.max(most, unit.charCodeAt(0)), 127);
    this.#classOf = new Uint16Array(1 + highest);
    for (const [index, unit] of alphabet.entries()) {
      this.#classOf[unit.charCodeAt(0)] = index + 1;
      // Words are folded; a capital of ASCII is its small letter, so that most texts need no folding at all.
      if (unit >= "a" && unit <= "z") this.#classOf[unit.toUpperCase().charCodeAt(0)] = index + 1;
    }
    this.hits = new Int32Array(words.length);
    this.#met = new Float64Array(words.length);
    const { entries, reports } = layOut(insert(words, alphabet.length + 1, this.#classOf));
    this.#reports = reports;
    const isSmall = entries.every((entry) => entry <= SMALL_ENTRY_MAX);
    this.#small = isSmall ? Uint16Array.from(entries) : undefined;
    this.#large = isSmall ? new Int32Array(0) : entries;
  }

  /** No text at hand: no word was met. */
  skip(): void {
    this.#scans++;
    this.hitCount = 0;
  }

  /**
   * Words in the text, which need not be folded. False at the first character outside ASCII: then only folding tells, and
   * the folded text must be scanned by `scanFolded`.
   */
  scan(text: string): boolean {
    this.skip();
    return this.#small === undefined
      ? this.#scanLarge(text, this.#large)
      : this.#scanSmall(text, this.#small);
  }

  // Written out for each kind of array: a loop that meets both kinds is compiled for neither.
  #scanSmall(text: string, next: Uint16Array): boolean {
    const classOf = this.#classOf;
    let row = 0;
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      if (unit > 127) return false;
      const entry = next[row + (classOf[unit] as number)] as number;
      row = (entry & 1) === 0 ? entry >> 1 : this.#meet(entry >> 1);
    }
    return true;
  }

  #scanLarge(text: string, next: Int32Array): boolean {
    const classOf = this.#classOf;
    let row = 0;
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      if (unit > 127) return false;
      const entry = next[row + (classOf[unit] as number)] as number;
      row = (entry & 1) === 0 ? entry >> 1 : this.#meet(entry >> 1);
    }
    return true;
  }

  scanFolded(text: string): void {
    this.skip();
    const next = this.#small ?? this.#large;
    const classOf = this.#classOf;
    let row = 0;
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      const entry = next[row + (unit < classOf.length ? (classOf[unit] as number) : 0)] as number;
      row = (entry & 1) === 0 ? entry >> 1 : this.#meet(entry >> 1);
    }
  }

  /** Tells the words that end here and gives the row to go on. */
  #meet(report: number): number {
    const reports = this.#reports;
    const row = reports[report] as number;
    for (let at = report; at !== 0; at = reports[at + 2] as number) {
      const word = reports[at + 1] as number;
      if (word < 0) continue;
      // The shorter words that end with it were told with it.
      if (this.#met[word] === this.#scans) break;
      this.#met[word] = this.#scans;
      this.hits[this.hitCount++] = word;
    }
    return row;
  }

  /** Whether the word stood in the text that was scanned last. */
  hasMet(word: number): boolean {
    return this.#met[word] === this.#scans;
  }
}

/* ---------- building ---------- */

interface Trie {
  /** [state * classes + class]: the child, 0 is none. */
  readonly next: Int32Array;
  readonly classes: number;
  readonly states: number;
  /** State at which each word ends. */
  readonly endOf: readonly number[];
}

function insert(words: readonly string[], classes: number, classOf: Uint16Array): Trie {
  let next = new Int32Array(64 * classes);
  let states = 1;
  const endOf = words.map((word) => {
    let state = 0;
    for (let i = 0; i < word.length; i++) {
      const step = state * classes + (classOf[word.charCodeAt(i)] as number);
      if (next[step] === 0) {
        next[step] = states++;
        if (states * classes > next.length) next = doubled(next);
      }
      state = next[step] as number;
    }
    return state;
  });
  return { next, classes, states, endOf };
}

/** Fills missing steps, breadth first: the suffix of a state is nearer to the root and complete already. */
function layOut({ next, classes, states, endOf }: Trie): {
  readonly entries: Int32Array;
  readonly reports: Int32Array;
} {
  const wordAt = new Int32Array(states).fill(-1);
  for (const [word, state] of endOf.entries()) wordAt[state] = word;
  const rowOf = new Int32Array(states);
  const reportOf = new Int32Array(states);
  const suffix = new Int32Array(states);
  // Report 0 is none.
  const reports: number[] = [0, -1, 0];
  const queue: number[] = [0];
  let rows = 0;
  for (const state of queue) {
    const fallback = suffix[state] as number;
    let isEnd = state !== 0;
    for (let unit = 1; unit < classes; unit++) {
      const step = state * classes + unit;
      const other = state === 0 ? 0 : (next[fallback * classes + unit] as number);
      const child = next[step] as number;
      if (child === 0) {
        next[step] = other;
        continue;
      }
      isEnd = false;
      suffix[child] = other;
      queue.push(child);
    }
    rowOf[state] = isEnd ? (rowOf[fallback] as number) : rows++ * classes;
    const word = wordAt[state] as number;
    const also = reportOf[fallback] as number;
    if (state !== 0 && (word >= 0 || also !== 0))
      reportOf[state] = reports.push(rowOf[state] ?? 0, word, also) - REPORT_STRIDE;
  }
  const entries = new Int32Array(rows * classes);
  for (const state of queue) {
    const row = rowOf[state] as number;
    for (let unit = 1; unit < classes; unit++) {
      const to = next[state * classes + unit] as number;
      const report = reportOf[to] as number;
      entries[row + unit] = report === 0 ? (rowOf[to] as number) << 1 : (report << 1) | 1;
    }
  }
  return { entries, reports: Int32Array.from(reports) };
}

function doubled(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2);
  larger.set(array);
  return larger;
}
