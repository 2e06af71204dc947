/**
 * `alert still firing after D` (contract.md 4, Hold): one clock per rule and identity, started by the first alert that
 * the rule would take, never moved by repeats, dropped when the alert clears.
 *
 *   firing --(rule would hold at release)--> hold --due--> rule sees the latest alert
 *                                             |  ^ repeat: latest alert, same clock
 *                                             '--resolved--> dropped
 */
import type { Alert, Instant, Snapshot } from "../domain/index.ts";
import { bareSnapshot } from "../domain/index.ts";
import type { RuleIr, RuleSetIr } from "../compiler/index.ts";
import { raise } from "./change-ticket.ts";
import { withCounts } from "./count-receipts.ts";
import type { Handling } from "./handling.ts";
import { identityOf } from "./keys.ts";
import { inMaintenance } from "./put-off.ts";
import type { DeskEvent, Hold } from "./types.ts";

const waitsByRules = new WeakMap<object, ReadonlyMap<number, ReadonlySet<RuleIr>>>();

/** Rules that wait, by how long; each wait is one look at the index. */
function waitsOf({ rules }: Pick<RuleSetIr, "rules">): ReadonlyMap<number, ReadonlySet<RuleIr>> {
  const known = waitsByRules.get(rules);
  if (known !== undefined) return known;
  const waits = new Map<number, Set<RuleIr>>();
  for (const rule of rules.filter(({ active }) => active)) {
    for (const { timer } of rule.triggers) {
      if (timer?.kind !== "hold") continue;
      waits.set(timer.ms, (waits.get(timer.ms) ?? new Set()).add(rule));
    }
  }
  waitsByRules.set(rules, waits);
  return waits;
}

export function hasHolds(ir: Pick<RuleSetIr, "rules">): boolean {
  return waitsOf(ir).size > 0;
}

/** As a release shows it to the rules. */
export function stillFiring(alert: Alert, at: Instant): Snapshot {
  return { ...bareSnapshot("alert-still-firing", at), alert };
}

/**
 * After the rules on `alert received` have run and nothing suppressed the alert. Whether a rule would take it is asked
 * for the moment of release, so that `during` and its like mean the event's moment; it is asked again then.
 */
export function holdAlert(handling: Handling, alert: Alert): void {
  if (!hasHolds(handling.ir)) return;
  const identity = identityOf(alert);
  const waits = waitsOf(handling.ir);
  const inForce = new Set([...waits.values()].flatMap((rules) => [...rules].map(({ name }) => name)));
  const holds = handling.desk.time.holds(identity).filter(({ rule }) => inForce.has(rule));
  for (const hold of holds) {
    handling.desk.time.hold("refresh-hold", { ...hold, alert });
    handling.heldBy.push(hold);
  }
  const waiting = new Set(holds.map(({ rule }) => rule));
  for (const [ms, rules] of [...waits].sort(([a], [b]) => a - b)) {
    const dueAt = handling.at + ms;
    for (const { rule } of handling.rules.match(withCounts(handling, stillFiring(alert, dueAt)))) {
      if (!rules.has(rule) || waiting.has(rule.name)) continue;
      waiting.add(rule.name);
      const hold: Hold = { rule: rule.name, identity, startedAt: handling.at, dueAt, alert };
      handling.desk.time.hold("start-hold", hold);
      handling.heldBy.push(hold);
    }
  }
}

/** The source says that it has cleared. */
export function clearHolds(handling: Handling, identity: string): void {
  if (!hasHolds(handling.ir)) return;
  for (const { rule } of handling.desk.time.holds(identity)) {
    handling.desk.time.dropHold({ kind: "drop-hold", rule, identity, why: "cleared" });
  }
}

/** A release within maintenance waits for its end: what still fires then is decided. */
export function releaseHold(handling: Handling, event: Extract<DeskEvent, { kind: "hold-due" }>): void {
  const { identity, rule } = event;
  const hold = handling.desk.time.holds(identity).find((candidate) => candidate.rule === rule);
  if (hold === undefined || hold.dueAt > event.at) return;
  const window = inMaintenance(handling, hold.alert, event.at);
  if (window !== undefined) {
    handling.desk.time.hold("refresh-hold", { ...hold, dueAt: window.until });
    return;
  }
  handling.desk.time.dropHold({ kind: "drop-hold", rule, identity, why: "released" });
  handling.alert = hold.alert;
  raise(handling, 0, [{ ...stillFiring(hold.alert, event.at), dueRule: rule }]);
}
