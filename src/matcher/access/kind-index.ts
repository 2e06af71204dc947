/**
 * The index over the rules of one kind of event (matching.md 3.3): access predicate, then verify the rest. Built aside and
 * whole by `buildKindIndex`, immutable but for the scratch of the event at hand, so one event at a time.
 *
 *   event -> fields: value, id, number, folded text
 *         -> access structures, each telling ranges of `postings`:
 *              ids of a field       byId[id]            -> [start, end)
 *              pairs of fields      table.find(a, b)    -> [start, end)
 *              elements of lists    byId[id of element] -> [start, end)
 *              words                one automaton a field and way (begins, ends, anywhere)
 *              ranges               interval tree a field
 *              present, always      lists
 *
 *   postings   [ ... | ... | ... ]               candidates, verified by `ResidualProgram`
 *   seen       [rule] = epoch                    a rule found by two of its alternatives is told once
 *
 * Texts are read first and their hits kept: what verifies the rest asks the automata which words stood in the text.
 * Why not counting satisfied predicates (SIENA): common values touch a fifth of all rules an event, 50 times slower here.
 */
import type { Snapshot } from "../../domain/index.ts";
import { isEmpty } from "../../domain/index.ts";
import { isList } from "../compare.ts";
import type { DenseTrie } from "./dense-trie.ts";
import type { EventFields } from "./event-fields.ts";
import type { IntervalTree } from "./interval-tree.ts";
import type { PairTable } from "./pair-table.ts";
import { POSTING_STRIDE } from "./residual-program.ts";
import type { ResidualProgram } from "./residual-program.ts";

/** Ranges of postings by value id of one field. */
export interface IdPostings {
  readonly field: number;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

export interface AccessStructures {
  readonly equal: readonly IdPostings[];
  readonly pairs: readonly {
    readonly first: number;
    readonly second: number;
    readonly table: PairTable;
  }[];
  readonly elements: readonly IdPostings[];
  readonly words: readonly {
    readonly field: number;
    readonly kind: "begins" | "ends" | "anywhere";
    readonly trie: DenseTrie;
  }[];
  readonly ranges: readonly { readonly field: number; readonly tree: IntervalTree }[];
  readonly present: readonly { readonly field: number; readonly start: number; readonly end: number }[];
  readonly always: { readonly start: number; readonly end: number };
}

export interface KindIndexParts {
  readonly access: AccessStructures;
  readonly postings: Int32Array;
  readonly program: ResidualProgram;
  readonly fields: EventFields;
  readonly ruleCount: number;
}

export class KindIndex {
  readonly #access: AccessStructures;
  readonly #postings: Int32Array;
  readonly #program: ResidualProgram;
  readonly #fields: EventFields;
  readonly #seen: Float64Array;
  #found: number[] = [];
  /** Ranges of postings that the texts told, start and end in turn. */
  readonly #textHits: number[] = [];
  readonly #visit = (start: number, end: number): void => this.#visitPostings(start, end);
  readonly #keep = (start: number, end: number): void => {
    this.#textHits.push(start, end);
  };

  constructor(parts: KindIndexParts) {
    this.#access = parts.access;
    this.#postings = parts.postings;
    this.#program = parts.program;
    this.#fields = parts.fields;
    this.#seen = new Float64Array(parts.ruleCount);
  }

  /** Indexes of the rules found, ascending: firing order. */
  find(snapshot: Snapshot): readonly number[] {
    const fields = this.#fields;
    fields.load(snapshot);
    this.#found = [];
    this.#visitTexts(fields);
    const { always } = this.#access;
    if (always.end > always.start) this.#visitPostings(always.start, always.end);
    this.#visitIds(fields);
    for (const { field, tree } of this.#access.ranges) {
      const value = fields.numbers[field] as number;
      if (!Number.isNaN(value)) tree.stab(value, this.#visit);
    }
    for (const { field, start, end } of this.#access.present) {
      if (!isEmpty(fields.values[field])) this.#visitPostings(start, end);
    }
    return sortSmall(this.#found);
  }

  #visitIds(fields: EventFields): void {
    const { ids } = fields;
    for (const { field, starts, ends } of this.#access.equal) {
      const id = ids[field] as number;
      const start = starts[id] as number;
      const end = ends[id] as number;
      if (end > start) this.#visitPostings(start, end);
    }
    for (const { first, second, table } of this.#access.pairs) {
      const a = ids[first] as number;
      const b = ids[second] as number;
      if (a === 0 || b === 0) continue;
      table.find(a, b, this.#visit);
    }
    for (const { field, starts, ends } of this.#access.elements) {
      const list = fields.values[field];
      if (!isList(list)) continue;
      for (const element of list) {
        const id = fields.idOfElement(field, element);
        this.#visitPostings(starts[id] as number, ends[id] as number);
      }
    }
  }

  /** Texts in ASCII are read as they came; only others are folded first. */
  #visitTexts(fields: EventFields): void {
    const hits = this.#textHits;
    hits.length = 0;
    for (const { field, kind, trie } of this.#access.words) {
      const text = fields.rawText(field);
      if (text === undefined) continue;
      if (kind === "anywhere") {
        if (trie.scan(text, fields.epoch, this.#keep)) fields.knowAscii(field);
        else trie.scanFolded(fields.text(field) ?? "", fields.epoch, this.#keep);
      } else if (kind === "begins") {
        if (!trie.walk(text, this.#keep, false)) trie.walk(fields.text(field) ?? "", this.#keep, true);
      } else if (!trie.walkBack(text, this.#keep, false)) {
        trie.walkBack(fields.text(field) ?? "", this.#keep, true);
      }
    }
    for (let i = 0; i < hits.length; i += 2) this.#visitPostings(hits[i] as number, hits[i + 1] as number);
  }

  #visitPostings(start: number, end: number): void {
    const postings = this.#postings;
    const program = this.#program;
    const last = end * POSTING_STRIDE;
    for (let place = start * POSTING_STRIDE; place < last; place += POSTING_STRIDE) {
      const rule = program.ruleAt(postings, place);
      if (rule < 0 || this.#seen[rule] === this.#fields.epoch) continue;
      this.#seen[rule] = this.#fields.epoch;
      this.#found.push(rule);
    }
  }
}

/** A handful of matches: insertion beats the general sort. */
function sortSmall(numbers: number[]): readonly number[] {
  if (numbers.length > 32) return numbers.sort((a, b) => a - b);
  for (let i = 1; i < numbers.length; i++) {
    const value = numbers[i] as number;
    let j = i - 1;
    while (j >= 0 && (numbers[j] as number) > value) {
      numbers[j + 1] = numbers[j] as number;
      j--;
    }
    numbers[j + 1] = value;
  }
  return numbers;
}
