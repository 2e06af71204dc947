/**
 * Whether literals can hold together, subject by subject. `impossible` is a proof; anything else is not known. One
 * conjunction implies a literal where it cannot hold with the opposite. Knows nothing of rules.
 */
import type { FieldValue, TriggerKind } from "../domain/index.ts";
import { opposite, readsBinding } from "./literals.ts";
import type { Conjunction, Literal } from "./literals.ts";
import { valuesOfField } from "./subject-values.ts";

/** What subjects may hold, or the literals that cannot hold together. */
export type Satisfied =
  | { readonly kind: "impossible"; readonly conflict: readonly Literal[] }
  | {
      readonly kind: "possible";
      readonly finite: ReadonlyMap<string, readonly FieldValue[]>;
      readonly examples: ReadonlyMap<string, readonly FieldValue[]>;
    };

export function satisfy(conjunction: Conjunction, event: TriggerKind): Satisfied {
  const finite = new Map<string, readonly FieldValue[]>();
  const examples = new Map<string, readonly FieldValue[]>();
  for (const [subject, literals] of bySubject(conjunction)) {
    const values = valuesOfSubject(literals, event);
    if (values.kind === "impossible") return { kind: "impossible", conflict: leastConflict(literals, event) };
    examples.set(subject, values.examples);
    if (values.finite) finite.set(subject, values.examples);
  }
  return { kind: "possible", finite, examples };
}

/** Only the subject of the literal is looked at: elsewhere nothing changes. */
export function implies(
  conjunction: ReadonlyMap<string, readonly Literal[]>,
  literal: Literal,
  event: TriggerKind,
): boolean {
  const beside = conjunction.get(literal.subject) ?? [];
  if (beside.some((one) => one.key === literal.key && one.positive === literal.positive)) return true;
  return valuesOfSubject([...beside, opposite(literal)], event).kind === "impossible";
}

export function bySubject(conjunction: Conjunction): ReadonlyMap<string, readonly Literal[]> {
  const groups = new Map<string, Literal[]>();
  for (const literal of conjunction) {
    const group = groups.get(literal.subject);
    if (group === undefined) groups.set(literal.subject, [literal]);
    else group.push(literal);
  }
  return groups;
}

const ANYTHING = { kind: "possible", finite: false, examples: [] } as const;

function valuesOfSubject(literals: readonly Literal[], event: TriggerKind): ReturnType<typeof valuesOfField> {
  const [first] = literals;
  if (first === undefined) return ANYTHING;
  const { leaf } = first;
  if (literals.length > 1 && contradictsItself(literals)) return { kind: "impossible" };
  if (leaf.kind !== "test" || leaf.operator === "changed" || leaf.left.kind !== "field") return ANYTHING;
  return valuesOfField(leaf.left.field, literals, event);
}

/** The same test, once asked and once refused. */
function contradictsItself(literals: readonly Literal[]): boolean {
  const signs = new Map<string, boolean>();
  for (const literal of literals) {
    if (readsBinding(literal)) continue;
    if (signs.get(literal.key) === !literal.positive) return true;
    signs.set(literal.key, literal.positive);
  }
  return false;
}

/** Leaves out what is not needed for the contradiction, so that the user reads two tests and not ten. */
function leastConflict(literals: readonly Literal[], event: TriggerKind): readonly Literal[] {
  let kept = literals;
  for (const literal of literals) {
    const fewer = kept.filter((one) => one !== literal);
    if (fewer.length > 0 && valuesOfSubject(fewer, event).kind === "impossible") kept = fewer;
  }
  return kept;
}
