/** A test of the rule IR to an atom of the index; what the index does not know goes to the tree evaluator. Knows no rules. */
import type { ExprIr, TestIr } from "../../compiler/index.ts";
import { foldText } from "../../domain/index.ts";
import type { Field } from "../../domain/index.ts";
import { isList, numberOfText, textOf } from "../compare.ts";
import type { Scalar } from "../compare.ts";
import { evaluateTest } from "../evaluate-condition.ts";
import { scalarsOf } from "../evaluate-expr.ts";
import { COST, amongAtom, changeAtom, elementForm, emptyAtom, predicateAtom, rangeAtom } from "./atoms.ts";
import type { Access, Atom, Form, RequiredWords } from "./atoms.ts";
import { WORD_UNITS_MAX } from "./word-automaton.ts";
import type { EventFields, FieldTable } from "./event-fields.ts";
import { neighbour } from "./numeric-ranks.ts";
import { searchRegex } from "../regex.ts";
import { requiredWords } from "./regex-literal.ts";
import { RegexSketch } from "./regex-sketch.ts";

export function lowerTest(table: FieldTable, test: TestIr): Atom {
  if (
    test.operator === "changed" &&
    test.change !== undefined &&
    !test.change.from.concat(test.change.to).some(readsBinding)
  ) {
    return changeAtom(table, test.change);
  }
  const constants = test.operator === "like" ? [] : constantsOf(test.right);
  if (test.left.kind !== "field" || test.left.field.path === "rule.name" || constants === undefined) {
    return byTree(test);
  }
  const { field } = test.left;
  const index = table.of(field);
  switch (test.operator) {
    case "empty":
      return emptyAtom(index);
    case "equals":
      return lowerEquals(table, test, index, constants);
    case "contains":
      return lowerContains(table, test, { index, field }, constants);
    case "starts-with":
    case "ends-with":
      return lowerAffix(test, index, constants);
    case "matches":
      return lowerMatches(test, index, constants);
    case "like":
      return lowerLike(test, index);
    case "at-least":
    case "at-most":
    case "more-than":
    case "less-than":
    case "between":
      return test.ranks === undefined
        ? lowerOrder(table, test, index, constants)
        : lowerRanks(table, test, index, constants);
    case "changed":
      return byTree(test);
    default:
      return byTree(test);
  }
}

export function byTree(test: TestIr): Atom {
  return predicateAtom(COST.tree, (event) => evaluateTest(test, event.context));
}

function readsBinding(expr: ExprIr): boolean {
  return expr.kind === "binding";
}

/** The constants of a right side, lists as their elements; undefined when something else stands there. */
function constantsOf(right: readonly ExprIr[]): readonly Scalar[] | undefined {
  const constants: Scalar[] = [];
  for (const expr of right) {
    const inner =
      expr.kind === "const" ? scalarsOf(expr.value) : expr.kind === "list" ? constantsOf(expr.of) : undefined;
    if (inner === undefined) return undefined;
    constants.push(...inner);
  }
  return constants;
}

/** Exact comparison is found like any other and then verified. */
function lowerEquals(table: FieldTable, test: TestIr, index: number, constants: readonly Scalar[]): Atom {
  const among = amongAtom(table, index, constants);
  if (!test.exactly) return among;
  const access = among.access.map(({ forms }) => ({ forms, implies: false }));
  return predicateAtom(
    COST.text,
    (event) => event.ids[index] !== 0 && evaluateTest(test, event.context),
    access,
  );
}

/** A part of a text or an element of a list; fields that a source sends may be either. */
function lowerContains(
  table: FieldTable,
  test: TestIr,
  { index, field }: { readonly index: number; readonly field: Field },
  constants: readonly Scalar[],
): Atom {
  const words = constants.map((constant) => foldText(textOf(constant)));
  if (field.type === "list") {
    const element = elementForm(table, index, constants);
    return predicateAtom(COST.text, (event) => evaluateTest(test, event.context), [
      { forms: [element], implies: !test.exactly },
    ]);
  }
  const isOpen = field.path.includes(".fields.") || field.path.includes("udf.");
  const part = wordForm("anywhere", index, words);
  const either = isOpen ? [elementForm(table, index, constants)] : [];
  const implies = !test.exactly && words.every((word) => word.length <= WORD_UNITS_MAX);
  const access = part === undefined ? [] : [{ forms: [part, ...either], implies }];
  const holds = (event: EventFields): boolean => {
    const text = event.text(index);
    if (text === undefined) return isList(event.values[index]) && evaluateTest(test, event.context);
    if (!words.some((word) => text.includes(word))) return false;
    return !test.exactly || evaluateTest(test, event.context);
  };
  return predicateAtom(COST.text, holds, access, requiredBy(part, words, test));
}

function lowerAffix(test: TestIr, index: number, constants: readonly Scalar[]): Atom {
  const words = constants.map((constant) => foldText(textOf(constant)));
  const begins = test.operator === "starts-with";
  const form = wordForm(begins ? "begins" : "ends", index, words);
  const holds = (event: EventFields): boolean => {
    const text = event.text(index);
    if (text === undefined) return false;
    if (!words.some((word) => (begins ? text.startsWith(word) : text.endsWith(word)))) return false;
    return !test.exactly || evaluateTest(test, event.context);
  };
  const implies = !test.exactly && words.every((word) => word.length <= WORD_UNITS_MAX);
  return predicateAtom(COST.text, holds, form === undefined ? [] : [{ forms: [form], implies }]);
}

