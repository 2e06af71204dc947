/** Conditions in their one form. Knows `and`, `or`, `not`, brackets and operators; values are laid out by its caller. */
import type { CstNode } from "chevrotain";
import type { TokenRange } from "./comment-places.ts";
import { nest, type Doc } from "./doc.ts";
import { bracketed, chained, type ListItem } from "./lists.ts";
import {
  childNode,
  childNodes,
  childrenOf,
  childToken,
  isNode,
  joinPieces,
  part,
  rangeOf,
  tokenPiece,
  word,
  type Child,
  type Piece,
  type Writing,
} from "./sentence.ts";

/** Lays out any part of a sentence. */
export type Lay = (writing: Writing, node: CstNode) => readonly Piece[];

/** Without brackets around the whole. */
export function conditionDoc(writing: Writing, node: CstNode, lay: Lay): Doc {
  const inner = bracketsAround(node);
  if (inner !== undefined) return conditionDoc(writing, inner, lay);
  const items: ListItem[] = [];
  let joiner: Child | undefined;
  for (const child of childrenOf(node)) {
    if (!isNode(child.element)) {
      joiner = child;
      continue;
    }
    const unary = unaryDoc(writing, child.element, lay);
    const own = rangeOf(writing, child.element);
    if (joiner === undefined || isNode(joiner.element)) items.push({ doc: unary, range: own });
    else {
      const { first } = rangeOf(writing, joiner.element);
      items.push({ doc: [joiner.key.toLowerCase(), " ", unary], range: { first, last: own.last } });
    }
  }
  const [only] = items;
  return items.length === 1 && only !== undefined ? only.doc : chained(writing, items);
}

/** Several conditions joined by `and` or `or`, brackets around the whole aside. */
export function isChain(node: CstNode): boolean {
  const inner = bracketsAround(node);
  return inner === undefined ? childNodes(node, "unary").length > 1 : isChain(inner);
}

/** The condition in `(...)` when that is all; its brackets say nothing. */
function bracketsAround(node: CstNode): CstNode | undefined {
  const unaries = childNodes(node, "unary");
  const [unary] = unaries;
  if (unary === undefined || unaries.length > 1) return undefined;
  const operand = childNode(unary, "operand");
  const isBare =
    operand !== undefined && childToken(unary, "Not") === undefined && childNode(unary, "tail") === undefined;
  const group = isBare ? childNode(operand, "group") : undefined;
  return group === undefined ? undefined : soleCondition(group);
}

function soleCondition(group: CstNode): CstNode | undefined {
  const conditions = childNodes(group, "condition");
  return conditions.length === 1 && childToken(group, "Comma") === undefined ? conditions[0] : undefined;
}

function unaryDoc(writing: Writing, node: CstNode, lay: Lay): Doc {
  const operand = childNode(node, "operand");
  const tail = childNode(node, "tail");
  if (operand === undefined) return "";
  const nots = (node.children["Not"] ?? []).map(() => word("not"));
  if (tail === undefined) {
    const group = childNode(operand, "group");
    const inner = nots.length === 0 && group !== undefined ? soleUnary(group) : undefined;
    if (inner !== undefined) return unaryDoc(writing, inner, lay);
    return joinPieces([...nots, ...operandPieces(writing, operand, lay)]);
  }
  const { negated, pieces, membership } = tailPieces(writing, tail, lay);
  const turned = negated ? [...nots, word("not")] : nots;
  const left = operandPieces(writing, operand, lay);
  const path = membership === undefined ? undefined : tagsBehind(operand, membership);
  if (path === undefined) return joinPieces([...turned, ...left, ...pieces]);
  const exactly = membership !== undefined && childToken(membership, "Exactly") !== undefined;
  const notIn = tailNegation(tail) && !negated ? [word("not")] : [];
  return joinPieces([
    ...turned,
    ...notIn,
    ...lay(writing, path),
    word("contains"),
    ...(exactly ? [word("exactly")] : []),
    ...left,
  ]);
}

/** What stands alone in brackets needs none beside `and` and `or`. */
function soleUnary(group: CstNode): CstNode | undefined {
  const condition = soleCondition(group);
  const unaries = condition === undefined ? [] : childNodes(condition, "unary");
  return unaries.length === 1 ? unaries[0] : undefined;
}

