/**
 * The kind of value that an expression gives, and what is wrong inside it. Knows no operators.
 *
 * `wrong` is what a reported mistake has: everything goes with it, so that one mistake gives one message.
 */
import { spanText, type Span } from "../diagnostics/index.ts";
import { exactText, type Field, type FieldType } from "../domain/index.ts";
import type {
  Expression,
  ListNode,
  LookupDeclaration,
  LookupNode,
  PathNode,
  StringNode,
} from "../../grammar/ast.ts";
import { checkDuration } from "./amounts.ts";
import type { Vocabulary } from "./checked-rules.ts";
import { openPlace, type Checking, type Place, type Reads } from "./checking.ts";
import { checkFilledText, warnAboutPlainHoles } from "./filled-text.ts";
import { readOnce, useReads } from "./reads.ts";
import { replace, resolvePath } from "./resolve-path.ts";
import { suggest } from "./suggest.ts";
import { vocabularyOf } from "./vocabularies.ts";

export type ValueKind = FieldType | "any" | "duration" | "wrong";

export interface ValueType {
  readonly kind: ValueKind;
  /** The field that it reads, when it is one. */
  readonly field: Field | undefined;
  readonly vocabulary: Vocabulary | undefined;
  /** A value that stands in the file: its text, number ... are known. */
  readonly constant: boolean;
  /** A `list` declaration's name or a list in brackets, not a field that is a list. */
  readonly writtenList: boolean;
}

/** How strings are read: as typed (comparisons, names), or with values filled in (language.md 1, Interpolation). */
export interface ReadingMode {
  readonly strings: "plain" | "compared" | "filled";
  /** In a field of `create ticket`. */
  readonly categoryDefault: boolean;
}

export const plainReading: ReadingMode = { strings: "plain", categoryDefault: false };
export const comparedReading: ReadingMode = { strings: "compared", categoryDefault: false };
export const filledReading: ReadingMode = { strings: "filled", categoryDefault: false };

const blank = { field: undefined, vocabulary: undefined, constant: false, writtenList: false } as const;
export const wrongType: ValueType = { kind: "wrong", ...blank };
const constantOf = (kind: ValueKind): ValueType => ({ kind, ...blank, constant: true });
const textConstant = constantOf("text");
const numberConstant = constantOf("number");

export function typeOf(checking: Checking, place: Place, node: Expression, mode: ReadingMode): ValueType {
  switch (node.kind) {
    case "string":
      if (mode.strings === "filled") checkText(checking, place, node);
      else if (mode.strings === "compared") warnAboutPlainHoles(checking, node);
      return textConstant;
    case "number":
      return numberConstant;
    case "boolean":
      return constantOf("boolean");
    case "date":
      return constantOf("time");
    case "duration":
      checkDuration(checking.report, node, "a duration");
      return constantOf("duration");
    case "clock":
      checking.report.add("R1301", node.span, "a clock time alone is no value", {
        help: `a moment has a date too: \`2026-11-21 ${spanText(node.span)}\`; for hours of a day declare a \`calendar\` and write \`during "..."\``,
      });
      return wrongType;
    case "path":
      return typeOfPath(checking, place, node, mode);
    case "lookup":
      return typeOfLookup(checking, place, node, mode);
    case "list":
      return typeOfList(checking, place, node, mode);
    case "category-default":
      return typeOfCategoryDefault(checking, node.span, mode);
    case "secret":
      checking.report.add("R1306", node.span, "a secret stands in `auth` and `sign with` only");
      return wrongType;
    case "fallback":
      return unite(node.of.map((part) => typeOf(checking, place, part, mode)));
  }
}

/** A text with values filled in. */
export function checkText(checking: Checking, place: Place, text: StringNode | undefined): void {
  if (text === undefined) return;
  checkFilledText(checking, place, text, (value) =>
    isWritable(checking, value, typeOf(checking, place, value, filledReading)),
  );
}

/** A value that goes out of the house: header, field of a body. */
export function checkSent(checking: Checking, place: Place, value: Expression): void {
  isWritable(checking, value, typeOf(checking, place, value, filledReading));
}

/** A record has no text of its own; its identity is for keys. */
function isWritable(checking: Checking, value: Expression, type: ValueType): boolean {
  if (type.kind !== "entity") return type.kind !== "wrong";
  const name = `${spanText(value.span)}.name`;
  checking.report.add("R1301", value.span, `\`${spanText(value.span)}\` is a record, not a text`, {
    help: `write its name: \`${name}\``,
    fixes: [replace(value.span, name, true)],
  });
  return false;
}

