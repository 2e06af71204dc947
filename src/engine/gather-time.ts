/**
 * The part of a decision's effects that is about alerts and time: holds, silences, alerts put off, receipts. Gathered to
 * what each row is at the end and written by one statement a table. Decides nothing.
 */
import type { RuleSetIr } from "../compiler/index.ts";
import { keepReceipts, receiptsKept } from "../decision/index.ts";
import type { Absence, Deferred, DeskView, Effect, Hold } from "../decision/index.ts";
import { toRfc3339, unreachable } from "../domain/index.ts";
import type { Instant } from "../domain/index.ts";
import {
  armAbsences,
  countKeyDigest,
  endAbsences,
  endHolds,
  forgetDeferred,
  keepHolds,
  putOffAlerts,
  writeAlertCounts,
} from "../store/index.ts";
import type { AddedTimes, CountedTimes, EndedHold, NewId, Transaction } from "../store/index.ts";

export interface GatheredTime {
  /** By identity and rule. */
  readonly endedHolds: Map<string, Pick<EndedHold, "identity" | "rule" | "state">>;
  readonly keptHolds: Map<string, Hold>;
  readonly toldAbsences: Set<string>;
  readonly armedAbsences: Map<string, Absence>;
  readonly putOff: Map<string, Deferred>;
  readonly forgotten: Set<string>;
  /** Receipts of this decision, by count key. */
  readonly received: Map<string, Instant[]>;
}

export function emptyTime(): GatheredTime {
  return {
    endedHolds: new Map(),
    keptHolds: new Map(),
    toldAbsences: new Set(),
    armedAbsences: new Map(),
    putOff: new Map(),
    forgotten: new Set(),
    received: new Map(),
  };
}

export type AlertTimeEffect = Extract<
  Effect,
  {
    readonly kind:
      | "start-hold"
      | "refresh-hold"
      | "drop-hold"
      | "arm-absence"
      | "end-absence"
      | "defer-alert"
      | "drop-deferred"
      | "count-alert";
  }
>;

export function gatherTime(time: GatheredTime, effect: AlertTimeEffect): void {
  switch (effect.kind) {
    case "start-hold":
    case "refresh-hold":
      time.keptHolds.set(holdKey(effect.hold), effect.hold);
      return;
    case "drop-hold": {
      const { identity, rule, why } = effect;
      const key = holdKey(effect);
      time.keptHolds.delete(key);
      if (!time.endedHolds.has(key)) time.endedHolds.set(key, { identity, rule, state: why });
      return;
    }
    case "arm-absence":
      time.armedAbsences.set(effect.absence.key, effect.absence);
      return;
    case "end-absence":
      time.toldAbsences.add(effect.key);
      time.armedAbsences.delete(effect.key);
      return;
    case "defer-alert":
      time.forgotten.delete(effect.deferred.identity);
      time.putOff.set(effect.deferred.identity, effect.deferred);
      return;
    case "drop-deferred":
      time.putOff.delete(effect.identity);
      time.forgotten.add(effect.identity);
      return;
    case "count-alert":
      for (const key of effect.keys) {
        const received = time.received.get(key);
        if (received === undefined) time.received.set(key, [effect.at]);
        else received.push(effect.at);
      }
      return;
    default:
      return unreachable(effect);
  }
}

function holdKey({ identity, rule }: { readonly identity: string; readonly rule: string }): string {
  return `${identity}/${rule}`;
}

export interface WriteTimeInput {
  readonly ir: RuleSetIr;
  /** What was loaded under lock for the decision. */
  readonly view: Pick<DeskView, "recentReceipts"> & { readonly settledCounts?: ReadonlySet<string> };
  readonly newId: NewId;
  readonly now: Instant;
}

export function writeTime(transaction: Transaction, time: GatheredTime, input: WriteTimeInput): void {
  const { ir, newId, now } = input;
  const hashOf = (name: string): string => ir.rules.find((rule) => rule.name === name)?.hash ?? "";
  const at = toRfc3339(now);
  endHolds(
    transaction,
    [...time.endedHolds.values()].map((ended) => ({ ...ended, reason: `${ended.state} at ${at}` })),
    now,
  );
  keepHolds(
    transaction,
    [...time.keptHolds.values()].map((hold) => ({
      id: newId("hd", hold.startedAt),
      ruleHash: hashOf(hold.rule),
      hold,
    })),
  );
  endAbsences(
    transaction,
    [...time.toldAbsences].map((key) => ({ key, state: "told", reason: `told at ${at}` })),
    now,
  );
  armAbsences(
    transaction,
    [...time.armedAbsences.values()].map((absence) => ({
      id: newId("ab", absence.lastSeenAt),
      ruleHash: hashOf(absence.rule),
      absence,
    })),
  );
  forgetDeferred(transaction, [...time.forgotten].sort());
  putOffAlerts(
    transaction,
    [...time.putOff.values()].map((deferred) => ({ endId: newId("me", now), deferred })),
  );
  writeAlertCounts(transaction, countedTimes(time, input));
}

function countedTimes(time: GatheredTime, { ir, view }: WriteTimeInput): readonly CountedTimes[] {
  const counted: CountedTimes[] = [];
  for (const [key, received] of time.received) {
    const kept = receiptsKept(ir, key);
    if (kept === undefined || view.settledCounts?.has(key) === true) continue;
    const all = [...(view.recentReceipts?.get(key) ?? []), ...received].sort((a, b) => a - b);
    const times = keepReceipts(all, kept);
    const newest = times.at(-1) ?? 0;
    counted.push({ key: countKeyDigest(key), times, expiresAt: newest + kept.withinMs });
  }
  return counted;
}

/** What `addAlertCounts` adds at the end: receipts under keys that were read without a lock. */
export function addedTimes(
  time: GatheredTime,
  ir: RuleSetIr,
  settledCounts: ReadonlySet<string>,
): readonly AddedTimes[] {
  const added: AddedTimes[] = [];
  for (const key of settledCounts) {
    const kept = receiptsKept(ir, key);
    const received = time.received.get(key);
    if (kept === undefined || received === undefined) continue;
    const times = keepReceipts(
      received.toSorted((a, b) => a - b),
      kept,
    );
    const expiresAt = (times.at(-1) ?? 0) + kept.withinMs;
    added.push({ key: countKeyDigest(key), times, expiresAt, newest: kept.newest });
  }
  return added;
}
