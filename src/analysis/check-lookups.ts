/** R2011: a lookup without `otherwise` that lacks a declared value which can reach it. Told only with such an event. */
import { diagnostic, type Diagnostic } from "../diagnostics/index.ts";
import type { ActionIr, ExprIr, Origin, RuleSetIr, TestIr } from "../compiler/index.ts";
import { foldText } from "../domain/index.ts";
import { literalOf } from "./literals.ts";
import type { Places } from "./places.ts";
import type { Prepared, PreparedSet } from "./prepared.ts";
import { findWitness, tellEvent } from "./witness.ts";

type LookupExpr = Extract<ExprIr, { readonly kind: "lookup" }>;

export function checkLookups(set: PreparedSet, places: Places): readonly Diagnostic[] {
  const told = new Map<string, Diagnostic>();
  for (const prepared of set.rules) {
    for (const action of prepared.rule.actions) {
      for (const lookup of expressionsOf(action).flatMap(bareLookups)) {
        if (told.has(lookup.table.name)) continue;
        const found = checkUse(set, prepared, { lookup, origin: action.origin }, places);
        if (found !== undefined) told.set(lookup.table.name, found);
      }
    }
  }
  return [...told.values()];
}

function checkUse(
  set: PreparedSet,
  prepared: Prepared,
  { lookup, origin }: { readonly lookup: LookupExpr; readonly origin: Origin },
  places: Places,
): Diagnostic | undefined {
  const { table, index } = lookup;
  const span = places.lookup(table.name);
  if (table.otherwise !== undefined || index.kind !== "field" || span === undefined) return undefined;
  const missed = wordsOf(set.ir, index.field.path).filter((word) => !table.entries.has(foldText(word)));
  for (const word of missed) {
    const witness = findWitness(set.ir, [prepared], [literalOf(isWord(index, word, origin), true)]);
    if (witness === undefined) continue;
    return diagnostic("R2011", span, `lookup \`${table.name}\` has no entry for "${word}"`, {
      detail: `for example \`${prepared.rule.name}\` fires for: ${tellEvent(witness)}`,
      labels: [
        { span: places.of(origin), text: `the value of \`${index.field.path}\` may be "${word}" here` },
      ],
      help: "add the entry, or an `otherwise`",
    });
  }
  return undefined;
}

/** Declared, or in force by default (language.md 2). */
function wordsOf(ir: RuleSetIr, path: string): readonly string[] {
  return ir.values.get(path)?.words ?? [];
}

function isWord(left: ExprIr, word: string, origin: Origin): TestIr {
  const right = [{ kind: "const", value: word }] as const;
  const nothing = { ranks: undefined, pattern: undefined, change: undefined };
  return { kind: "test", operator: "equals", left, right, exactly: false, ...nothing, origin };
}

/** The values that an action writes or tells. */
function expressionsOf(action: ActionIr): readonly ExprIr[] {
  switch (action.kind) {
    case "create-ticket":
      return [
        ...action.fields.map(({ value }) => value),
        ...(action.category === undefined ? [] : [action.category]),
      ];
    case "set-field":
      return [action.value];
    case "add-note":
      return [action.text];
    case "notify":
      return action.text === undefined ? [] : [action.text];
    default:
      return [];
  }
}

/** Lookups that nothing stands in for: `priority_for[alert.severity] or "Low"` never lacks a value. */
function bareLookups(expr: ExprIr): readonly LookupExpr[] {
  if (expr.kind === "lookup") return [expr];
  return expr.kind === "text"
    ? expr.parts.flatMap((part) => (typeof part === "string" ? [] : bareLookups(part)))
    : [];
}
