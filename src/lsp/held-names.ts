/**
 * Texts of lists and lookups that are surely names: of what is only ever used where a category (a callout, a rule) is
 * named, the values name one too. Pure.
 *
 *   lookup category_for  "Graphus" -> "Security"       category = category_for[alert.source]     in each place: "Security"
 *   list noisy = ["Alert"]                             ticket.category in noisy                  is a category
 */
import type { Declaration, Expression, StringNode } from "../../grammar/ast.ts";
import { exactText } from "../domain/index.ts";
import { declaredName, occurrencesIn, type NameKind, type Occurrence } from "./occurrences.ts";
import type { SetState } from "./rule-set.ts";

const known = new WeakMap<SetState, readonly Occurrence[]>();

/** Computed once for each state of the set, when somebody asks. */
export function heldNames(state: SetState): readonly Occurrence[] {
  const found = known.get(state) ?? findHeldNames(state);
  known.set(state, found);
  return found;
}

function findHeldNames(state: SetState): readonly Occurrence[] {
  const declarations = state.files.flatMap(({ tree }) => tree.declarations);
  const holding = declarations.filter(({ kind }) => kind === "lookup" || kind === "list");
  if (holding.length === 0) return [];
  const uses = usesByName(declarations);
  return holding.flatMap((declaration) => {
    const name = declaredName(declaration)?.name;
    const kind = name === undefined ? undefined : uses.get(exactText(name.text));
    if (kind === undefined || kind === "mixed") return [];
    return valuesOf(declaration).map(({ value, span }) => ({
      kind,
      name: exactText(value),
      span,
      quoted: true,
      declares: false,
    }));
  });
}

/** What each bare name stands for wherever it is used. */
function usesByName(declarations: readonly Declaration[]): ReadonlyMap<string, NameKind | "mixed"> {
  const uses = new Map<string, NameKind | "mixed">();
  for (const { kind, name, declares, holds } of declarations.flatMap(occurrencesIn)) {
    if (kind !== "bare" || declares) continue;
    const before = uses.get(name);
    const now = holds ?? "mixed";
    uses.set(name, before === undefined || before === now ? now : "mixed");
  }
  return uses;
}

function valuesOf(declaration: Declaration): readonly StringNode[] {
  if (declaration.kind === "list") return textsIn(declaration.items);
  if (declaration.kind !== "lookup") return [];
  return textsIn([...declaration.entries.map(({ value }) => value), declaration.otherwise]);
}

function textsIn(values: readonly (Expression | undefined)[]): readonly StringNode[] {
  return values.flatMap((value) => {
    if (value?.kind === "string") return [value];
    return value?.kind === "fallback" ? textsIn(value.of) : [];
  });
}
