/** Collects which conjunction is reached by what, then lays the access structures out over one array of postings. */
import type { Form } from "./atoms.ts";
import { idsOf } from "./choose-access.ts";
import type { Choice } from "./choose-access.ts";
import { DenseTrie } from "./dense-trie.ts";
import type { Postings } from "./dense-trie.ts";
import type { FieldTable } from "./event-fields.ts";
import { IntervalTree } from "./interval-tree.ts";
import type { Interval } from "./interval-tree.ts";
import type { AccessStructures, IdPostings } from "./kind-index.ts";
import { PairTable } from "./pair-table.ts";

/** Conjunctions by key, by structure (a field, a pair of fields, a field and a way of reading its text). */
class Shelf<Key> {
  readonly #byStructure = new Map<string, Map<Key, Set<number>>>();

  put(structure: string, key: Key, conjunction: number): void {
    let byKey = this.#byStructure.get(structure);
    if (byKey === undefined) this.#byStructure.set(structure, (byKey = new Map()));
    let conjunctions = byKey.get(key);
    if (conjunctions === undefined) byKey.set(key, (conjunctions = new Set()));
    conjunctions.add(conjunction);
  }

  has(structure: string): boolean {
    return this.#byStructure.has(structure);
  }

  /** The key with no conjunction behind it, unless there is one. */
  touch(structure: string, key: Key): void {
    const byKey = this.#byStructure.get(structure);
    if (byKey !== undefined && !byKey.has(key)) byKey.set(key, new Set());
  }

  map<Result>(build: (structure: string, byKey: ReadonlyMap<Key, ReadonlySet<number>>) => Result): Result[] {
    return [...this.#byStructure].map(([structure, byKey]) => build(structure, byKey));
  }
}

export class AccessBuilder {
  readonly #table: FieldTable;
  readonly #equal = new Shelf<number>();
  readonly #elements = new Shelf<number>();
  readonly #pairs = new Shelf<string>();
  readonly #words = new Shelf<string>();
  readonly #ranges = new Shelf<string>();
  readonly #present = new Shelf<string>();
  readonly #always = new Set<number>();
  readonly #postings: number[] = [];

  constructor(table: FieldTable) {
    this.#table = table;
  }

  add(choice: Choice, conjunction: number): void {
    switch (choice.kind) {
      case "always":
        this.#always.add(conjunction);
        return;
      case "pair": {
        const { first, second } = choice;
        for (const a of first.ids) {
          for (const b of second.ids) {
            this.#pairs.put(`${first.field} ${second.field}`, `${a} ${b}`, conjunction);
          }
        }
        return;
      }
      case "single":
        for (const form of choice.access.forms) this.#addForm(form, conjunction);
    }
  }

  #addForm(form: Form, conjunction: number): void {
    const field = String(form.field);
    switch (form.kind) {
      case "among":
        for (const id of idsOf(this.#table, form)) this.#equal.put(field, id, conjunction);
        return;
      case "element":
        for (const id of idsOf(this.#table, form)) this.#elements.put(field, id, conjunction);
        return;
      case "range":
        this.#ranges.put(field, `${form.low} ${form.high}`, conjunction);
        return;
      case "present":
        this.#present.put(field, "", conjunction);
        return;
      case "begins":
      case "ends":
      case "anywhere":
        for (const word of form.words) {
          const key = form.kind === "ends" ? word.split("").reverse().join("") : word;
          this.#words.put(`${field} ${form.kind}`, key, conjunction);
        }
    }
  }

  /** Words that only residuals ask about: they ride along where an automaton reads the field anyway. */
  addRequiredWords(field: number, words: readonly string[]): void {
    if (!this.#words.has(`${field} anywhere`)) return;
    for (const word of words) this.#words.touch(`${field} anywhere`, word);
  }

  build(): { readonly access: AccessStructures; readonly postings: readonly number[] } {
    const access: AccessStructures = {
      equal: this.#equal.map((field, byId) => this.#idPostings(Number(field), byId)),
      elements: this.#elements.map((field, byId) => this.#idPostings(Number(field), byId)),
      pairs: this.#pairs.map((fields, byPair) => this.#pairPostings(fields, byPair)),
      words: this.#words.map((structure, byWord) => {
        const [field, kind] = structure.split(" ") as [string, "begins" | "ends" | "anywhere"];
        const words = new Map([...byWord].map(([word, set]) => [word, this.#write(set)]));
        return {
          field: Number(field),
          kind,
          trie: new DenseTrie(words, kind === "anywhere" ? "anywhere" : "begins"),
        };
      }),
      ranges: this.#ranges.map((field, byInterval) => {
        const intervals = [...byInterval].map(([key, set]): Interval & Postings => {
          const [low, high] = key.split(" ").map(Number);
          return { low: low ?? 0, high: high ?? 0, ...this.#write(set) };
        });
        return { field: Number(field), tree: new IntervalTree(intervals) };
      }),
      present: this.#present.map((field, byKey) => ({
        field: Number(field),
        ...this.#write(new Set([...byKey.values()].flatMap((set) => [...set]))),
      })),
      always: this.#write(this.#always),
    };
    return { access, postings: this.#postings };
  }

  #write(conjunctions: ReadonlySet<number>): Postings {
    const start = this.#postings.length;
    for (const conjunction of conjunctions) this.#postings.push(conjunction);
    return { start, end: this.#postings.length };
  }

  #idPostings(field: number, byId: ReadonlyMap<number, ReadonlySet<number>>): IdPostings {
    const { size } = this.#table.at(field).ids;
    const starts = new Int32Array(size);
    const ends = new Int32Array(size);
    for (const [id, set] of byId) {
      const { start, end } = this.#write(set);
      starts[id] = start;
      ends[id] = end;
    }
    return { field, starts, ends };
  }

  #pairPostings(
    fields: string,
    byPair: ReadonlyMap<string, ReadonlySet<number>>,
  ): AccessStructures["pairs"][number] {
    const [first = 0, second = 0] = fields.split(" ").map(Number);
    const pairs = [...byPair].map(([key, set]) => {
      const [a = 0, b = 0] = key.split(" ").map(Number);
      return { a, b, ...this.#write(set) };
    });
    return { first, second, table: new PairTable(pairs, this.#table.at(second).ids.size) };
  }
}
