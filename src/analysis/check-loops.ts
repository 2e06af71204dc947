/**
 * R2007: rules that trigger each other without end: the first one would fire and change something again. Each step is
 * tried on the matcher with the values that the rules before it wrote; only constants are followed.
 *
 *   when ticket.status changes to "New"      then set ticket.status = "Waiting"    --+
 *   when ticket.status changes to "Waiting"  then set ticket.status = "New"        <-+  and back
 */
import { diagnostic, type Diagnostic } from "../diagnostics/index.ts";
import type { RuleSetIr } from "../compiler/index.ts";
import { CASCADE_DEPTH_MAX, LOOP_CANDIDATES_MAX } from "../domain/index.ts";
import type { FieldChange, FieldValue, Snapshot } from "../domain/index.ts";
import { solveRule } from "../matcher/index.ts";
import { draftEvent } from "./draft-event.ts";
import type { Places } from "./places.ts";
import type { Prepared, PreparedSet } from "./prepared.ts";
import { constantValues } from "./subject-values.ts";
import { findWitness, tellEvent } from "./witness.ts";
import type { Witness } from "./witness.ts";

interface Step {
  readonly prepared: Prepared;
  readonly values: ReadonlyMap<string, FieldValue>;
  readonly snapshot: Snapshot;
}

type ByField = ReadonlyMap<string, readonly Prepared[]>;

export function checkLoops({ ir, rules }: PreparedSet, places: Places): readonly Diagnostic[] {
  const byField = startedByRules(rules);
  const told = new Set<Prepared>();
  const found: Diagnostic[] = [];
  for (const prepared of new Set([...byField.values()].flat())) {
    if (told.has(prepared) || !prepared.rule.actions.some(({ kind }) => kind === "set-field")) continue;
    const witness = findWitness(ir, [prepared]);
    if (witness === undefined) continue;
    const start: Step = { prepared, values: witness.chosen, snapshot: witness.snapshot };
    const loop = follow(ir, byField, [start]);
    if (loop === undefined || loop.some((one) => told.has(one))) continue;
    for (const one of loop) told.add(one);
    found.push(tellLoop(loop, witness, places));
  }
  return found;
}

/** Rules that a rule's change of a field starts, by the field's name. */
function startedByRules(rules: readonly Prepared[]): ByField {
  const found = new Map<string, Prepared[]>();
  for (const prepared of rules) {
    for (const { kind, by, change } of prepared.rule.triggers) {
      if (kind !== "ticket-changed" || change === undefined) continue;
      if (by.length > 0 && !by.includes("rule")) continue;
      const there = found.get(change.apiName);
      if (there === undefined) found.set(change.apiName, [prepared]);
      else if (!there.includes(prepared)) there.push(prepared);
    }
  }
  return found;
}

/** The rules of a way that leads back to its first one, and on again from there. */
function follow(ir: RuleSetIr, byField: ByField, way: readonly Step[]): readonly Prepared[] | undefined {
  const [first] = way;
  const step = way.at(-1);
  if (first === undefined || step === undefined) return undefined;
  const after = afterRule(step);
  if (after === undefined) return undefined;
  const isBack = way.length > 1 && step.prepared === first.prepared;
  if (isBack) return way.slice(0, -1).map(({ prepared }) => prepared);
  if (way.length > CASCADE_DEPTH_MAX) return undefined;
  const next = (byField.get(after.change.field) ?? []).slice(0, LOOP_CANDIDATES_MAX);
  for (const prepared of next) {
    const isKnown = way.slice(1).some((one) => one.prepared === prepared);
    if (isKnown || solveRule(prepared.rule, after.snapshot, ir.zone) === undefined) continue;
    const loop = follow(ir, byField, [...way, { prepared, ...after }]);
    if (loop !== undefined) return loop;
  }
  return undefined;
}

/** The event that the rule's one change raises; undefined when it changes nothing, or more than one thing. */
function afterRule({ prepared, values, snapshot }: Step):
  | {
      readonly change: FieldChange;
      readonly values: ReadonlyMap<string, FieldValue>;
      readonly snapshot: Snapshot;
    }
  | undefined {
  const writes = prepared.rule.actions.flatMap((action) => (action.kind === "set-field" ? [action] : []));
  const [write] = writes;
  const [to] = write === undefined ? [] : (constantValues(write.value) ?? []);
  const isPlain = !prepared.rule.actions.some(
    ({ kind }) => kind === "create-ticket" || kind === "complete-ticket",
  );
  if (write === undefined || writes.length > 1 || !isPlain || to === undefined) return undefined;
  const { field } = write;
  const from = field.read(snapshot);
  if (field.apiName === undefined || from === to) return undefined;
  const change: FieldChange = { field: field.apiName, from, to };
  const written = new Map(values).set(field.path, to);
  const raised = draftEvent({
    kind: "ticket-changed",
    at: snapshot.at,
    values: written,
    actor: { kind: "rule", name: prepared.rule.name },
    changes: [change],
    calloutName: undefined,
    counts: new Map(),
  });
  return raised.ticket !== undefined && field.read(raised) === to
    ? { change, values: written, snapshot: raised }
    : undefined;
}

function tellLoop(loop: readonly Prepared[], witness: Witness, places: Places): Diagnostic {
  const [first, ...others] = loop.map(({ rule }) => rule);
  if (first === undefined) throw new Error("a loop without rules");
  const round = [...others, first].map((rule) => `\`${rule.name}\``).join(", which starts ");
  return diagnostic("R2007", places.nameOf(first), `\`${first.name}\` starts ${round} again`, {
    detail: `for example from: ${tellEvent(witness)}\neach rule runs once for one event, so what the ticket ends with depends on who began`,
    labels: others.map((rule) => ({ span: places.nameOf(rule), text: "part of the loop" })),
    help: "narrow one of them, for example with `by staff` behind its event",
  });
}
