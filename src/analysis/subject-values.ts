/**
 * One subject of a conjunction: which values of it satisfy all that is asked of it. Says `impossible` only where that
 * is sure; what it does not understand it takes for possible. Knows nothing of rules.
 *
 *   positive `is`, `in`, ordered words   -> a few candidates, each tried on every other test of the subject
 *   `starts with`, `contains`, ...       -> the shape of a text
 *   `at least 5`, `between`              -> ranges of a number
 *   only negations                       -> a missing value satisfies them all
 */
import type { ExprIr, TestIr } from "../compiler/index.ts";
import { bareSnapshot, foldText, isEmpty } from "../domain/index.ts";
import type { Field, FieldValue, TriggerKind } from "../domain/index.ts";
import { evaluateCondition, NO_BINDINGS } from "../matcher/index.ts";
import type { EvaluationContext } from "../matcher/index.ts";
import { isNeverMissing, isNeverValue, leastOf, onlyValuesOf, valueKindOf } from "./facts.ts";
import type { ValueKind } from "./facts.ts";
import type { Literal } from "./literals.ts";
import { normalTest } from "./normal-test.ts";
import {
  atLeast,
  atMost,
  between,
  EVERYTHING,
  intersect,
  lessThan,
  moreThan,
  numberIn,
  outside,
} from "./number-range.ts";
import type { Range } from "./number-range.ts";
import { emptyShape, solveShape, writeText } from "./text-shape.ts";

export type Scalar = string | number | boolean;

interface Asked {
  readonly test: TestIr;
  readonly positive: boolean;
}

export type SubjectValues =
  | { readonly kind: "impossible" }
  /** `finite`: one of `examples`, and nothing else. Otherwise `examples` are worth a try. */
  | { readonly kind: "possible"; readonly finite: boolean; readonly examples: readonly FieldValue[] };

const IMPOSSIBLE: SubjectValues = { kind: "impossible" };

/** All literals are tests whose left side is this field. */
export function valuesOfField(field: Field, literals: readonly Literal[], event: TriggerKind): SubjectValues {
  const kind = valueKindOf(field);
  const asked: Asked[] = literals.flatMap(({ leaf, positive }) =>
    leaf.kind === "test" ? [{ test: normalTest(leaf), positive }] : [],
  );
  const blank = asked.some(({ test, positive }) => positive && test.operator === "empty");
  const present =
    isNeverMissing(field, event) ||
    asked.some(({ test, positive }) => positive !== (test.operator === "empty"));
  if (blank)
    return present ? blankValues(kind, asked) : { kind: "possible", finite: false, examples: [undefined] };
  if (!present) return { kind: "possible", finite: false, examples: [undefined] };
  const candidates = candidatesOf(field, kind, asked, event);
  if (candidates !== undefined) {
    const kept = candidates.filter(
      (value) => isPossible(field.path, event, value) && asked.every((one) => mayHold(one, value, kind)),
    );
    return kept.length === 0 ? IMPOSSIBLE : { kind: "possible", finite: true, examples: kept };
  }
  return kind === "list" ? listValues(asked) : openValues(kind, asked, leastOf(field.path));
}

/** What the event alone says of a value. */
function isPossible(path: string, event: TriggerKind, value: Scalar): boolean {
  const least = leastOf(path);
  if (typeof value === "number") return least === undefined || value >= least;
  return !isNeverValue(path, event, foldText(String(value)));
}

/* ---------- a few candidates ---------- */

/** Every value that can satisfy the positive tests is, folded, among them; undefined: too many to name. */
function candidatesOf(
  field: Field,
  kind: ValueKind,
  asked: readonly Asked[],
  event: TriggerKind,
): readonly Scalar[] | undefined {
  let best: readonly Scalar[] | undefined;
  for (const { test, positive } of asked) {
    const named = positive ? namedValues(test, kind) : undefined;
    if (named !== undefined && (best === undefined || named.length < best.length)) best = named;
  }
  if (best !== undefined) return best;
  return kind === "boolean" ? [true, false] : onlyValuesOf(field.path, event);
}

function namedValues(test: TestIr, kind: ValueKind): readonly Scalar[] | undefined {
  if (kind === "list" || kind === "boolean") return undefined;
  const ranked = test.ranks !== undefined && kind !== "number";
  if (test.operator !== "equals") return ranked ? rankedWords(test) : undefined;
  const values = constantsOf(test);
  if (values === undefined) return undefined;
  if (kind === "number") {
    const numbers = values.flatMap((value) => numericValue(value) ?? []);
    return [...new Set(numbers)];
  }
  // A number is met by many texts: "5", "5.0", " 5".
  if (values.some((value) => typeof value === "number" || (kind === "any" && isOddNumber(value))))
    return undefined;
  return [...new Set(values.map((value) => foldText(String(value))))];
}

