/**
 * Values as small integers: every constant that rules compare a field with gets ids once, and an event's value is
 * looked up once; after that `is` and `in` are integer compares. Knows how values compare, nothing of rules.
 *
 *   constants "Acme", "5", 5          field value          id
 *     text    "acme" -> 1               "ACME"             1
 *             "5"    -> 2               "5"                2
 *     number       5 -> 3               5                  3
 *     other text 5   -> 4               "5.0", " 05"       4   (text that is the number 5, but no constant's text)
 *                                       anything else      0   unknown to every rule
 *
 *   "5" is met by ids 2 and 3, the number 5 by 2, 3 and 4: text with text is text, with a number it is a number.
 *
 * That relation is not transitive ("5" = 5 = "5.0" but not "5" = "5.0"), so one id a value and a set of ids a constant,
 * instead of one id for all that is equal.
 */
import { foldText } from "../../domain/index.ts";
import type { FieldValue } from "../../domain/index.ts";
import { isList, numberOfText, textOf } from "../compare.ts";
import type { Scalar } from "../compare.ts";

/** Spellings kept a field, and how long: a bound on memory that events, not rules, decide. */
const LEARNED_MAX = 4096;
const LEARNED_UNITS_MAX = 100;

export class ValueIds {
  /** By folded text. */
  readonly #texts = new Map<string, number>();
  /** By text as it comes: as constants write it, and as events have written it. The common case needs no folding. */
  readonly #asWritten = new Map<string, number>();
  #learned = 0;
  readonly #numbers = new Map<number, number>();
  readonly #otherTexts = new Map<number, number>();
  /** Ids of the constants that are this number in text: `5`, `5.0`, `05`. */
  readonly #textsOfNumber = new Map<number, number[]>();
  #last = 0;

  /** While building only, before the first `idOf`. */
  add(constant: Scalar): void {
    if (typeof constant === "number") {
      this.#number(constant);
      if (!this.#otherTexts.has(constant)) this.#otherTexts.set(constant, ++this.#last);
      return;
    }
    const text = foldText(textOf(constant));
    let id = this.#texts.get(text);
    if (id === undefined) this.#texts.set(text, (id = this.#addText(text)));
    if (typeof constant === "string") this.#asWritten.set(constant, id);
  }

  #addText(text: string): number {
    const id = ++this.#last;
    const number = numberOfText(text);
    if (number === undefined) return id;
    this.#number(number);
    const same = this.#textsOfNumber.get(number);
    if (same === undefined) this.#textsOfNumber.set(number, [id]);
    else same.push(id);
    return id;
  }

  #number(value: number): void {
    if (!this.#numbers.has(value)) this.#numbers.set(value, ++this.#last);
  }

  /** Ids are 0 (unknown) to `size - 1`. */
  get size(): number {
    return this.#last + 1;
  }

  /** The ids of all values that equal the constant. */
  idsEqualTo(constant: Scalar): readonly number[] {
    if (typeof constant !== "number") {
      const text = foldText(textOf(constant));
      const number = numberOfText(text);
      return present([this.#texts.get(text), number === undefined ? undefined : this.#numbers.get(number)]);
    }
    const sameNumber = this.#textsOfNumber.get(constant) ?? [];
    return present([this.#numbers.get(constant), this.#otherTexts.get(constant), ...sameNumber]);
  }

  idOf(value: FieldValue): number {
    if (typeof value === "string") {
      return this.#asWritten.get(value) ?? this.#learn(value);
    }
    if (typeof value === "number") return this.#numbers.get(value) ?? 0;
    if (value === undefined || isList(value)) return 0;
    return this.#texts.get(textOf(value)) ?? 0;
  }

  /** Fields worth an index have few values: the first ones met are kept as they came, unknown ones too. */
  #learn(text: string): number {
    const id = this.#texts.get(foldText(text)) ?? this.#otherText(text);
    if (this.#learned < LEARNED_MAX && text.length <= LEARNED_UNITS_MAX) {
      this.#learned++;
      this.#asWritten.set(text, id);
    }
    return id;
  }

  #otherText(text: string): number {
    if (this.#otherTexts.size === 0) return 0;
    const number = numberOfText(text);
    return number === undefined ? 0 : (this.#otherTexts.get(number) ?? 0);
  }
}

function present(ids: readonly (number | undefined)[]): readonly number[] {
  return [...new Set(ids.filter((id) => id !== undefined))];
}
