/**
 * Values that would make one test hold, or not hold, the nearest to what is there first. Proposals only: whoever asks
 * tries them. Knows no event and no wording.
 */
import { foldText } from "../domain/index.ts";
import type { FieldValue } from "../domain/index.ts";
import type { LikePattern, TestIr } from "../compiler/index.ts";

type Scalar = string | number | boolean;

export interface Asked {
  readonly test: Pick<TestIr, "operator" | "ranks" | "pattern" | "exactly">;
  /** What the test compares with, as values. */
  readonly right: readonly Scalar[];
  readonly wanted: boolean;
  readonly current: FieldValue;
  /** The field takes lists. */
  readonly isList: boolean;
}

export function proposeValues(asked: Asked): readonly FieldValue[] {
  const { test, right, wanted, current } = asked;
  switch (test.operator) {
    case "equals":
      return wanted ? nearestFirst(right, current) : otherValues(asked);
    case "contains":
      return wanted
        ? right.flatMap((part) => containing(part, asked))
        : [withoutParts(right, asked), undefined];
    case "starts-with":
      return wanted
        ? right.flatMap((part) =>
            current === undefined ? [part] : [joined(part, " ", current), joined(part, current), part],
          )
        : [stripped(right, current, "front"), undefined];
    case "ends-with":
      return wanted
        ? right.flatMap((part) =>
            current === undefined ? [part] : [joined(current, " ", part), joined(current, part), part],
          )
        : [stripped(right, current, "end"), undefined];
    case "matches":
      return wanted ? right.flatMap((pattern) => plainMatches(String(pattern), current)) : [undefined];
    case "like":
      return wanted ? likeTexts(test.pattern, current) : [undefined];
    case "empty":
      return wanted ? [undefined, asked.isList ? [] : undefined] : [];
    case "at-least":
    case "at-most":
    case "more-than":
    case "less-than":
    case "between":
      return test.ranks === undefined
        ? [...numbersAround(asked), ...(wanted ? [] : [undefined])]
        : [...wordsAround(asked, test.ranks), ...(wanted ? [] : [undefined])];
    case "changed":
      return [];
  }
}

/* ---------- equality ---------- */

function otherValues({ test, right, current }: Asked): readonly FieldValue[] {
  if (typeof current === "boolean") return [!current];
  const words = test.ranks === undefined ? [] : [...test.ranks.keys()];
  const numbers = typeof current === "number" ? [current + 1, current - 1] : [];
  const taken = new Set(right.map((one) => foldText(String(one))));
  return [undefined, ...numbers, ...words.filter((word) => !taken.has(word))];
}

function nearestFirst(values: readonly Scalar[], current: FieldValue): readonly Scalar[] {
  if (typeof current !== "number") return values;
  return values.toSorted((a, b) => Math.abs(Number(a) - current) - Math.abs(Number(b) - current));
}

/* ---------- texts and lists ---------- */

function containing(part: Scalar, { current, isList }: Asked): readonly FieldValue[] {
  if (Array.isArray(current)) return [[...(current as readonly Scalar[]), part]];
  if (current === undefined) return isList ? [[part]] : [part];
  return [joined(current, " ", part), joined(current, part)];
}

function withoutParts(right: readonly Scalar[], { current }: Asked): FieldValue {
  const parts = right.map((part) => foldText(String(part)));
  if (Array.isArray(current))
    return (current as readonly Scalar[]).filter((one) => !parts.includes(foldText(String(one))));
  if (typeof current !== "string") return undefined;
  let text = current;
  for (const part of parts) {
    if (part === "") return undefined;
    for (let at = foldText(text).indexOf(part); at >= 0; at = foldText(text).indexOf(part))
      text = text.slice(0, at) + text.slice(at + part.length);
  }
  return text.replaceAll(/ {2,}/g, " ").trim();
}

function stripped(right: readonly Scalar[], current: FieldValue, side: "front" | "end"): FieldValue {
  if (typeof current !== "string") return undefined;
  const parts = right.map((part) => foldText(String(part))).filter((part) => part !== "");
  let text = current;
  const starts = (part: string): boolean =>
    side === "front" ? foldText(text).startsWith(part) : foldText(text).endsWith(part);
  for (let part = parts.find(starts); part !== undefined; part = parts.find(starts))
    text = side === "front" ? text.slice(part.length).trimStart() : text.slice(0, -part.length).trimEnd();
  return text;
}

function joined(...parts: readonly FieldValue[]): string {
  return parts.map((part) => (part === undefined || typeof part === "object" ? "" : String(part))).join("");
}

/** Only a pattern that is a plain text between anchors; another one is told as it is. */
function plainMatches(pattern: string, current: FieldValue): readonly string[] {
  const [, front, text, end] = /^(\^?)([^\\^$.*+?()[\]{}|]+)(\$?)$/u.exec(pattern) ?? [];
  if (text === undefined) return [];
  if (front !== "" && end !== "") return [text];
  if (front !== "") return [joined(text, " ", current), joined(text, current)];
  return [joined(current, current === undefined ? "" : " ", text), joined(current, text)];
}

/** The literals of the pattern around what is there, an `x` for each name. */
function likeTexts(pattern: LikePattern | undefined, current: FieldValue): readonly string[] {
  if (pattern === undefined) return [];
  const write = (hole: string, star: string): string =>
    pattern.pieces
      .map((piece) => (piece.kind === "literal" ? piece.text : piece.kind === "hole" ? hole : star))
      .join("");
  const { pieces } = pattern;
  const wildcards = pieces.filter(({ kind }) => kind !== "literal").length;
  const there = joined(current);
  return [...(wildcards === 1 && there !== "" ? [write(there, there)] : []), write("x", "")];
}

/* ---------- order ---------- */

/** The first whole numbers on either side of each bound, the nearest to what is there first. */
function numbersAround({ right, current }: Asked): readonly number[] {
  const bounds = right.map(Number).filter((bound) => Number.isFinite(bound));
  const numbers = new Set(
    bounds.flatMap((bound) => [
      bound,
      Math.floor(bound) + 1,
      Math.ceil(bound) - 1,
      Math.floor(bound),
      Math.ceil(bound),
    ]),
  );
  const [first = 0] = bounds;
  const parsed = current === undefined || typeof current === "object" ? NaN : Number(current);
  const from = Number.isFinite(parsed) ? parsed : first;
  return [...numbers].toSorted((a, b) => Math.abs(a - from) - Math.abs(b - from) || a - b);
}

/** Words of the list: the asked ones first where they are as near as others. */
function wordsAround({ right, current }: Asked, ranks: ReadonlyMap<string, number>): readonly string[] {
  const rankOf = (value: FieldValue): number | undefined =>
    value === undefined || typeof value === "object" ? undefined : ranks.get(foldText(String(value)));
  const asked = right.map(String).filter((word) => rankOf(word) !== undefined);
  const from = rankOf(current) ?? rankOf(asked[0]) ?? 0;
  const distance = (word: string): number => Math.abs((rankOf(word) ?? 0) - from);
  return [...new Set([...asked, ...ranks.keys()])].toSorted((a, b) => distance(a) - distance(b));
}
