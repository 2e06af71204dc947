/**
 * The fields that a rule set's index reads, and what an event has in them: value, id, number, folded text, each
 * worked out at most once an event. Knows nothing of rules; the scratch of one event at a time.
 */
import { foldText } from "../../domain/index.ts";
import type { FieldValue, Snapshot } from "../../domain/index.ts";
import { isList, numberOfText, textOf } from "../compare.ts";
import { contextOf } from "../evaluate-condition.ts";
import type { EvaluationContext } from "../types.ts";
import { ValueIds } from "./value-ids.ts";

/** A field as the index sees it: of the catalogue, or one of the index's own (`(organization)`). */
export interface IndexedField {
  readonly key: string;
  readonly read: (snapshot: Snapshot) => FieldValue;
  /** Constants that rules compare it with, also its elements when it is a list. */
  readonly ids: ValueIds;
  /** Some rule asks for its id, number. */
  needsId: boolean;
  needsNumber: boolean;
}

/** While building: fields by key, numbered from 0. */
export class FieldTable {
  readonly fields: IndexedField[] = [];
  readonly #byKey = new Map<string, number>();

  indexOf(key: string, read: IndexedField["read"]): number {
    let index = this.#byKey.get(key);
    if (index === undefined) {
      index = this.fields.length;
      this.fields.push({ key, read, ids: new ValueIds(), needsId: false, needsNumber: false });
      this.#byKey.set(key, index);
    }
    return index;
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
  /** NaN where the field is no number and no text that is one: compares with nothing. */
  readonly numbers: Float64Array;
  /** Grows with every event: what is stamped with it is of this event, so nothing is ever cleared. */
  epoch = 0;
  readonly #fields: readonly IndexedField[];
  readonly #texts: (string | undefined)[];
  readonly #textEpochs: Float64Array;
  readonly #asciiEpochs: Float64Array;
  readonly #zone: string | undefined;
  #snapshot: Snapshot | undefined;
  #context: EvaluationContext | undefined;

  constructor(fields: readonly IndexedField[], zone: string | undefined) {
    this.#fields = fields;
    this.#zone = zone;
    this.values = fields.map(() => undefined);
    this.ids = new Int32Array(fields.length);
    this.numbers = new Float64Array(fields.length);
    this.#texts = fields.map(() => undefined);
    this.#textEpochs = new Float64Array(fields.length);
    this.#asciiEpochs = new Float64Array(fields.length);
  }

  load(snapshot: Snapshot): void {
    this.epoch++;
    this.#snapshot = snapshot;
    this.#context = undefined;
    for (let i = 0; i < this.#fields.length; i++) {
      const field = this.#fields[i] as IndexedField;
      const value = field.read(snapshot);
      this.values[i] = value;
      if (field.needsId) this.ids[i] = value === undefined ? 0 : field.ids.idOf(value);
      if (field.needsNumber) this.numbers[i] = numberOf(value);
    }
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

function numberOf(value: FieldValue): number {
  if (typeof value === "number") return value;
  return typeof value === "string" ? (numberOfText(value) ?? Number.NaN) : Number.NaN;
}
