/**
 * The fields that a rule set's index reads, and what an event has in them: value, id, rank, folded text, each
 * worked out at most once an event. Knows nothing of rules; the scratch of one event at a time.
 */
import { foldText } from "../../domain/index.ts";
import type { Field, FieldValue, RecordEntry, Snapshot } from "../../domain/index.ts";
import { isList, numberOfText, textOf } from "../compare.ts";
import { contextOf } from "../evaluate-condition.ts";
import type { EvaluationContext } from "../types.ts";
import { NumericRanks } from "./numeric-ranks.ts";
import { ValueIds } from "./value-ids.ts";

/** A field as the index sees it: of the catalogue, or one of the index's own (`(organization)`). */
export interface IndexedField {
  readonly key: string;
  readonly read: (snapshot: Snapshot) => FieldValue;
  readonly entry: RecordEntry | undefined;
  /** Constants that rules compare it with, also its elements when it is a list. */
  readonly ids: ValueIds;
  /** Thresholds that rules compare it with. */
  readonly ranks: NumericRanks;
  /** Some rule asks for its id, its rank. */
  needsId: boolean;
  needsRank: boolean;
}

/** While building: fields by key, numbered from 0. */
export class FieldTable {
  readonly fields: IndexedField[] = [];
  readonly #byKey = new Map<string, number>();

  indexOf(key: string, read: IndexedField["read"], entry?: RecordEntry): number {
    let index = this.#byKey.get(key);
    if (index === undefined) {
      index = this.fields.length;
      const [ids, ranks] = [new ValueIds(), new NumericRanks()];
      this.fields.push({ key, read, entry, ids, ranks, needsId: false, needsRank: false });
      this.#byKey.set(key, index);
    }
    return index;
  }

  of(field: Field): number {
    return this.indexOf(field.path, field.read, field.entry);
  }

  at(index: number): IndexedField {
    const field = this.fields[index];
    if (field === undefined) throw new Error(`no indexed field ${index}`);
    return field;
  }
}

/** One event; filled by `load`, read until the next `load`. Never shared between events that overlap. */
export class EventFields {
  readonly values: FieldValue[];
  /** 0 where the field has no value that a rule names. */
  readonly ids: Int32Array;
  /** -1 where the field is no number and no text that is one: compares with nothing. */
  readonly ranks: Int32Array;
  /** Grows with every event: what is stamped with it is of this event, so nothing is ever cleared. */
  epoch = 0;
  readonly #fields: readonly IndexedField[];
  /** Fields read one by one, and those that are entries of one record. */
  readonly #single: readonly number[];
  readonly #records: readonly EntriesOfRecord[];
  readonly #withId: readonly number[];
  readonly #withRank: readonly number[];
  /** Read by nobody: what is written here keeps the touching from being optimised away. */
  touched = 0;
  readonly #texts: (string | undefined)[];
  readonly #textEpochs: Float64Array;
  readonly #asciiEpochs: Float64Array;
  readonly #zone: string | undefined;
  #snapshot: Snapshot | undefined;
  #context: EvaluationContext | undefined;

  constructor(fields: readonly IndexedField[], zone: string | undefined) {
    this.#fields = fields;
    this.#zone = zone;
    const where = (has: (field: IndexedField) => boolean): number[] =>
      fields.flatMap((field, index) => (has(field) ? [index] : []));
    this.#single = where(({ entry }) => entry === undefined);
    this.#records = entriesByRecord(fields);
    this.#withId = where(({ needsId }) => needsId);
    this.#withRank = where(({ needsRank }) => needsRank);
    this.values = fields.map(() => undefined);
    // One at least: a posting with nothing to verify looks at field 0, whatever is there.
    this.ids = new Int32Array(1 + fields.length);
    this.ranks = new Int32Array(fields.length);
    this.#texts = fields.map(() => undefined);
    this.#textEpochs = new Float64Array(fields.length);
    this.#asciiEpochs = new Float64Array(fields.length);
  }

  load(snapshot: Snapshot): void {
    this.epoch++;
    this.#snapshot = snapshot;
    this.#context = undefined;
    const { values } = this;
    for (const i of this.#single) values[i] = (this.#fields[i] as IndexedField).read(snapshot);
    for (const { record, names, indexes } of this.#records) {
      const own = record(snapshot);
      for (let i = 0; i < names.length; i++) values[indexes[i] as number] = own?.[names[i] as string];
    }
    this.#touchTexts();
    for (const i of this.#withId) {
      const value = values[i];
      this.ids[i] = value === undefined ? 0 : (this.#fields[i] as IndexedField).ids.idOf(value);
    }
    for (const i of this.#withRank) {
      const { ranks } = this.#fields[i] as IndexedField;
      this.ranks[i] = ranks.rankOf(numberOf(values[i]));
    }
  }

  /** The texts of an event lie anywhere in memory: asked for together they come together, one by one each is waited for. */
  #touchTexts(): void {
    let units = 0;
    for (const value of this.values) if (typeof value === "string") units += value.length;
    this.touched = units;
  }

  /** Text of a scalar as it came; undefined for a missing value and a list. */
  rawText(field: number): string | undefined {
    const value = this.values[field];
    if (typeof value === "string") return value;
    return value === undefined || isList(value) ? undefined : textOf(value);
  }

  /** Folded text of a scalar; undefined for a missing value and a list. */
  text(field: number): string | undefined {
    if (this.#textEpochs[field] !== this.epoch) {
      this.#textEpochs[field] = this.epoch;
      const raw = this.rawText(field);
      this.#texts[field] = raw === undefined ? undefined : this.#fold(field, raw);
    }
    return this.#texts[field];
  }

  #fold(field: number, raw: string): string {
    return this.#asciiEpochs[field] === this.epoch ? raw.toLowerCase() : foldText(raw);
  }

  /** Somebody who read the whole text of the field saw ASCII only: folding it is cheap. */
  knowAscii(field: number): void {
    this.#asciiEpochs[field] = this.epoch;
  }

  idOfElement(field: number, element: FieldValue): number {
    return (this.#fields[field] as IndexedField).ids.idOf(element);
  }

  /** For tests that the index does not know: the tree evaluator's own context. */
  get context(): EvaluationContext {
    if (this.#snapshot === undefined) throw new Error("no event was loaded");
    return (this.#context ??= contextOf(this.#snapshot, this.#zone));
  }
}

interface EntriesOfRecord {
  readonly record: RecordEntry["record"];
  readonly names: readonly string[];
  readonly indexes: readonly number[];
}

function entriesByRecord(fields: readonly IndexedField[]): readonly EntriesOfRecord[] {
  const byRecord = new Map<RecordEntry["record"], { names: string[]; indexes: number[] }>();
  for (const [index, { entry }] of fields.entries()) {
    if (entry === undefined) continue;
    let entries = byRecord.get(entry.record);
    if (entries === undefined) byRecord.set(entry.record, (entries = { names: [], indexes: [] }));
    entries.names.push(entry.name);
    entries.indexes.push(index);
  }
  return [...byRecord].map(([record, entries]) => ({ record, ...entries }));
}

function numberOf(value: FieldValue): number {
  if (typeof value === "number") return value;
  return typeof value === "string" ? (numberOfText(value) ?? Number.NaN) : Number.NaN;
}
