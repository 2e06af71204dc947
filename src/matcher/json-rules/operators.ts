/**
 * The operators that emitted rules need beside json-rules-engine itself: published as
 * `tocsin/json-rules-engine`. Written apart from index and tree evaluator, so that the engine's word is a second
 * opinion; only folding, regular expressions and `like` are shared. Knows nothing of rule sets.
 */
import { isOpen } from "../../calendar/index.ts";
import { foldText, isEmpty } from "../../domain/index.ts";
import type { FieldChange, FieldValue } from "../../domain/index.ts";
import { matchLike } from "../like-pattern.ts";
import { searchRegex } from "../regex.ts";
import { isTime } from "../stateless-tests.ts";
import type { CalendarOperand, ChangeOperand, LikeOperand, RankOperand } from "./json-form.ts";

export type JsonOperator = (factValue: unknown, operand: unknown) => boolean;

type Scalar = string | number | boolean;

type TextForm = (value: Scalar) => string;
const folded: TextForm = (value) => foldText(String(value));
const exact: TextForm = (value) => String(value).normalize("NFC");

/** By name. Each text operator has a twin that ends in `Exactly` and minds case. */
export const operators: Readonly<Record<string, JsonOperator>> = {
  ...textOperators("is", (value, asked, form) => sameScalar(value, asked, form)),
  ...textOperators("startsWith", (value, asked, form) => form(value).startsWith(form(asked))),
  ...textOperators("endsWith", (value, asked, form) => form(value).endsWith(form(asked))),
  containsText: (value, operand) => contains(value, operand, folded),
  containsTextExactly: (value, operand) => contains(value, operand, exact),
  matches: (value, operand) => matchesAny(value, operand, false),
  matchesExactly: (value, operand) => matchesAny(value, operand, true),
  like: (value, operand) => isLike(value, operand as LikeOperand, false),
  likeExactly: (value, operand) => isLike(value, operand as LikeOperand, true),
  isEmpty: (value) => isEmpty(value as FieldValue),
  atLeast: (value, operand) => someNumber(value, operand, (a, b) => a >= b),
  atMost: (value, operand) => someNumber(value, operand, (a, b) => a <= b),
  moreThan: (value, operand) => someNumber(value, operand, (a, b) => a > b),
  lessThan: (value, operand) => someNumber(value, operand, (a, b) => a < b),
  atLeastRank: (value, operand) => someRank(value, operand as RankOperand, (a, b) => a >= b),
  atMostRank: (value, operand) => someRank(value, operand as RankOperand, (a, b) => a <= b),
  moreThanRank: (value, operand) => someRank(value, operand as RankOperand, (a, b) => a > b),
  lessThanRank: (value, operand) => someRank(value, operand as RankOperand, (a, b) => a < b),
  between: (value, operand) => isBetween(value, operand),
  betweenRanks: (value, operand) => isBetweenRanks(value, operand as RankOperand),
  during: (value, operand) => isInside(value, operand as CalendarOperand) === true,
  outside: (value, operand) => isInside(value, operand as CalendarOperand) === false,
  isRuleOrNone: (value, operand) => value === undefined || value === operand,
  changed: (value, operand) => hasChanged(value as readonly FieldChange[], operand as ChangeOperand),
};

/* ---------- what the operators are made of ---------- */

/** A value against any of the asked ones; never a list or a missing value. */
function textOperators(
  name: string,
  holds: (value: Scalar, asked: Scalar, form: TextForm) => boolean,
): Readonly<Record<string, JsonOperator>> {
  const operator =
    (form: TextForm): JsonOperator =>
    (value, operand) =>
      isScalar(value) && elements(operand).some((asked) => holds(value, asked, form));
  return { [name]: operator(folded), [`${name}Exactly`]: operator(exact) };
}

function isScalar(value: unknown): value is Scalar {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

function elements(operand: unknown): readonly Scalar[] {
  return (Array.isArray(operand) ? operand : [operand]).filter(isScalar);
}

/** As soon as one side is a number both must be; else the texts decide. */
function sameScalar(value: Scalar, asked: Scalar, form: TextForm): boolean {
  if (typeof value !== "number" && typeof asked !== "number") return form(value) === form(asked);
  const [a, b] = [numberFrom(value), numberFrom(asked)];
  return a !== undefined && a === b;
}

function numberFrom(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  return typeof value === "string" && /^\s*[+-]?\d+(\.\d+)?\s*$/.test(value) ? Number(value) : undefined;
}

function contains(value: unknown, operand: unknown, form: TextForm): boolean {
  if (Array.isArray(value)) {
    return elements(value).some((element) =>
      elements(operand).some((asked) => sameScalar(element, asked, form)),
    );
  }
  return isScalar(value) && elements(operand).some((asked) => form(value).includes(form(asked)));
}

function matchesAny(value: unknown, operand: unknown, exactly: boolean): boolean {
  return (
    isScalar(value) &&
    elements(operand).some((pattern) => searchRegex(String(pattern), String(value), exactly))
  );
}

function isLike(value: unknown, operand: LikeOperand, exactly: boolean): boolean {
  return isScalar(value) && matchLike({ pieces: operand.like }, String(value), exactly) !== undefined;
}

/** Numbers have an order, also against text that is a number; two texts have none. */
function someNumber(value: unknown, operand: unknown, holds: (a: number, b: number) => boolean): boolean {
  return elements(operand).some((asked) => {
    if (typeof value !== "number" && typeof asked !== "number") return false;
    const [a, b] = [numberFrom(value), numberFrom(asked)];
    return a !== undefined && b !== undefined && holds(a, b);
  });
}

function isBetween(value: unknown, operand: unknown): boolean {
  if (!Array.isArray(operand) || operand.length !== 2) return false;
  const [low, high] = operand as readonly unknown[];
  return someNumber(value, low, (a, b) => a >= b) && someNumber(value, high, (a, b) => a <= b);
}

function placeIn(ranks: RankOperand["ranks"], value: unknown): number {
  return isScalar(value) ? ranks.findIndex((words) => words.includes(folded(value))) : -1;
}

function someRank(value: unknown, operand: RankOperand, holds: (a: number, b: number) => boolean): boolean {
  const place = placeIn(operand.ranks, value);
  if (place < 0) return false;
  return elements(operand.of).some((word) => {
    const asked = placeIn(operand.ranks, word);
    return asked >= 0 && holds(place, asked);
  });
}

function isBetweenRanks(value: unknown, operand: RankOperand): boolean {
  if (!Array.isArray(operand.of) || operand.of.length !== 2) return false;
  const [low, high] = operand.of;
  const { ranks } = operand;
  return (
    someRank(value, { ranks, of: low }, (a, b) => a >= b) &&
    someRank(value, { ranks, of: high }, (a, b) => a <= b)
  );
}

/** Undefined for what is no time: neither inside nor outside. */
function isInside(value: unknown, { calendar, zone, open, closed }: CalendarOperand): boolean | undefined {
  if (!isTime(value)) return undefined;
  return isOpen({ name: calendar, zone, hours: new Map(open), closed }, value);
}

/** `from` and `to` undefined ask for nothing. */
function hasChanged(changes: readonly FieldChange[], operand: ChangeOperand): boolean {
  const among = (value: FieldValue, asked: FieldValue): boolean =>
    asked === undefined || (isScalar(value) && elements(asked).some((one) => sameScalar(value, one, folded)));
  return changes.some(
    (change) =>
      change.field === operand.field && among(change.from, operand.from) && among(change.to, operand.to),
  );
}
