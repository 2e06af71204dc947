/**
 * All atoms of an index in flat arrays, verified for the event that is loaded. Knows nothing of rules.
 *
 *   kind      ONE | SET | RANGE | EMPTY | ASK
 *   field     which field                          (not for ASK)
 *   operand   ONE: the id; SET: row of `sets`      sets[row][id] is 1 when the id is in it
 *   low, high RANGE, both ends in
 *   memo      ASK: epoch << 1 | result, kept apart as a double and never cleared: the next event has another epoch
 */
import { isEmpty } from "../../domain/index.ts";
import type { Atom } from "./atoms.ts";
import { idsOf } from "./choose-access.ts";
import type { EventFields, FieldTable } from "./event-fields.ts";

const ONE = 0;
const SET = 1;
const RANGE = 2;
const EMPTY = 3;
const ASK = 4;

export class AtomTable {
  readonly #kinds: Uint8Array;
  readonly #fields: Int32Array;
  readonly #operands: Int32Array;
  readonly #lows: Float64Array;
  readonly #highs: Float64Array;
  readonly #memo: Float64Array;
  readonly #sets: Uint8Array[] = [];
  readonly #asks: ((event: EventFields) => boolean)[] = [];
  readonly #event: EventFields;

  constructor(atoms: readonly Atom[], table: FieldTable, event: EventFields) {
    this.#event = event;
    this.#kinds = new Uint8Array(atoms.length);
    this.#fields = new Int32Array(atoms.length);
    this.#operands = new Int32Array(atoms.length);
    this.#lows = new Float64Array(atoms.length);
    this.#highs = new Float64Array(atoms.length);
    this.#memo = new Float64Array(atoms.length);
    for (const [index, atom] of atoms.entries()) this.#fill(index, atom, table);
  }

  #fill(index: number, { test }: Atom, table: FieldTable): void {
    if (test.kind === "predicate") {
      this.#kinds[index] = ASK;
      this.#operands[index] = this.#asks.push(test.holds) - 1;
      return;
    }
    this.#fields[index] = test.field;
    if (test.kind === "among") {
      const ids = idsOf(table, test);
      this.#kinds[index] = ids.length === 1 ? ONE : SET;
      this.#operands[index] =
        ids.length === 1 ? (ids[0] ?? 0) : this.#addSet(ids, table.at(test.field).ids.size);
    } else if (test.kind === "range") {
      this.#kinds[index] = RANGE;
      this.#lows[index] = test.low;
      this.#highs[index] = test.high;
    } else {
      this.#kinds[index] = EMPTY;
    }
  }

  #addSet(ids: readonly number[], size: number): number {
    const set = new Uint8Array(size);
    for (const id of ids) set[id] = 1;
    return this.#sets.push(set) - 1;
  }

  holds(atom: number): boolean {
    const field = this.#fields[atom] as number;
    switch (this.#kinds[atom]) {
      case ONE:
        return this.#event.ids[field] === this.#operands[atom];
      case SET:
        return (
          (this.#sets[this.#operands[atom] as number] as Uint8Array)[this.#event.ids[field] as number] === 1
        );
      case RANGE: {
        const value = this.#event.numbers[field] as number;
        return value >= (this.#lows[atom] as number) && value <= (this.#highs[atom] as number);
      }
      case EMPTY:
        return isEmpty(this.#event.values[field]);
      default:
        return this.#ask(atom);
    }
  }

  #ask(atom: number): boolean {
    const known = (this.#memo[atom] as number) - this.#event.epoch * 2;
    if (known === 0 || known === 1) return known === 1;
    const ask = this.#asks[this.#operands[atom] as number];
    const result = ask !== undefined && ask(this.#event);
    this.#memo[atom] = this.#event.epoch * 2 + (result ? 1 : 0);
    return result;
  }
}
