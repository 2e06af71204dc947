/**
 * How two values compare (language.md 3.2): the primitives that index, reference matcher and json-rules-engine's
 * operators share. Knows nothing of rules, fields or indexes.
 */
import { foldText } from "../domain/index.ts";
import type { FieldValue } from "../domain/index.ts";

export type Scalar = string | number | boolean;

/** Text as it compares: NFC, and without case unless asked exactly. */
export function comparable(text: string, exactly: boolean): string {
  return exactly ? text.normalize("NFC") : foldText(text);
}

export function isList(value: FieldValue): value is readonly Scalar[] {
  return Array.isArray(value);
}

/** A scalar as text tests see it: 503 as `503`, true as `true`. */
export function textOf(value: Scalar): string {
  return typeof value === "string" ? value : String(value);
}

const NUMBER = /^\s*[+-]?\d+(?:\.\d+)?\s*$/;

/** The number that a text is, undefined when it is none. The language's form: `42`, `3.5`, `-5`. */
export function numberOfText(text: string): number | undefined {
  // Most texts begin with a letter: that is seen before a regular expression is asked.
  const first = text.charCodeAt(0);
  if (first > 57 && first < 128) return undefined;
  return NUMBER.test(text) ? Number(text) : undefined;
}

/** Equal scalars: text with text folded; a number with text that is a number; a boolean with its word. */
export function equalScalars(left: Scalar, right: Scalar, exactly: boolean): boolean {
  if (typeof left === "string" && typeof right === "string") {
    return left === right || comparable(left, exactly) === comparable(right, exactly);
  }
  if (typeof left === "number" && typeof right === "number") return left === right;
  if (typeof left === "number" && typeof right === "string") return numberOfText(right) === left;
  if (typeof left === "string" && typeof right === "number") return numberOfText(left) === right;
  if (typeof left === "boolean" && typeof right === "boolean") return left === right;
  if (typeof left === "number" || typeof right === "number") return false;
  return comparable(textOf(left), exactly) === comparable(textOf(right), exactly);
}

/** Below zero, zero, above zero; undefined where there is no order: plain text, booleans, lists, missing values. */
export function compareOrder(left: FieldValue, right: FieldValue): number | undefined {
  if (typeof left === "number" && typeof right === "number") return left - right;
  if (typeof left === "number" && typeof right === "string") return difference(left, numberOfText(right));
  if (typeof left === "string" && typeof right === "number") return difference(numberOfText(left), right);
  return undefined;
}

function difference(left: number | undefined, right: number | undefined): number | undefined {
  return left === undefined || right === undefined ? undefined : left - right;
}

/** Place of a value among declared, ordered words; undefined for words outside the list. */
export function rankOf(value: FieldValue, ranks: ReadonlyMap<string, number>): number | undefined {
  return value === undefined || isList(value) ? undefined : ranks.get(foldText(textOf(value)));
}

/** A part of a text, an element of a list. */
export function containsValue(left: FieldValue, right: Scalar, exactly: boolean): boolean {
  if (left === undefined) return false;
  if (isList(left)) return left.some((element) => equalScalars(element, right, exactly));
  return comparable(textOf(left), exactly).includes(comparable(textOf(right), exactly));
}

export function startsWithValue(left: FieldValue, right: Scalar, exactly: boolean): boolean {
  if (left === undefined || isList(left)) return false;
  return comparable(textOf(left), exactly).startsWith(comparable(textOf(right), exactly));
}

export function endsWithValue(left: FieldValue, right: Scalar, exactly: boolean): boolean {
  if (left === undefined || isList(left)) return false;
  return comparable(textOf(left), exactly).endsWith(comparable(textOf(right), exactly));
}
