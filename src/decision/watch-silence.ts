/**
 * `no alert for D per ...` (contract.md 4, Absence): every firing alert that the rule's `if` describes starts the clock of
 * its key anew; a silence is told once, with the last alert seen. Knows nothing of what rules do.
 */
import { hash } from "node:crypto";
import type { Alert, Field, Instant, Snapshot } from "../domain/index.ts";
import { bareSnapshot } from "../domain/index.ts";
import type { RuleIr, RuleSetIr } from "../compiler/index.ts";
import { raise } from "./change-ticket.ts";
import { valuesPer, withCounts } from "./count-receipts.ts";
import type { Handling } from "./handling.ts";
import type { Absence, DeskEvent } from "./types.ts";

/** One rule and the values of `per`; undefined when one of them is missing: such an alert is not awaited. */
export function absenceKey(rule: string, per: readonly Field[], alert: Alert): string | undefined {
  const values = valuesPer(per, alert);
  return values === undefined
    ? undefined
    : hash("sha256", JSON.stringify(["absence", rule, ...values]), "hex");
}

const watchersByRules = new WeakMap<object, boolean>();

function watches({ rules }: Pick<RuleSetIr, "rules">): boolean {
  const known = watchersByRules.get(rules);
  if (known !== undefined) return known;
  const found = rules.some(
    ({ active, triggers }) => active && triggers.some(({ timer }) => timer?.kind === "silence"),
  );
  watchersByRules.set(rules, found);
  return found;
}

/** As the end of a silence shows it to the rules. */
export function silence(alert: Alert, at: Instant): Snapshot {
  return { ...bareSnapshot("no-alert", at), alert };
}

/** Whatever becomes of the alert: seen is seen. */
export function watchSilence(handling: Handling, alert: Alert): void {
  if (!watches(handling.ir)) return;
  const snapshot = withCounts(handling, silence(alert, handling.at));
  for (const { rule } of handling.rules.match(snapshot)) {
    for (const absence of absencesOf(rule, alert)) handling.desk.time.armAbsence(absence);
  }
}

/** The shortest silence of each key: a rule may name several. */
export function absencesOf(rule: RuleIr, alert: Alert): readonly Absence[] {
  const byKey = new Map<string, Absence>();
  for (const { timer } of rule.triggers) {
    if (timer?.kind !== "silence") continue;
    const key = absenceKey(rule.name, timer.per, alert);
    if (key === undefined) continue;
    const lastSeenAt = alert.receivedAt;
    const absence = { key, rule: rule.name, lastSeenAt, dueAt: lastSeenAt + timer.ms, alert };
    if (absence.dueAt < (byKey.get(key)?.dueAt ?? Infinity)) byKey.set(key, absence);
  }
  return [...byKey.values()];
}

export function endSilence(handling: Handling, event: Extract<DeskEvent, { kind: "absence-due" }>): void {
  const absence = handling.desk.time.absence(event.key);
  if (absence === undefined || absence.dueAt > event.at) return;
  handling.desk.time.endAbsence(event.key);
  raise(handling, 0, [{ ...silence(absence.alert, event.at), dueRule: absence.rule }]);
}