/** `"lab" in alert.device.tags` is written `alert.device.tags contains "lab"`. */
function tagsBehind(operand: CstNode, right: CstNode): CstNode | undefined {
  const left = childNode(operand, "atom");
  const atom = childNode(right, "atom");
  const lookup = atom === undefined ? undefined : childNode(atom, "pathOrLookup");
  if (left === undefined || childToken(left, "Quoted") === undefined || lookup === undefined)
    return undefined;
  const path = childNode(lookup, "path");
  const words = path?.children["Word"] ?? [];
  const last = words.at(-1);
  const isTags =
    words.length > 1 && last !== undefined && !isNode(last) && last.image.toLowerCase() === "tags";
  return isTags && childToken(lookup, "LBracket") === undefined ? path : undefined;
}

function operandPieces(writing: Writing, operand: CstNode, lay: Lay): readonly Piece[] {
  const group = childNode(operand, "group");
  if (group !== undefined) return [part(groupDoc(writing, group, lay))];
  const quantified = childNode(operand, "quantified");
  return quantified === undefined ? lay(writing, operand) : quantifiedPieces(writing, quantified, lay);
}

function groupDoc(writing: Writing, group: CstNode, lay: Lay): Doc {
  const sole = soleCondition(group);
  if (sole === undefined) return conditionList(writing, group, lay);
  return ["(", nest("here", conditionDoc(writing, sole, lay)), ")"];
}

function quantifiedPieces(writing: Writing, node: CstNode, lay: Lay): readonly Piece[] {
  const quantifier = quantifierOf(node);
  const group = childNode(node, "group");
  const list: Doc = group === undefined ? "()" : conditionList(writing, group, lay);
  return [word(`${quantifier ?? "any"} of`), part(list)];
}

function quantifierOf(node: CstNode): "any" | "all" | "none" | undefined {
  if (childToken(node, "Any") !== undefined || childToken(node, "One") !== undefined) return "any";
  if (childToken(node, "All") !== undefined) return "all";
  return childToken(node, "None") === undefined ? undefined : "none";
}

function conditionList(writing: Writing, group: CstNode, lay: Lay): Doc {
  const items = itemsOf(writing, group, "condition", (node) => conditionDoc(writing, node, lay));
  return bracketed(writing, items, rangeOf(writing, group), { open: "(", close: ")", lastComma: false });
}

/** The parts between commas, each with the comma behind it. */
export function itemsOf(
  writing: Writing,
  node: CstNode,
  name: string,
  lay: (node: CstNode) => Doc,
): readonly ListItem[] {
  const items: { doc: Doc; range: TokenRange }[] = [];
  for (const { key, element } of childrenOf(node)) {
    const last = items.at(-1);
    if (isNode(element) && key === name) items.push({ doc: lay(element), range: rangeOf(writing, element) });
    else if (key === "Comma" && last !== undefined) {
      last.range = { first: last.range.first, last: rangeOf(writing, element).last };
    }
  }
  return items;
}

/* ---------- operators ---------- */

interface Tail {
  /** The negation is written before the whole comparison. */
  readonly negated: boolean;
  readonly pieces: readonly Piece[];
  /** The right side of `in`. */
  readonly membership: CstNode | undefined;
}

function tailNegation(tail: CstNode): boolean {
  const isTail = childNode(tail, "isTail");
  return childToken(isTail ?? tail, "Not") !== undefined;
}

/** `is not` and `not in` keep their `not`; every other operator has it before the comparison. */
function tailPieces(writing: Writing, tail: CstNode, lay: Lay): Tail {
  const negated = tailNegation(tail);
  const isTail = childNode(tail, "isTail");
  const holder = isTail ?? tail;
  const operation = childNode(holder, "operation");
  if (operation !== undefined) return operationPieces(writing, operation, negated, lay);
  const infinitive = childNode(tail, "infinitive");
  if (infinitive !== undefined)
    return { negated, pieces: infinitivePieces(writing, infinitive, lay), membership: undefined };
  const right = isTail === undefined ? undefined : childNode(isTail, "right");
  if (right === undefined)
    return { negated: false, pieces: plainPieces(writing, tail, lay), membership: undefined };
  const quantifier = quantifierOf(right);
  if (quantifier === "any" || quantifier === "none") {
    return membershipOf(writing, right, negated !== (quantifier === "none"), lay, false);
  }
  const is = negated ? [word("is"), word("not")] : [word("is")];
  return { negated: false, pieces: [...is, ...rightPieces(writing, right, lay)], membership: undefined };
}