/** The expression is asked only where a word that it requires stands in the text and its sketch accepts the text. */
function lowerMatches(test: TestIr, index: number, constants: readonly Scalar[]): Atom {
  const patterns = constants.map((constant) => textOf(constant));
  const byPattern = patterns.map((pattern) => requiredWords(pattern));
  const words = byPattern.every((some) => some !== undefined) ? byPattern.flat() : undefined;
  const form = words === undefined ? undefined : wordForm("anywhere", index, words);
  const questions = patterns.map((pattern, at) => new RegexQuestion(pattern, byPattern[at], test.exactly));
  const holds = (event: EventFields): boolean => {
    const text = event.text(index);
    return text !== undefined && questions.some((question) => question.holds(text, event, index));
  };
  if (form === undefined) return predicateAtom(COST.regex, holds);
  return predicateAtom(COST.regex, holds, [{ forms: [form], implies: false }], requiredBy(form, [], test));
}

/** One pattern; its sketch and the expression are made when an event first asks. */
class RegexQuestion {
  readonly #pattern: string;
  readonly #words: readonly string[] | undefined;
  readonly #exactly: boolean;
  #sketch: RegexSketch | "not drawn" | undefined = "not drawn";

  constructor(pattern: string, words: readonly string[] | undefined, exactly: boolean) {
    this.#pattern = pattern;
    this.#words = words;
    this.#exactly = exactly;
  }

  holds(folded: string, event: EventFields, field: number): boolean {
    if (this.#words !== undefined && !this.#words.some((word) => folded.includes(word))) return false;
    if (this.#sketch === "not drawn") this.#sketch = RegexSketch.of(this.#pattern);
    if (this.#sketch !== undefined && !this.#sketch.mayFind(folded)) return false;
    return searchRegex(this.#pattern, event.rawText(field) ?? "", this.#exactly);
  }
}

/** Found by how the pattern begins, ends, or by its longest text. */
function lowerLike(test: TestIr, index: number): Atom {
  const pieces = test.pattern?.pieces ?? [];
  const literals = pieces.map((piece) => (piece.kind === "literal" ? foldText(piece.text) : ""));
  const longest = literals.reduce((best, text) => (text.length > best.length ? text : best), "");
  const forms = [
    wordForm("begins", index, [literals[0] ?? ""]),
    wordForm("ends", index, [literals.at(-1) ?? ""]),
    wordForm("anywhere", index, [longest]),
  ].filter((form) => form !== undefined);
  const holds = (event: EventFields): boolean => {
    const text = event.text(index);
    return text !== undefined && text.includes(longest) && evaluateTest(test, event.context);
  };
  return predicateAtom(
    COST.text,
    holds,
    forms.map((form): Access => ({ forms: [form], implies: false })),
  );
}

function lowerOrder(table: FieldTable, test: TestIr, index: number, constants: readonly Scalar[]): Atom {
  const numbers = constants.filter((constant) => typeof constant === "number");
  const [first, second] = numbers;
  const sides = test.operator === "between" ? 2 : 1;
  const isSimple = constants.length === sides && test.right.length === sides && numbers.length === sides;
  if (!isSimple || first === undefined) return byTree(test);
  switch (test.operator) {
    case "at-least":
      return rangeAtom(table, index, { low: first, high: Infinity });
    case "more-than":
      return rangeAtom(table, index, { low: neighbour(first, 1), high: Infinity });
    case "at-most":
      return rangeAtom(table, index, { low: -Infinity, high: first });
    case "less-than":
      return rangeAtom(table, index, { low: -Infinity, high: neighbour(first, -1) });
    default:
      return rangeAtom(table, index, { low: first, high: second ?? first });
  }
}

/** `at least "minor"` is `in` over the words of that rank and above. */
function lowerRanks(table: FieldTable, test: TestIr, index: number, constants: readonly Scalar[]): Atom {
  const ranks = test.ranks ?? new Map<string, number>();
  const places = constants.map((word) => ranks.get(foldText(textOf(word))));
  const [first, second] = places;
  const words = [...ranks.keys()];
  // A word that is a number would compare with numbers: ranks do not.
  const isSimple =
    constants.length === (test.operator === "between" ? 2 : 1) && test.right.length === constants.length;
  if (!isSimple || words.some((word) => numberOfText(word) !== undefined)) return byTree(test);
  const holds = (place: number): boolean => {
    if (first === undefined) return false;
    switch (test.operator) {
      case "at-least":
        return place >= first;
      case "more-than":
        return place > first;
      case "at-most":
        return place <= first;
      case "less-than":
        return place < first;
      default:
        return second !== undefined && place >= first && place <= second;
    }
  };
  return amongAtom(
    table,
    index,
    words.filter((word) => holds(ranks.get(word) ?? Number.NaN)),
  );
}

/** The words of a form, for the automaton that has read the text before anything is verified. */
function requiredBy(
  form: Form | undefined,
  whole: readonly string[],
  test: TestIr,
): RequiredWords | undefined {
  if (form?.kind !== "anywhere") return undefined;
  const isWhole = whole.length > 0 && whole.every((word) => word.length <= WORD_UNITS_MAX);
  return { field: form.field, words: form.words, isSure: isWhole && !test.exactly };
}

/** Long words are found by their beginning or, where the end counts, by their end. An empty one finds nothing. */
function wordForm(
  kind: "begins" | "ends" | "anywhere",
  field: number,
  words: readonly string[],
): Form | undefined {
  if (words.length === 0 || words.includes("")) return undefined;
  const cut = words.map((word) =>
    kind === "ends" ? word.slice(-WORD_UNITS_MAX) : word.slice(0, WORD_UNITS_MAX),
  );
  return { kind, field, words: cut };
}