function rankedWords(test: TestIr): readonly string[] | undefined {
  if (constantsOf(test) === undefined) return undefined;
  return [...(test.ranks?.keys() ?? [])].filter((word) => evaluateCondition(withLeft(test, word), NOWHERE));
}

/** `007` equals the number 7, which does not read so. */
function isOddNumber(value: Scalar): boolean {
  return typeof value === "string" && numericValue(value) !== undefined && String(Number(value)) !== value;
}

/** False only where it is sure that the test fails for every value that folds to the candidate. */
function mayHold({ test, positive }: Asked, value: Scalar, kind: ValueKind): boolean {
  const exact = typeof value !== "number" && typeof value !== "boolean";
  if (exact && (test.exactly || test.operator === "matches")) return true;
  if (test.operator === "changed" || constantsOf(test) === undefined) return true;
  // "5" may be the number 5, and that is "5.0" too.
  if (kind === "any" && test.operator === "equals" && constantsOf(test)?.some(isOddNumber) === true)
    return true;
  return evaluateCondition(withLeft(test, value), NOWHERE) === positive;
}

function withLeft(test: TestIr, value: FieldValue): TestIr {
  return { ...test, left: { kind: "const", value } };
}

/** Tests with constants on both sides read nothing of the event. */
const NOWHERE: EvaluationContext = {
  snapshot: bareSnapshot("alert-received", 0),
  bindings: NO_BINDINGS,
  now: 0,
  zone: undefined,
};

/* ---------- blank ---------- */

/** A value that is there and yet empty: a blank text or an empty list. */
function blankValues(kind: ValueKind, asked: readonly Asked[]): SubjectValues {
  if (kind === "number" || kind === "boolean") return IMPOSSIBLE;
  const fails = asked.some(
    ({ test, positive }) => positive && test.operator !== "empty" && neverOfBlank(test),
  );
  if (fails) return IMPOSSIBLE;
  if (asked.some(({ test, positive }) => !positive && test.operator === "empty")) return IMPOSSIBLE;
  return { kind: "possible", finite: false, examples: kind === "list" ? [[]] : [""] };
}

function neverOfBlank(test: TestIr): boolean {
  if (test.operator === "like")
    return (
      test.pattern?.pieces.some((piece) => piece.kind === "literal" && piece.text.trim() !== "") === true
    );
  if (test.operator === "matches" || test.operator === "changed" || test.ranks !== undefined) return false;
  return constantsOf(test)?.every((value) => !isEmpty(value)) === true;
}

/* ---------- lists ---------- */

function listValues(asked: readonly Asked[]): SubjectValues {
  const elements: Scalar[] = [];
  const never = new Set(
    asked.flatMap(({ test, positive }) =>
      !positive && test.operator === "contains" && !test.exactly
        ? (constantsOf(test) ?? []).map(elementKey)
        : [],
    ),
  );
  for (const { test, positive } of asked) {
    if (!positive || test.operator !== "contains") continue;
    const wanted = constantsOf(test);
    const allowed = wanted?.filter((value) => !never.has(elementKey(value)));
    if (allowed?.length === 0) return IMPOSSIBLE;
    if (allowed?.[0] !== undefined) elements.push(allowed[0]);
  }
  return { kind: "possible", finite: false, examples: [elements.length === 0 ? ["x"] : elements] };
}

function elementKey(value: Scalar): string {
  return `${typeof value} ${typeof value === "string" ? foldText(value) : String(value)}`;
}

/* ---------- texts and numbers ---------- */

const orderOperators = new Set<TestIr["operator"]>([
  "at-least",
  "at-most",
  "more-than",
  "less-than",
  "between",
]);

function openValues(kind: ValueKind, asked: readonly Asked[], least: number | undefined): SubjectValues {
  const known = rangesOf(kind, asked);
  const ranges = least === undefined ? known : intersect(known, [atLeast(least)]);
  if (ranges.length === 0) return IMPOSSIBLE;
  const shape = emptyShape();
  // A list may hold two texts of which neither is in the other; only a single value has one shape.
  const single =
    kind === "text" ||
    asked.some(({ test, positive }) => positive && test.operator !== "contains" && test.operator !== "empty");
  if (!single) return listValues(asked);
  for (const { test, positive } of asked) addToShape(shape, test, positive);
  const choices = kind === "number" ? undefined : solveShape(shape);
  if (kind !== "number" && choices === undefined) return IMPOSSIBLE;
  const [range] = ranges;
  const isNumeric =
    kind === "number" || asked.some(({ test }) => orderOperators.has(test.operator) && !test.ranks);
  if (isNumeric && range !== undefined)
    return { kind: "possible", finite: false, examples: [numberIn(range)] };
  const written = choices === undefined ? [] : [writeText(shape, choices)];
  return { kind: "possible", finite: false, examples: [...written, ...tightTexts(shape)] };
}

