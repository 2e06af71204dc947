/**
 * The index over the rules of one kind of event (matching.md 3.3): access predicate, then verify the rest. Built aside and
 * whole by `buildKindIndex`, immutable but for the scratch of the event at hand, so one event at a time.
 *
 *   event -> fields: value, id, rank, folded text
 *         -> access structures, each telling spans of `postings`:
 *              words                one reader a field and way (begins, ends, anywhere)
 *              ids of a field       starts[id], starts[id + 1]
 *              pairs of fields      table.find(a, b)
 *              elements of lists    the same by the id of the element
 *         -> postings   [ ... | ... | ... ]         candidates, verified by `ResidualProgram`
 *         -> crowd      alive: 0101 0011 0110       what no access predicate tells apart, judged in columns
 *
 * Texts are read first and their hits kept: what verifies the rest asks the automata which words stood in the text.
 * Why not counting satisfied predicates (SIENA): common values touch a fifth of all rules an event, 50 times slower here.
 */
import type { Snapshot } from "../../domain/index.ts";
import { isList } from "../compare.ts";
import { CrowdRun } from "./crowd.ts";
import type { Crowd } from "./crowd.ts";
import type { EventFields } from "./event-fields.ts";
import type { PairTable } from "./pair-table.ts";
import type { PrefixTable } from "./prefix-table.ts";
import { POSTING_STRIDE } from "./residual-program.ts";
import type { ResidualProgram } from "./residual-program.ts";
import { Spans } from "./spans.ts";
import type { SpansBy } from "./spans.ts";
import type { WordAutomaton } from "./word-automaton.ts";

/** Reads the text of one field. `spans` and `vetoes` by the number of the word. */
export type WordReader = {
  readonly field: number;
  readonly spans: SpansBy;
  readonly vetoes: SpansBy | undefined;
} & (
  | { readonly kind: "anywhere"; readonly automaton: WordAutomaton }
  | { readonly kind: "begins" | "ends"; readonly table: PrefixTable }
);

export interface AccessStructures {
  readonly words: readonly WordReader[];
  readonly equal: readonly { readonly field: number; readonly spans: SpansBy }[];
  readonly pairs: readonly {
    readonly first: number;
    readonly second: number;
    readonly table: PairTable;
  }[];
  readonly elements: readonly {
    readonly field: number;
    readonly spans: SpansBy;
    readonly vetoes: SpansBy | undefined;
  }[];
}

export interface KindIndexParts {
  readonly access: AccessStructures;
  readonly postings: Int32Array;
  readonly crowd: Crowd;
  /** One posting a bit of the crowd. */
  readonly crowdPostings: Int32Array;
  /** The rule of each bit, and the bits of which nothing is left to verify. */
  readonly crowdRules: Int32Array;
  readonly crowdSure: Int32Array;
  readonly program: ResidualProgram;
  readonly fields: EventFields;
}

export class KindIndex {
  /** Of the event at hand: indexes of rules, ascending, as many as `find` said. */
  readonly found: Int32Array;
  readonly #access: AccessStructures;
  readonly #postings: Int32Array;
  readonly #crowd: CrowdRun | undefined;
  readonly #crowdPostings: Int32Array;
  readonly #crowdRules: Int32Array;
  readonly #crowdSure: Int32Array;
  readonly #program: ResidualProgram;
  readonly #fields: EventFields;
  readonly #spans = new Spans();
  readonly #vetoed = new Spans();

  constructor(parts: KindIndexParts) {
    this.#access = parts.access;
    this.#postings = parts.postings;
    this.#crowd = parts.crowd.count === 0 ? undefined : new CrowdRun(parts.crowd);
    this.#crowdPostings = parts.crowdPostings;
    this.#crowdRules = parts.crowdRules;
    this.#crowdSure = parts.crowdSure;
    this.found = parts.program.found;
    this.#program = parts.program;
    this.#fields = parts.fields;
  }

