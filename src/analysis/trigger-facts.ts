/**
 * What the words behind an event say, as literals to be weighed with the conditions: who did it, what the field became.
 * Knows no conditions.
 *
 *   ticket edited by staff, contact           actor.kind in ["staff", "contact"]
 *   ticket.status changes to "Complete"       ticket.status is "Complete": rules see the ticket as the change left it
 *
 * `from` says nothing of the new value: a change of letters' case alone is a change too, and would compare as equal.
 */
import type { ExprIr, RuleIr, TestIr, TriggerIr } from "../compiler/index.ts";
import { FIELDS, type Field, type TriggerKind } from "../domain/index.ts";
import { literalOf, type Conjunction, type Literal } from "./literals.ts";
import { constantValues } from "./subject-values.ts";

/** For each of the rule's events of a kind what holds in it; one without words behind it says nothing. */
export function factsOf(rule: RuleIr, kind: TriggerKind): readonly Conjunction[] {
  return rule.triggers
    .filter((trigger) => trigger.kind === kind)
    .map((trigger) => factsOfTrigger(rule, trigger));
}

/** A literal that an event brought: no condition that could be pointed at. */
export function isFact(literal: Literal): boolean {
  return facts.has(literal);
}

const facts = new WeakSet<Literal>();
const known = new WeakMap<TriggerIr, Conjunction>();

function factsOfTrigger(rule: RuleIr, trigger: TriggerIr): Conjunction {
  const before = known.get(trigger);
  if (before !== undefined) return before;
  const found = [...actorFact(rule, trigger), ...changeFact(rule, trigger)];
  for (const fact of found) facts.add(fact);
  known.set(trigger, found);
  return found;
}

function actorFact(rule: RuleIr, { by, kind }: TriggerIr): readonly Literal[] {
  const field = FIELDS.get("actor.kind");
  if (by.length === 0 || field === undefined) return [];
  const event = kind === "ticket-changed" ? "a change" : kind.replaceAll("-", " ");
  return [
    fact(
      rule,
      field,
      by.map((value) => ({ kind: "const", value })),
      `${event} by ${by.join(", ")}`,
    ),
  ];
}

function changeFact(rule: RuleIr, { change }: TriggerIr): readonly Literal[] {
  if (change === undefined || change.to.length === 0) return [];
  const field = FIELDS.get(`ticket.${change.apiName}`);
  if (field?.type !== "text" || field.apiName !== change.apiName) return [];
  const values = change.to.map(constantValues);
  if (values.some((value) => value === undefined)) return [];
  const told = values.flat().map((value) => JSON.stringify(value));
  return [fact(rule, field, change.to, `${field.path} changes to ${told.join(", ")}`)];
}

function fact(rule: RuleIr, field: Field, right: readonly ExprIr[], text: string): Literal {
  const leaf: TestIr = {
    kind: "test",
    operator: "equals",
    left: { kind: "field", field },
    right,
    exactly: false,
    ranks: undefined,
    pattern: undefined,
    change: undefined,
    origin: { file: rule.file, line: rule.line, column: 1, text },
  };
  return literalOf(leaf, true);
}