/** Without blanks between, for tests that would not like them. */
function tightTexts(shape: ReturnType<typeof emptyShape>): readonly string[] {
  const text = [shape.begins[0]?.[0], shape.holds[0]?.[0], shape.ends[0]?.[0]].filter(
    (part) => part !== undefined,
  );
  return [text.join("")];
}

function addToShape(shape: ReturnType<typeof emptyShape>, test: TestIr, positive: boolean): void {
  if (test.operator === "like") {
    if (positive) addPattern(shape, test);
    return;
  }
  const values = constantsOf(test)?.map((value) => foldText(String(value)));
  if (values === undefined || (!positive && test.exactly)) return;
  switch (test.operator) {
    case "starts-with":
      if (positive) shape.begins.push(values);
      else shape.neverBegins.push(...values);
      return;
    case "ends-with":
      if (positive) shape.ends.push(values);
      else shape.neverEnds.push(...values);
      return;
    case "contains":
      if (positive) shape.holds.push(values);
      else shape.neverHolds.push(...values);
      return;
    default:
  }
}

/** The literals of a pattern: the first begins the text, the last ends it. */
function addPattern(shape: ReturnType<typeof emptyShape>, test: TestIr): void {
  const pieces = test.pattern?.pieces ?? [];
  for (const [at, piece] of pieces.entries()) {
    if (piece.kind !== "literal") continue;
    const text = foldText(piece.text);
    if (at === 0) shape.begins.push([text]);
    if (at === pieces.length - 1) shape.ends.push([text]);
    if (at > 0 && at < pieces.length - 1) shape.holds.push([text]);
  }
}

/** What is left of the line of numbers. A negation says something only of what is surely a number. */
function rangesOf(kind: ValueKind, asked: readonly Asked[]): readonly Range[] {
  let ranges: readonly Range[] = EVERYTHING;
  let isNumber = kind === "number";
  for (const { test, positive } of asked) {
    const range = positive ? rangeOf(test) : undefined;
    if (range === undefined) continue;
    isNumber = true;
    ranges = intersect(ranges, [range]);
  }
  if (!isNumber) return ranges;
  for (const { test, positive } of asked) {
    const range = positive ? undefined : rangeOf(test);
    if (range !== undefined) ranges = intersect(ranges, outside(range));
  }
  return ranges;
}

/** Any of several right sides: the widest of them. */
function rangeOf(test: TestIr): Range | undefined {
  if (test.ranks !== undefined) return undefined;
  const numbers = constantsOf(test)?.map(numericValue);
  const known = numbers?.filter((number) => number !== undefined);
  if (known === undefined || known.length === 0 || known.length !== numbers?.length) return undefined;
  switch (test.operator) {
    case "at-least":
      return atLeast(Math.min(...known));
    case "more-than":
      return moreThan(Math.min(...known));
    case "at-most":
      return atMost(Math.max(...known));
    case "less-than":
      return lessThan(Math.max(...known));
    case "between":
      return known[0] === undefined || known[1] === undefined ? undefined : between(known[0], known[1]);
    default:
      return undefined;
  }
}

/* ---------- constants ---------- */

/** Undefined when a right side is known only with the event. */
export function constantsOf(test: TestIr): readonly Scalar[] | undefined {
  const known = constants.get(test.right);
  if (known !== undefined) return known.values;
  const values = constantsAmong(test);
  constants.set(test.right, { values });
  return values;
}

/** Asked for thousands of times for each test of a large set. */
const constants = new WeakMap<TestIr["right"], { readonly values: readonly Scalar[] | undefined }>();

function constantsAmong(test: TestIr): readonly Scalar[] | undefined {
  const values: Scalar[] = [];
  for (const side of test.right) {
    const constants = constantValues(side);
    if (constants === undefined) return undefined;
    values.push(...constants);
  }
  return values;
}

export function constantValues(expr: ExprIr): readonly Scalar[] | undefined {
  if (expr.kind === "list") {
    const parts = expr.of.map(constantValues);
    const known = parts.filter((part) => part !== undefined);
    return known.length === parts.length ? known.flat() : undefined;
  }
  if (expr.kind !== "const" || expr.value === undefined) return undefined;
  return Array.isArray(expr.value) ? expr.value : [expr.value as Scalar];
}

function numericValue(value: Scalar): number | undefined {
  if (typeof value === "number") return value;
  return typeof value === "string" && /^\s*[+-]?\d+(?:\.\d+)?\s*$/.test(value) ? Number(value) : undefined;
}
