/**
 * R2006: two rules of equal order write different values to one field of the same event, so that the name of a file
 * decides. Told only with an event on which both fire.
 */
import { diagnostic, type Diagnostic } from "../diagnostics/index.ts";
import type { ActionIr, RuleIr } from "../compiler/index.ts";
import { CONFLICT_CANDIDATES_MAX, foldText } from "../domain/index.ts";
import { stops } from "./actions-key.ts";
import type { Places } from "./places.ts";
import type { Prepared, PreparedSet } from "./prepared.ts";
import { constantValues } from "./subject-values.ts";
import { findWitness, tellEvent } from "./witness.ts";

type SetField = Extract<ActionIr, { readonly kind: "set-field" }>;

interface Write {
  readonly prepared: Prepared;
  readonly action: SetField;
  readonly value: string;
}

export function checkConflicts(set: PreparedSet, places: Places): readonly Diagnostic[] {
  return [...writesByPlace(set.rules).values()].flatMap((writes) => conflictsAmong(set, writes, places));
}

/** Writes that may meet: same order, same field, same event. */
function writesByPlace(rules: readonly Prepared[]): ReadonlyMap<string, readonly Write[]> {
  const places = new Map<string, Write[]>();
  for (const prepared of rules) {
    for (const write of lastWrites(prepared)) {
      for (const event of prepared.byEvent.keys()) {
        const key = `${prepared.rule.order} ${event} ${write.action.field.path}`;
        const there = places.get(key);
        if (there === undefined) places.set(key, [write]);
        else there.push(write);
      }
    }
  }
  return places;
}

/** What stays written. After a `create ticket` it is another ticket, and a value of the event may be the same. */
function lastWrites(prepared: Prepared): readonly Write[] {
  const last = new Map<string, Write>();
  for (const action of prepared.rule.actions) {
    if (action.kind === "create-ticket") break;
    if (action.kind !== "set-field") continue;
    const [value] = constantValues(action.value) ?? [];
    if (value === undefined || typeof value === "object") last.delete(action.field.path);
    else last.set(action.field.path, { prepared, action, value: foldText(String(value)) });
  }
  return [...last.values()];
}

/** A rule is told once, with the first earlier one that it meets. */
function conflictsAmong(set: PreparedSet, writes: readonly Write[], places: Places): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const [at, later] of writes.entries()) {
    let tried = 0;
    for (const earlier of writes.slice(0, at)) {
      if (
        earlier.value === later.value ||
        stops(earlier.prepared.rule) ||
        areApart(earlier.prepared, later.prepared)
      )
        continue;
      if (tried++ === CONFLICT_CANDIDATES_MAX) break;
      const witness = findWitness(set.ir, [earlier.prepared, later.prepared]);
      if (witness === undefined) continue;
      found.push(tellConflict(earlier, later, tellEvent(witness), places));
      break;
    }
  }
  return found;
}

/** Cheap: every alternative of one asks a subject for other values than every alternative of the other. */
function areApart(left: Prepared, right: Prepared): boolean {
  if (
    left.rule.organizations !== undefined &&
    right.rule.organizations?.isDisjointFrom(left.rule.organizations) === true
  )
    return true;
  return [...left.byEvent].every(([event, alternatives]) =>
    alternatives.every((one) =>
      (right.byEvent.get(event) ?? []).every((other) =>
        [...one.finite].some(([subject, values]) => {
          const others = other.finite.get(subject);
          return others !== undefined && !values.some((value) => others.includes(value));
        }),
      ),
    ),
  );
}

function tellConflict(earlier: Write, later: Write, event: string, places: Places): Diagnostic {
  const field = later.action.field.path;
  const name = (rule: RuleIr): string => `\`${rule.name}\``;
  return diagnostic(
    "R2006",
    places.of(later.action.origin),
    `${name(earlier.prepared.rule)} and ${name(later.prepared.rule)} write different values to \`${field}\``,
    {
      detail: `for example both fire for: ${event}`,
      labels: [{ span: places.of(earlier.action.origin), text: "written here too, and overwritten" }],
      help: "give one of them another `order`: the later one's value stays",
    },
  );
}