  /** How many rules were found: they are in `found`, in firing order, until the next event. */
  find(snapshot: Snapshot): number {
    const fields = this.#fields;
    fields.load(snapshot);
    this.#spans.clear();
    this.#vetoed.clear();
    this.#readTexts(fields);
    this.#readIds(fields);
    const program = this.#program;
    program.begin();
    program.check(this.#postings, this.#spans);
    if (this.#crowd !== undefined) {
      this.#crowd.narrow(fields, this.#vetoed);
      this.#checkCrowd(this.#crowd);
    }
    program.finish();
    sort(this.found, program.foundCount);
    return program.foundCount;
  }

  #readIds(fields: EventFields): void {
    const { ids } = fields;
    const spans = this.#spans;
    for (const { field, spans: byId } of this.#access.equal) {
      const id = ids[field] as number;
      tell(byId, id, spans);
    }
    for (const { first, second, table } of this.#access.pairs) {
      const a = ids[first] as number;
      const b = ids[second] as number;
      if (a !== 0 && b !== 0) table.find(a, b, spans);
    }
    for (const { field, spans: byId, vetoes } of this.#access.elements) {
      const list = fields.values[field];
      if (!isList(list)) continue;
      for (const element of list) {
        const id = fields.idOfElement(field, element);
        tell(byId, id, spans);
        if (vetoes !== undefined) tell(vetoes, id, this.#vetoed);
      }
    }
  }

  /** Texts in ASCII are read as they came; only others are folded first. */
  #readTexts(fields: EventFields): void {
    for (const reader of this.#access.words) {
      const { spans, vetoes } = reader;
      const { hits, hitCount } =
        reader.kind === "anywhere" ? readAnywhere(fields, reader) : readAffixes(fields, reader);
      for (let i = 0; i < hitCount; i++) tell(spans, hits[i] as number, this.#spans);
      if (vetoes === undefined) continue;
      for (let i = 0; i < hitCount; i++) tell(vetoes, hits[i] as number, this.#vetoed);
    }
  }

  /** Bits are in firing order. */
  #checkCrowd({ alive }: CrowdRun): void {
    const program = this.#program;
    const rules = this.#crowdRules;
    for (let word = 0; word < alive.length; word++) {
      const sure = this.#crowdSure[word] as number;
      for (let left = alive[word] as number; left !== 0; left &= left - 1) {
        const lowest = left & -left;
        const bit = word * 32 + 31 - Math.clz32(lowest);
        if ((sure & lowest) !== 0) program.takeOnly(rules[bit] as number);
        else program.checkAt(this.#crowdPostings, bit * POSTING_STRIDE);
      }
    }
  }
}

function readAnywhere(
  fields: EventFields,
  { field, automaton }: Extract<WordReader, { readonly kind: "anywhere" }>,
): WordAutomaton {
  const text = fields.rawText(field);
  if (text === undefined) automaton.skip();
  else if (automaton.scan(text)) fields.knowAscii(field);
  else automaton.scanFolded(fields.text(field) ?? "");
  return automaton;
}

function readAffixes(
  fields: EventFields,
  { field, kind, table }: Extract<WordReader, { readonly table: PrefixTable }>,
): PrefixTable {
  const text = fields.rawText(field) ?? "";
  if (kind === "begins") {
    if (!table.walk(text, false)) table.walk(fields.text(field) ?? "", true);
  } else if (!table.walkBack(text, false)) {
    table.walkBack(fields.text(field) ?? "", true);
  }
  return table;
}

function tell({ starts }: SpansBy, number: number, spans: Spans): void {
  const start = starts[number] as number;
  const end = starts[number + 1] as number;
  if (end > start) spans.push(start, end);
}

/** A handful of matches: insertion beats the general sort. What the crowd tells is in order already. */
function sort(numbers: Int32Array, count: number): void {
  for (let i = 1; i < count; i++) {
    const value = numbers[i] as number;
    if ((numbers[i - 1] as number) <= value) continue;
    if (count > 32) {
      numbers.subarray(0, count).sort();
      return;
    }
    let j = i - 1;
    while (j >= 0 && (numbers[j] as number) > value) {
      numbers[j + 1] = numbers[j] as number;
      j--;
    }
    numbers[j + 1] = value;
  }
}
