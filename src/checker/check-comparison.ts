/** `left operator right`: kinds that go together, words that the lists hold, orders that exist. */
import type { Comparison, ComparisonOperator } from "../../grammar/ast.ts";
import { fitsTogether, isNumber } from "./check-kinds.ts";
import type { Checking, Place } from "./checking.ts";
import { sidesOf, sideText, type Side, type Sides } from "./comparison-sides.ts";
import { checkLike } from "./check-like.ts";
import { checkPattern } from "./check-pattern.ts";
import { replace } from "./resolve-path.ts";
import { kindWords, type ValueType } from "./value-type.ts";
import { checkWord } from "./vocabularies.ts";
import type { Span } from "../diagnostics/index.ts";

const orderOperators: ReadonlySet<ComparisonOperator> = new Set([
  "at least",
  "at most",
  "more than",
  "less than",
]);

/** Gives the names that a `like` takes when the comparison holds. */
export function checkComparison(
  checking: Checking,
  place: Place,
  node: Comparison,
): ReadonlyMap<string, Span> {
  const sides = sidesOf(checking, place, node);
  const nothing = new Map<string, Span>();
  if (node.operator === "like") return checkLike(checking, place, node, sides);
  if (sides.left.kind === "wrong" || sides.right.some((side) => side.type.kind === "wrong")) return nothing;
  if (orderOperators.has(node.operator)) checkOrder(checking, node, sides);
  else if (node.operator === "is") checkEquals(checking, node, sides);
  else if (node.operator === "in") checkIn(checking, node, sides);
  else checkTextTest(checking, node, sides);
  return nothing;
}

function checkEquals(checking: Checking, node: Comparison, sides: Sides): void {
  const { report } = checking;
  const list = sides.right.find((side) => side.type.writtenList || side.listed);
  const not = node.negated ? "not " : "";
  if (list !== undefined && node.quantifier === undefined) {
    report.add("R1303", list.at, "one value is never a list", {
      help: `for one of them write \`${sideText(node.left)} ${not}in ...\``,
      fixes: [replace(node.operatorSpan, `${not}in`, false)],
    });
    return;
  }
  if (sides.left.kind === "list") {
    report.add("R1303", node.operatorSpan, `\`${sideText(node.left)}\` is a list, not one value`, {
      help: `write \`${node.negated ? "does not contain" : "contains"}\`, or \`is ${not}empty\``,
      fixes: [replace(node.operatorSpan, node.negated ? "does not contain" : "contains", false)],
    });
    return;
  }
  for (const side of sides.right) checkPair(checking, node, sides.left, side);
}

/** `in` a list in brackets, a declared list, or a field that is a list (then it is `contains` the other way round). */
function checkIn(checking: Checking, node: Comparison, sides: Sides): void {
  const { report } = checking;
  const [only] = node.right;
  const whole = sides.right.find((side) => !side.listed);
  if (
    node.quantifier === undefined &&
    whole !== undefined &&
    sides.right.length === 1 &&
    only !== undefined
  ) {
    if (whole.type.kind === "list" || whole.type.kind === "any") {
      if (sides.left.kind === "list")
        report.add("R1303", node.operatorSpan, "a list is never one value of a list", {
          help: `write \`${sideText(node.left)} contains any of ...\``,
        });
      return;
    }
    report.add("R1303", whole.at, `\`${sideText(only)}\` is one value, not a list`, {
      help: "for one value write `is`, for a part of a text `contains`, for a list `[...]`",
      fixes: [replace(node.operatorSpan, node.negated ? "is not" : "is", false)],
    });
    return;
  }
  if (sides.left.kind === "list") {
    report.add("R1303", node.operatorSpan, `\`${sideText(node.left)}\` is a list, not one value`, {
      help: `write \`${sideText(node.left)} contains any of ...\``,
    });
    return;
  }
  for (const side of sides.right) checkPair(checking, node, sides.left, side);
}