function typeOfPath(checking: Checking, place: Place, path: PathNode, mode: ReadingMode): ValueType {
  const meaning = resolvePath(checking, place, path, mode.strings === "filled");
  if (meaning === undefined) return wrongType;
  if (meaning.kind === "list") return { ...blank, kind: "list", writtenList: true };
  if (meaning.kind === "binding") return { ...blank, kind: "text" };
  const { field, untyped } = meaning;
  return {
    ...blank,
    kind: untyped ? "any" : field.type,
    field,
    vocabulary: vocabularyOf(checking, field),
  };
}

function typeOfList(checking: Checking, place: Place, list: ListNode, mode: ReadingMode): ValueType {
  for (const item of list.items)
    if (item.kind === "list") checking.report.add("R1301", item.span, "a list cannot stand in a list");
    else typeOf(checking, place, item, mode);
  return { ...blank, kind: "list", writtenList: true };
}

function typeOfCategoryDefault(checking: Checking, span: Span, mode: ReadingMode): ValueType {
  if (mode.categoryDefault) return { ...blank, kind: "any" };
  checking.report.add("R1305", span, "`category default` is for the fields of `create ticket` only");
  return wrongType;
}

function typeOfLookup(checking: Checking, place: Place, node: LookupNode, mode: ReadingMode): ValueType {
  const index =
    node.index === undefined ? wrongType : typeOf(checking, place, node.index, { ...mode, strings: "plain" });
  if (index.kind === "list")
    checking.report.add("R1301", node.index?.span ?? node.span, "a lookup takes one value, not a list");
  const table = findLookup(checking, node);
  if (table === undefined) return wrongType;
  const reads = readLookup(checking, table);
  useReads(checking, place, reads, node.span);
  const values = lookupValues(table);
  const fallsBack = values.some((value) => value.kind === "category-default");
  if (fallsBack && !mode.categoryDefault) {
    checking.report.add("R1305", node.span, `\`${node.table.text}\` can give \`category default\` here`, {
      labels: values
        .filter((v) => v.kind === "category-default")
        .map((v) => ({ span: v.span, text: "here" })),
      help: "`category default` is for the fields of `create ticket` only",
    });
    return wrongType;
  }
  const types = values.filter((v) => v.kind !== "category-default").map(shallowType);
  return types.length === 0 ? { ...blank, kind: "any" } : unite(types);
}

export function readLookup(checking: Checking, table: LookupDeclaration): Reads {
  return readOnce(checking, table, (reads) => {
    const place = openPlace(reads);
    for (const value of lookupValues(table))
      if (value.kind === "lookup" || value.kind === "fallback" || value.kind === "list")
        checking.report.add("R1303", value.span, "a lookup gives one value: a text, a number or a path");
      else typeOf(checking, place, value, { strings: "plain", categoryDefault: true });
  });
}

/** Values of a lookup are constants, or paths whose field is checked with the declaration. */
function shallowType(value: Expression): ValueType {
  switch (value.kind) {
    case "string":
      return { ...blank, kind: "text" };
    case "number":
    case "boolean":
    case "duration":
      return { ...blank, kind: value.kind };
    case "date":
      return { ...blank, kind: "time" };
    default:
      return { ...blank, kind: "any" };
  }
}

export function lookupValues(table: LookupDeclaration): readonly Expression[] {
  const values = table.entries.map((entry) => entry.value);
  return [...values, table.otherwise].filter((v) => v !== undefined);
}

export function findLookup(checking: Checking, node: LookupNode): LookupDeclaration | undefined {
  const { declarations, report, used } = checking;
  const name = exactText(node.table.text);
  const table = declarations.lookups.get(name);
  if (table !== undefined) {
    used.add(table);
    return table;
  }
  const near = suggest(name, declarations.lookups.keys());
  const meant = near === undefined ? undefined : declarations.lookups.get(near.text);
  if (meant !== undefined) used.add(meant);
  report.add("R1201", node.table.span, `unknown lookup \`${name}\``, {
    help: near === undefined ? `declare it: \`lookup ${name} ... end\`` : `did you mean \`${near.text}\`?`,
    fixes: near === undefined ? [] : [replace(node.table.span, near.text, near.sure)],
  });
  return undefined;
}

/** Of several possible values: their common kind, else anything. */
function unite(types: readonly ValueType[]): ValueType {
  const [head] = types;
  if (head === undefined || types.some((t) => t.kind === "wrong")) return wrongType;
  const kind = types.every((t) => t.kind === head.kind) ? head.kind : "any";
  return { ...blank, kind, vocabulary: types.find((t) => t.vocabulary !== undefined)?.vocabulary };
}

/** In the admin's words, with its article. */
export function kindWords(type: ValueType): string {
  const words: Record<ValueKind, string> = {
    text: "text",
    number: "a number",
    boolean: "true or false",
    time: "a time",
    list: "a list",
    entity: "a record",
    duration: "a duration",
    any: "a value",
    wrong: "a value",
  };
  return words[type.kind];
}
