/** Collects which conjunction is reached by what, then lays the access structures out over one array of postings. */
import type { Form } from "./atoms.ts";
import type { Choice } from "./choose-access.ts";
import type { Veto } from "./crowd.ts";
import type { FieldTable } from "./event-fields.ts";
import { idsOf } from "./form-ids.ts";
import type { AccessStructures, WordReader } from "./kind-index.ts";
import { PairTable } from "./pair-table.ts";
import { PrefixTable } from "./prefix-table.ts";
import type { FieldWords } from "./literal-encoder.ts";
import type { Span, SpansBy } from "./spans.ts";
import { WordAutomaton } from "./word-automaton.ts";

/** Behind one key: conjunctions that it reaches, bits of the crowd that it clears. */
interface Behind {
  readonly reached: number[];
  readonly cleared: number[];
}

/** What is behind each key, by structure (a field, a pair of fields, a field and a way of reading its text). */
class Shelf<Structure, Key> {
  readonly #byStructure = new Map<Structure, Map<Key, Behind>>();

  at(structure: Structure, key: Key): Behind {
    let byKey = this.#byStructure.get(structure);
    if (byKey === undefined) this.#byStructure.set(structure, (byKey = new Map()));
    let behind = byKey.get(key);
    if (behind === undefined) byKey.set(key, (behind = { reached: [], cleared: [] }));
    return behind;
  }

  has(structure: Structure): boolean {
    return this.#byStructure.has(structure);
  }

  map<Result>(build: (structure: Structure, byKey: ReadonlyMap<Key, Behind>) => Result): Result[] {
    return [...this.#byStructure].map(([structure, byKey]) => build(structure, byKey));
  }
}

/** Numbers come in order, so one that is there already is the last. */
function addOnce(list: number[], number: number): void {
  if (list.at(-1) !== number) list.push(number);
}

export interface BuiltAccess {
  readonly access: AccessStructures;
  /** Conjunctions in the order of the spans. */
  readonly postings: readonly number[];
  /** Bits of the crowd in the order of the spans of vetoes. */
  readonly vetoes: Int32Array;
  /** The automaton over the words anywhere in a field, by field. */
  readonly words: ReadonlyMap<number, FieldWords>;
}

const PAIR_FIELDS = 65_536;

export class AccessBuilder {
  readonly #table: FieldTable;
  readonly #equal = new Shelf<number, number>();
  readonly #elements = new Shelf<number, number>();
  readonly #pairs = new Shelf<number, number>();
  readonly #words = new Shelf<string, string>();
  readonly #postings: number[] = [];
  readonly #vetoes: number[] = [];

  constructor(table: FieldTable) {
    this.#table = table;
  }

  /** How many postings reach the conjunction by the choice; one is the usual case. */
  add(choice: Exclude<Choice, { kind: "crowd" }>, conjunction: number): void {
    if (choice.kind === "pair") {
      const { first, second } = choice;
      const card = this.#table.at(second.field).ids.size;
      for (const a of first.ids) {
        for (const b of second.ids) {
          const behind = this.#pairs.at(first.field * PAIR_FIELDS + second.field, a * card + b);
          addOnce(behind.reached, conjunction);
        }
      }
      return;
    }
    for (const form of choice.access.forms) {
      for (const behind of this.#behind(form)) addOnce(behind.reached, conjunction);
    }
  }

  addVeto([form, bit]: Veto): void {
    for (const behind of this.#behind(form)) addOnce(behind.cleared, bit);
  }

  #behind(form: Form): readonly Behind[] {
    switch (form.kind) {
      case "among":
        return idsOf(this.#table, form).map((id) => this.#equal.at(form.field, id));
      case "element":
        return idsOf(this.#table, form).map((id) => this.#elements.at(form.field, id));
      case "begins":
      case "ends":
      case "anywhere":
        return form.words.map((word) => this.#words.at(`${form.field} ${form.kind}`, word));
    }
  }

  /** Words that only residuals ask about: they ride along where an automaton reads the field anyway. */
  addRequiredWords(field: number, words: readonly string[]): void {
    if (!this.#words.has(`${field} anywhere`)) return;
    for (const word of words) this.#words.at(`${field} anywhere`, word);
  }

  build(): BuiltAccess {
    const readers = this.#words.map((structure, byWord) => this.#reader(structure, byWord));
    const access: AccessStructures = {
      words: readers.map(({ reader }) => reader),
      equal: this.#equal.map((field, byId) => ({ field, spans: this.#byId(field, byId) })),
      elements: this.#elements.map((field, byId) => ({
        field,
        spans: this.#byId(field, byId),
        vetoes: this.#vetoesBy(this.#table.at(field).ids.size, byId),
      })),
      pairs: this.#pairs.map((fields, byPair) => this.#pairTable(fields, byPair)),
    };
    const words = new Map(
      readers.flatMap(({ reader, numbers }) =>
        reader.kind === "anywhere" ? [[reader.field, { automaton: reader.automaton, numbers }] as const] : [],
      ),
    );
    return { access, postings: this.#postings, vetoes: Int32Array.from(this.#vetoes), words };
  }

  #reader(
    structure: string,
    byWord: ReadonlyMap<string, Behind>,
  ): { readonly reader: WordReader; readonly numbers: ReadonlyMap<string, number> } {
    const [field, kind] = structure.split(" ") as [string, WordReader["kind"]];
    const words = [...byWord.keys()];
    const byNumber = new Map([...byWord.values()].map((behind, number) => [number, behind]));
    const read = {
      field: Number(field),
      spans: this.#spansBy(words.length, byNumber),
      vetoes: this.#vetoesBy(words.length, byNumber),
    };
    const reader: WordReader =
      kind === "anywhere"
        ? { ...read, kind, automaton: new WordAutomaton(words) }
        : { ...read, kind, table: new PrefixTable(words, kind === "begins" ? "start" : "end") };
    return { reader, numbers: new Map(words.map((word, number) => [word, number])) };
  }

  #byId(field: number, byId: ReadonlyMap<number, Behind>): SpansBy {
    return this.#spansBy(this.#table.at(field).ids.size, byId);
  }

  #spansBy(size: number, byNumber: ReadonlyMap<number, Behind>): SpansBy {
    return spansBy(this.#postings, size, (number) => byNumber.get(number)?.reached);
  }

  #vetoesBy(size: number, byNumber: ReadonlyMap<number, Behind>): SpansBy | undefined {
    if ([...byNumber.values()].every(({ cleared }) => cleared.length === 0)) return undefined;
    return spansBy(this.#vetoes, size, (number) => byNumber.get(number)?.cleared);
  }

  #pairTable(fields: number, byPair: ReadonlyMap<number, Behind>): AccessStructures["pairs"][number] {
    const [first, second] = [Math.floor(fields / PAIR_FIELDS), fields % PAIR_FIELDS];
    const card = this.#table.at(second).ids.size;
    const pairs = [...byPair].map(([key, { reached }]) => ({
      a: Math.floor(key / card),
      b: key % card,
      ...write(this.#postings, reached),
    }));
    return { first, second, table: new PairTable(pairs, card) };
  }
}

function spansBy(
  list: number[],
  size: number,
  behind: (number: number) => readonly number[] | undefined,
): SpansBy {
  const starts = new Int32Array(size + 1);
  for (let number = 0; number < size; number++) starts[number] = write(list, behind(number) ?? []).start;
  starts[size] = list.length;
  return { starts };
}

function write(list: number[], numbers: readonly number[]): Span {
  const start = list.length;
  for (const number of numbers) list.push(number);
  return { start, end: list.length };
}