function operationPieces(writing: Writing, operation: CstNode, negated: boolean, lay: Lay): Tail {
  const operator = childNode(operation, "operator");
  const right = childNode(operation, "right");
  const calendar = childNode(operation, "calendarTest");
  if (calendar !== undefined)
    return { negated: false, pieces: calendarPieces(calendar, negated), membership: undefined };
  if (operator === undefined || right === undefined)
    return { negated, pieces: plainPieces(writing, operation, lay), membership: undefined };
  if (childToken(operator, "In") !== undefined) return membershipOf(writing, right, negated, lay, true);
  const pieces = [...plainPieces(writing, operator, lay), ...rightPieces(writing, right, lay)];
  return { negated, pieces, membership: undefined };
}

/** `not during` is `outside`. */
function calendarPieces(node: CstNode, negated: boolean): readonly Piece[] {
  const inside = (childToken(node, "During") !== undefined) !== negated;
  const name = childToken(node, "Quoted");
  return [word(inside ? "during" : "outside"), ...(name === undefined ? [] : [tokenPiece("Quoted", name)])];
}

/** `in`, also for `is any of` (`typed` is false then): several values are a list, one name stands for itself. */
function membershipOf(writing: Writing, right: CstNode, negated: boolean, lay: Lay, typed: boolean): Tail {
  const quantifier = quantifierOf(right);
  const group = childNode(right, "valueGroup");
  const exactly = childToken(right, "Exactly") === undefined ? [] : [word("exactly")];
  const isSet =
    !typed ||
    quantifier === undefined ||
    (quantifier === "any" && childNodes(group ?? right, "expression").length > 1);
  let values: readonly Piece[];
  if (group !== undefined && isSet) values = [...exactly, part(listDoc(writing, group, lay, "list"))];
  else if (typed) values = rightPieces(writing, right, lay);
  else values = [...exactly, ...childNodes(right, "atom").flatMap((atom) => loneMember(writing, atom, lay))];
  const pieces = [...(negated ? [word("not")] : []), word("in"), ...values];
  const isPlain = typed && quantifier === undefined && group === undefined;
  return { negated: false, pieces, membership: isPlain ? right : undefined };
}

function loneMember(writing: Writing, atom: CstNode, lay: Lay): readonly Piece[] {
  const lookup = childNode(atom, "pathOrLookup");
  const isPath =
    lookup !== undefined &&
    childNode(lookup, "path") !== undefined &&
    childToken(lookup, "LBracket") === undefined;
  const pieces = lay(writing, atom);
  return isPath || childNode(atom, "list") !== undefined ? pieces : [part(["[", joinPieces(pieces), "]"])];
}

const infinitives: ReadonlyMap<string, readonly string[]> = new Map([
  ["Contain", ["contains"]],
  ["Match", ["matches"]],
  ["Start", ["starts", "with"]],
  ["End", ["ends", "with"]],
]);

function infinitivePieces(writing: Writing, node: CstNode, lay: Lay): readonly Piece[] {
  const right = childNode(node, "right");
  if (right === undefined) return plainPieces(writing, node, lay);
  const verb = Object.keys(node.children).find((key) => infinitives.has(key)) ?? "Contain";
  return [...(infinitives.get(verb) ?? []).map(word), ...rightPieces(writing, right, lay)];
}

/** As typed, with the right sides in their form. */
function plainPieces(writing: Writing, node: CstNode, lay: Lay): readonly Piece[] {
  return childrenOf(node).flatMap(({ key, element }) => {
    if (!isNode(element)) return [tokenPiece(key, element)];
    if (element.name === "right") return rightPieces(writing, element, lay);
    return element.name === "atom" ? lay(writing, element) : plainPieces(writing, element, lay);
  });
}

function rightPieces(writing: Writing, right: CstNode, lay: Lay): readonly Piece[] {
  const exactly = childToken(right, "Exactly") === undefined ? [] : [word("exactly")];
  const quantifier = quantifierOf(right);
  const group = childNode(right, "valueGroup");
  const values =
    group === undefined
      ? childNodes(right, "atom").flatMap((atom) => lay(writing, atom))
      : [part(listDoc(writing, group, lay, "group"))];
  return [...exactly, ...(quantifier === undefined ? [] : [word(`${quantifier} of`)]), ...values];
}

/** `[...]`, or the values in `(...)` as a list or as they are. */
export function listDoc(writing: Writing, node: CstNode, lay: Lay, form: "list" | "group"): Doc {
  const items = itemsOf(writing, node, "expression", (value) => joinPieces(lay(writing, value)));
  const brackets = form === "list" ? { open: "[", close: "]" } : { open: "(", close: ")" };
  return bracketed(writing, items, rangeOf(writing, node), { ...brackets, lastComma: form === "list" });
}
