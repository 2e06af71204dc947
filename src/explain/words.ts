/** What would have to be different, as a person says it: `alert.severity would have to be at least "minor" (is "info")`. */
import { EXPLAIN_TEXT_CHARACTERS_MAX, toRfc3339, unreachable } from "../domain/index.ts";
import type { FieldValue } from "../domain/index.ts";
import type { CountTestIr, TestIr } from "../compiler/index.ts";
import { describeExpr } from "../matcher/index.ts";
import type { Need } from "./rule-reading.ts";

type Scalar = string | number | boolean;

/** Values that a sentence names; a list of a thousand customers is counted. */
const NAMED_MAX = 5;

/** `have to be at least "minor"`, for needs of one path joined by `and`. `right`: what the test compares with, as values. */
export function demandOf({ leaf, wanted }: Need, right: readonly Scalar[]): string {
  const { test } = leaf;
  if (test === undefined) return wanted ? `be ${oneOf(right)}` : `not be ${oneOf(right)}`;
  const positive = wanted !== leaf.negated;
  const not = positive ? "" : "not ";
  if (test.kind === "calendar") {
    return `be ${test.inside === positive ? "during" : "outside"} "${test.calendar.name}"`;
  }
  if (test.kind === "count") return countDemand(test, positive);
  const exactly = test.exactly ? "exactly " : "";
  switch (test.operator) {
    case "equals":
      return `${not}be ${exactly}${oneOf(right)}`;
    case "contains":
      return `${not}contain ${exactly}${anyOf(right)}`;
    case "starts-with":
      return `${not}start with ${exactly}${anyOf(right)}`;
    case "ends-with":
      return `${not}end with ${exactly}${anyOf(right)}`;
    case "matches":
      return `${not}match ${exactly}${right.map((pattern) => `'${String(pattern)}'`).join(" or ")}`;
    case "like":
      return `${not}be like ${exactly}${likeText(test)}`;
    case "empty":
      return positive ? "be empty" : "have a value";
    case "at-least":
      return `${not}be at least ${anyOf(right)}`;
    case "at-most":
      return `${not}be at most ${anyOf(right)}`;
    case "more-than":
      return `${not}be more than ${anyOf(right)}`;
    case "less-than":
      return `${not}be less than ${anyOf(right)}`;
    case "between":
      return `${not}be between ${right.map(valueWords).join(" and ")}`;
    case "changed":
      return positive ? "have changed so" : "not have changed so";
    default:
      return unreachable(test.operator);
  }
}

/** What the sentence is about: a path, a lookup, the moment of the event, a count. */
export function subjectOf({ leaf }: Need): string {
  const { test } = leaf;
  if (test === undefined) return "the organization";
  if (test.kind === "count")
    return test.key.replace(/\d+ ms/u, (span) => durationWords(Number.parseInt(span, 10)));
  if (test.kind === "calendar") return test.at === undefined ? "the moment" : describeExpr(test.at);
  return describeExpr(test.left);
}

function countDemand(test: CountTestIr, positive: boolean): string {
  const least = test.comparator === "more-than" ? test.count + 1 : test.count;
  return positive ? `be at least ${least}` : `be fewer than ${least}`;
}

function oneOf(values: readonly Scalar[]): string {
  return values.length === 1 ? valueWords(values[0]) : `one of ${several(values)}`;
}

function anyOf(values: readonly Scalar[]): string {
  return values.length === 1 ? valueWords(values[0]) : `any of ${several(values)}`;
}

function several(values: readonly Scalar[]): string {
  if (values.length === 0) return "nothing";
  const named = values.slice(0, NAMED_MAX).map((value) => valueWords(value));
  const more = values.length - named.length;
  return more > 0 ? `${named.join(", ")} and ${more} more` : named.join(", ");
}

function likeText({ pattern }: TestIr): string {
  const text = (pattern?.pieces ?? [])
    .map((piece) => (piece.kind === "literal" ? piece.text : piece.kind === "star" ? "*" : `{${piece.name}}`))
    .join("");
  return JSON.stringify(text);
}

/** `is "info"`, `is missing`; times as times. */
export function isWords(value: FieldValue, isTime: boolean): string {
  if (value === undefined) return "is missing";
  if (isTime && typeof value === "number") return `is ${timeWords(value)}`;
  return `is ${valueWords(value)}`;
}

export function valueWords(value: FieldValue): string {
  return value === undefined ? "missing" : cut(JSON.stringify(value));
}

export function timeWords(at: number): string {
  return Math.abs(at) <= 8e15 ? toRfc3339(at) : String(at);
}

/** Long texts of customers make no sentence longer than a person reads. */
export function cut(text: string): string {
  const characters = [...text];
  return characters.length <= EXPLAIN_TEXT_CHARACTERS_MAX
    ? text
    : `${characters.slice(0, EXPLAIN_TEXT_CHARACTERS_MAX).join("")}...`;
}

const UNITS: readonly (readonly [string, number])[] = [
  ["week", 604_800_000],
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1000],
];

/** `1 hour 30 minutes` */
export function durationWords(ms: number): string {
  let left = ms;
  const words: string[] = [];
  for (const [unit, size] of UNITS) {
    const n = Math.floor(left / size);
    if (n === 0) continue;
    words.push(`${n} ${unit}${n === 1 ? "" : "s"}`);
    left -= n * size;
  }
  return words.length === 0 ? `${ms} ms` : words.join(" ");
}
