/**
 * R2004 a rule that is there twice, R2005 a rule that another one covers: both do the same, and one fires whenever the
 * other does. Only where leaving the rule out changes nothing.
 */
import { diagnostic, type Diagnostic } from "../diagnostics/index.ts";
import type { TriggerKind } from "../domain/index.ts";
import { actionsKey, stops, suppresses, writes } from "./actions-key.ts";
import { CoverIndex, covers, isWiderTrigger } from "./cover-index.ts";
import type { Places } from "./places.ts";
import { neverFires } from "./prepared.ts";
import type { Prepared, PreparedSet } from "./prepared.ts";
import { findWitness, tellEvent } from "./witness.ts";

export function checkCovered(set: PreparedSet, places: Places): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  const between = new Between(set.rules);
  for (const group of sameActions(set.rules)) {
    const indexes = new Map<TriggerKind, CoverIndex>();
    for (const prepared of group) {
      const [event] = prepared.byEvent.keys();
      if (event === undefined) continue;
      let index = indexes.get(event);
      if (index === undefined) indexes.set(event, (index = new CoverIndex(event, group)));
      const cover = coverOf(prepared, event, index, between);
      if (cover !== undefined) found.push(tellCovered(set, prepared, cover, places));
    }
  }
  return found;
}

function sameActions(rules: readonly Prepared[]): readonly (readonly Prepared[])[] {
  const groups = new Map<string, Prepared[]>();
  for (const prepared of rules) {
    if (neverFires(prepared)) continue;
    const key = actionsKey(prepared.rule.actions);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [prepared]);
    else group.push(prepared);
  }
  return [...groups.values()].filter((group) => group.length > 1);
}

interface Cover {
  readonly by: Prepared;
  /** Each covers the other. */
  readonly same: boolean;
}

function coverOf(
  prepared: Prepared,
  event: TriggerKind,
  index: CoverIndex,
  between: Between,
): Cover | undefined {
  const [alternative] = prepared.byEvent.get(event) ?? [];
  if (alternative === undefined || readsBoundNames(prepared)) return undefined;
  const accept = (other: Prepared): boolean => other !== prepared && isWiderTrigger(other, prepared, event);
  for (const other of index.covering(alternative, accept)) {
    const events = [...prepared.byEvent.keys()];
    if (!events.every((kind) => covers(other, prepared, kind))) continue;
    if (!between.leavesAlone(prepared, other)) continue;
    const same = prepared.exact && [...other.byEvent.keys()].every((kind) => covers(prepared, other, kind));
    // Of two that are the same the later one is told.
    if (same && other.rule.index > prepared.rule.index) continue;
    return { by: other, same };
  }
  return undefined;
}

/** Actions that use a bound name do what the pattern says, and two rules may bind it by different ones. */
function readsBoundNames({ rule }: Prepared): boolean {
  return actionsKey(rule.actions).includes('"kind":"binding"');
}

/**
 * Whether a rule between two others may make a difference to them.
 *
 *   rules    a  b(stop)  c  d(suppress)  e
 *   closers  0  0        1  1            2     how many of those before it stop or suppress
 */
class Between {
  readonly #rules: readonly Prepared[];
  readonly #closers: readonly number[];
  readonly #places: ReadonlyMap<Prepared, number>;

  constructor(rules: readonly Prepared[]) {
    this.#rules = rules;
    this.#places = new Map(rules.map((prepared, place) => [prepared, place]));
    let count = 0;
    this.#closers = rules.map(({ rule }) => {
      const before = count;
      if (stops(rule) || suppresses(rule)) count++;
      return before;
    });
  }

  leavesAlone(prepared: Prepared, other: Prepared): boolean {
    const places = [this.#places.get(prepared) ?? 0, this.#places.get(other) ?? 0];
    const [from, to] = [Math.min(...places) + 1, Math.max(...places)];
    if (from >= to) return true;
    // What it keeps from others, another one that runs later does not keep from those between.
    if (stops(prepared.rule) || suppresses(prepared.rule)) return false;
    if ((this.#closers[from] ?? 0) !== (this.#closers[to] ?? 0)) return false;
    const written = writes(prepared.rule);
    if (written.size === 0) return true;
    return this.#rules.slice(from, to).every(({ rule }) => writes(rule).isDisjointFrom(written));
  }
}

function tellCovered(set: PreparedSet, prepared: Prepared, { by, same }: Cover, places: Places): Diagnostic {
  const { rule } = prepared;
  const witness = findWitness(set.ir, [prepared, by]);
  const detail = witness === undefined ? undefined : `for example both fire for: ${tellEvent(witness)}`;
  const labels = [
    { span: places.nameOf(by.rule), text: same ? "the same" : "fires whenever it does, and does the same" },
  ];
  return same
    ? diagnostic(
        "R2004",
        places.nameOf(rule),
        `\`${rule.name}\` does what \`${by.rule.name}\` already does`,
        {
          detail,
          labels,
          help: "leave one of them out",
        },
      )
    : diagnostic("R2005", places.nameOf(rule), `\`${rule.name}\` is covered by \`${by.rule.name}\``, {
        detail,
        labels,
        help: "leave it out, or narrow the other one with `except when`",
      });
}
