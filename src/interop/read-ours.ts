/** The operators that `tocsin compile` writes, back in the language's words. Knows no other ones. */
import { compared, oneOf, type Leaf } from "./read-leaf.ts";
import { isScalar, literals, quoted, regexLiteral } from "./write-words.ts";
import { gapAt, isMembers, join, text, type Written } from "./written.ts";

const WORDS: ReadonlyMap<string, string> = new Map([
  ["is", "is"],
  ["containsText", "contains"],
  ["startsWith", "starts with"],
  ["endsWith", "ends with"],
]);
const ORDERS: ReadonlyMap<string, string> = new Map([
  ["atLeast", "at least"],
  ["atMost", "at most"],
  ["moreThan", "more than"],
  ["lessThan", "less than"],
]);

/** Undefined: not one of ours. */
export function readOurs(operator: string, leaf: Leaf): Written | undefined {
  const { left, value, path, told } = leaf;
  const isExactly = operator.endsWith("Exactly");
  const name = isExactly ? operator.slice(0, -"Exactly".length) : operator;
  const exactly = isExactly ? " exactly" : "";
  const word = WORDS.get(name);
  if (word !== undefined) return someOf(leaf, `${left} ${word}${exactly}`);
  if (name === "isEmpty") return text(`${left} is empty`);
  if (name === "like") return likePattern(leaf, exactly);
  if (name === "matches") {
    const patterns: readonly unknown[] = Array.isArray(value) ? value : [value];
    if (!patterns.every((one) => typeof one === "string"))
      return gapAt(told, [...path, "value"], "a pattern is a text");
    return join(
      "or",
      patterns.map((one) => text(`${left} matches${exactly} ${regexLiteral(one)}`)),
    );
  }
  if (name === "between" || name === "betweenRanks") return between(leaf, name === "betweenRanks");
  const isRank = name.endsWith("Rank");
  const order = ORDERS.get(isRank ? name.slice(0, -"Rank".length) : name);
  return order === undefined ? undefined : inOrder(leaf, order, isRank);
}

/** A value, any of a list, or a fact in its place. */
function someOf(leaf: Leaf, before: string): Written {
  return Array.isArray(leaf.value) ? oneOf(leaf, before) : compared(leaf, before);
}

function likePattern({ left, value, path, told }: Leaf, exactly: string): Written {
  const pieces: unknown = isMembers(value) ? value["like"] : undefined;
  if (!Array.isArray(pieces)) return gapAt(told, [...path, "value"], "a pattern has pieces");
  const written = pieces.map((piece: unknown) => {
    const { kind, text: chars, name } = isMembers(piece) ? piece : {};
    if (kind === "literal" && typeof chars === "string") return quoted(chars).slice(1, -1);
    return kind === "hole" && typeof name === "string" ? `{${name}}` : "*";
  });
  return text(`${left} like${exactly} "${written.join("")}"`);
}

function inOrder(leaf: Leaf, order: string, isRank: boolean): Written {
  if (!isRank) return someOf(leaf, `${leaf.left} ${order}`);
  const words = rankWords(leaf);
  return words === undefined ? { kind: "gap" } : oneOf({ ...leaf, value: words }, `${leaf.left} ${order}`);
}

function between(leaf: Leaf, isRank: boolean): Written {
  const ends = isRank ? rankWords(leaf) : leaf.value;
  if (ends === undefined) return { kind: "gap" };
  const written = Array.isArray(ends) && ends.every((end) => isScalar(end)) ? literals(ends) : undefined;
  if (written?.length !== 2) return gapAt(leaf.told, [...leaf.path, "value"], "two ends are wanted");
  return text(`${leaf.left} between ${written.join(" and ")}`);
}

/** The order that severities have by default; another one must be declared by hand. */
const SEVERITY_ORDER = JSON.stringify([["info"], ["warning"], ["minor"], ["major", "error"], ["critical"]]);

function rankWords({ left, value, path, told }: Leaf): readonly unknown[] | undefined {
  const { ranks, of } = isMembers(value) ? value : {};
  if (left === "alert.severity" && JSON.stringify(ranks) === SEVERITY_ORDER) {
    if (Array.isArray(of)) return of;
    if (isScalar(of)) return [of];
  }
  told.gap([...path, "value"], `\`${left}\` has an order of its own here: declare it with \`values\``);
  return undefined;
}