/** Kinds first; a word outside its closed list only when the kinds are right. */
function checkPair(checking: Checking, node: Comparison, left: ValueType, side: Side): void {
  if (!fitsTogether(checking, { left, leftNode: node.left, side })) return;
  if (left.vocabulary !== undefined && side.node.kind === "string" && !hasHole(side))
    checkWord(checking, side.node, left.vocabulary, side.at);
  if (side.type.vocabulary !== undefined && node.left.kind === "string")
    checkWord(checking, node.left, side.type.vocabulary);
}

/** Then R2019 has been said about it. */
function hasHole(side: Side): boolean {
  return (
    side.node.kind === "string" && side.node.pieces.some((p) => p.kind === "hole" && p.value !== undefined)
  );
}

const ordered: ReadonlySet<string> = new Set(["number", "time", "duration", "any"]);

function checkOrder(checking: Checking, node: Comparison, sides: Sides): void {
  const { report } = checking;
  for (const side of sides.right) {
    const vocabulary = sides.left.vocabulary ?? side.type.vocabulary;
    if (vocabulary !== undefined && vocabulary.ranks === undefined) {
      const declared = vocabulary.declared;
      report.add("R1302", node.operatorSpan, `the values of \`${vocabulary.path}\` have no order`, {
        labels: declared === undefined ? [] : [{ span: declared, text: "declared without `<`" }],
        help: `give them one: \`values ${vocabulary.path} = "lowest" < "highest"\`, or write \`in [...]\``,
      });
      return;
    }
    if (vocabulary !== undefined) checkPair(checking, node, sides.left, side);
    else if (!checkPlainOrder(checking, node, sides.left, side)) return;
  }
}

/** Numbers and times; a text only beside a number, since a number compares with text that is a number. */
function checkPlainOrder(checking: Checking, node: Comparison, left: ValueType, side: Side): boolean {
  const numberBeside = (a: ValueType, b: ValueType): boolean =>
    a.kind === "text" && !a.constant && b.kind === "number";
  const numeric =
    ordered.has(left.kind) || numberBeside(left, side.type)
      ? ordered.has(side.type.kind) ||
        numberBeside(side.type, left) ||
        (side.node.kind === "string" && isNumber(side.node.value))
      : false;
  if (numeric || (ordered.has(left.kind) && left.kind !== "any"))
    return fitsTogether(checking, { left, leftNode: node.left, side });
  const lacking = ordered.has(left.kind) ? side.type : left;
  checking.report.add("R1302", node.operatorSpan, `${kindWords(lacking)} has no order`, {
    help:
      lacking.kind === "text"
        ? 'an order is declared with `values ... = "low" < "high"`'
        : "numbers, times and words of an ordered list have one",
  });
  return false;
}

const partKinds: ReadonlySet<string> = new Set(["text", "any"]);

/** `contains`, `starts with`, `ends with`, `matches` */
function checkTextTest(checking: Checking, node: Comparison, sides: Sides): void {
  const { left } = sides;
  const inList = node.operator === "contains" && left.kind === "list";
  if (!inList && !partKinds.has(left.kind)) {
    const help =
      left.kind === "entity"
        ? `compare its name: \`${sideText(node.left)}.name\``
        : left.kind === "list"
          ? "a list is asked with `contains`"
          : "it reads texts; here `is`, `at least` and the like fit";
    checking.report.add(
      "R1303",
      node.operatorSpan,
      `\`${node.operator}\` does not fit ${kindWords(left)} such as \`${sideText(node.left)}\``,
      { help },
    );
    return;
  }
  for (const side of sides.right) {
    if (!checkTextSide(checking, node, side)) return;
    if (node.operator === "matches") checkPattern(checking, side.node);
  }
}

function checkTextSide(checking: Checking, node: Comparison, side: Side): boolean {
  if (side.listed && node.quantifier === undefined) {
    checking.report.add("R1303", side.at, `\`${node.operator}\` takes one value, not a list`, {
      help: `write \`${node.operator} any of\` or \`all of\` before the list`,
    });
    return false;
  }
  const { kind } = side.type;
  if (kind === "text" || kind === "any" || kind === "number" || kind === "boolean") return true;
  checking.report.add(
    "R1301",
    side.at,
    `\`${node.operator}\` takes text, and this is ${kindWords(side.type)}`,
  );
  return false;
}
