/** Expressions of the tree become ExprIr: names looked up, texts taken apart. Knows nothing of conditions. */
import { unreachable } from "../domain/index.ts";
import { exactText, foldText, type Field, type FieldValue } from "../domain/index.ts";
import type { Expression, LookupNode, PathNode, StringNode } from "../../grammar/ast.ts";
import { nameText, present, takenName, type Lowering } from "./lowering.ts";
import type { ExprIr, LookupIr } from "./rule-ir.ts";
import { instantOf } from "./wall-clock.ts";

/** `plain`: as typed (comparisons, names, lists); `filled`: with values in the braces (language.md 1, Interpolation). */
export type StringReading = "plain" | "filled";

export function lowerExpression(lowering: Lowering, node: Expression, strings: StringReading): ExprIr {
  switch (node.kind) {
    case "string":
      return strings === "filled" ? lowerText(lowering, node) : constant(node.value);
    case "number":
    case "boolean":
      return constant(node.value);
    case "duration":
      return { kind: "duration", ms: node.ms };
    case "date":
      return constant(instantOf(node, lowering.zone));
    case "clock":
      throw new Error("a clock time alone is no value in a checked rule set");
    case "path":
      return lowerPath(lowering, node);
    case "lookup":
      return lowerLookup(lowering, node);
    case "list":
      return { kind: "list", of: node.items.map((item) => lowerExpression(lowering, item, "plain")) };
    case "category-default":
      return { kind: "category-default" };
    case "secret":
      return { kind: "secret", name: nameText(node.name, "the name of a secret") };
    case "fallback":
      return { kind: "first", of: node.of.map((part) => lowerExpression(lowering, part, strings)) };
    default:
      return unreachable(node);
  }
}

function constant(value: FieldValue): ExprIr {
  return { kind: "const", value };
}

function lowerPath(lowering: Lowering, path: PathNode): ExprIr {
  const meaning = present(lowering.checked.meanings.get(path), "the meaning of a path");
  switch (meaning.kind) {
    case "field":
      return { kind: "field", field: meaning.field };
    case "binding":
      return { kind: "binding", name: takenName(lowering, meaning.name) };
    case "list":
      return {
        kind: "list",
        of: meaning.list.items.map((item) => lowerExpression(lowering, item, "plain")),
      };
    default:
      return unreachable(meaning);
  }
}

/** The field that a path names: targets of `set` and field lines. */
export function fieldOf(lowering: Lowering, path: PathNode): Field {
  const meaning = present(lowering.checked.meanings.get(path), "the meaning of a path");
  if (meaning.kind !== "field") throw new Error("a field is wanted in a checked rule set");
  return meaning.field;
}

/** Neighbouring characters become one part; a text without holes is a constant. */
export function lowerText(lowering: Lowering, text: StringNode): ExprIr {
  const parts: (string | ExprIr)[] = [];
  const add = (chars: string): void => {
    const last = parts.at(-1);
    if (typeof last === "string") parts[parts.length - 1] = last + chars;
    else parts.push(chars);
  };
  for (const piece of text.pieces) {
    if (piece.kind === "chars") add(piece.text);
    else if (piece.kind === "star") add("*");
    else if (piece.kind === "open-hole") add(piece.text);
    else parts.push(lowerExpression(lowering, present(piece.value, "the path in a text"), "filled"));
  }
  if (parts.every((part) => typeof part === "string")) return constant(parts.join(""));
  return { kind: "text", parts };
}

function lowerLookup(lowering: Lowering, node: LookupNode): ExprIr {
  const index = lowerExpression(lowering, present(node.index, "what is looked up"), "plain");
  return { kind: "lookup", table: lookupTable(lowering, exactText(node.table.text)), index };
}

/** Of equal keys the first wins; the checker has refused them. */
function lookupTable(lowering: Lowering, name: string): LookupIr {
  const known = lowering.lookups.get(name);
  if (known !== undefined) return known;
  const declaration = present(lowering.checked.declarations.lookups.get(name), `the lookup ${name}`);
  const value = (node: Expression | undefined): ExprIr =>
    lowerExpression(lowering, present(node, "the value of a lookup"), "plain");
  const entries = new Map<string, ExprIr>();
  for (const entry of declaration.entries)
    for (const key of entry.keys) {
      const folded = foldText(keyText(key));
      if (!entries.has(folded)) entries.set(folded, value(entry.value));
    }
  const { otherwise } = declaration;
  const table = { name, entries, otherwise: otherwise === undefined ? undefined : value(otherwise) };
  lowering.lookups.set(name, table);
  return table;
}

function keyText(key: Expression): string {
  if (key.kind === "string") return exactText(key.value);
  if (key.kind === "number" || key.kind === "boolean") return String(key.value);
  throw new Error("a lookup is asked with texts and numbers in a checked rule set");
}
