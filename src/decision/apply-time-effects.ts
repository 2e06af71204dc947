/** The part of the desk in memory that is about time: what effects say about holds, silences, clocks and receipts is kept. Knows no rules. */
import type { Instant } from "../domain/index.ts";
import { unreachable } from "../domain/index.ts";
import { clockName } from "./deadlines.ts";
import type { Absence, Deferred, Effect, Hold, PassedClock } from "./types.ts";
import { insertInOrder } from "./working-time.ts";

export interface MemoryTime {
  readonly holds: Map<string, readonly Hold[]>;
  readonly absences: Map<string, Absence>;
  readonly clocks: Map<string, Map<string, PassedClock>>;
  readonly deferred: Map<string, Deferred>;
  readonly receipts: Map<string, Instant[]>;
}

export function emptyTime(): MemoryTime {
  return {
    holds: new Map(),
    absences: new Map(),
    clocks: new Map(),
    deferred: new Map(),
    receipts: new Map(),
  };
}

type TimeEffect = Extract<
  Effect,
  {
    readonly kind:
      | "start-hold"
      | "refresh-hold"
      | "drop-hold"
      | "arm-absence"
      | "end-absence"
      | "pass-clock"
      | "defer-alert"
      | "drop-deferred"
      | "count-alert";
  }
>;

export function applyTimeEffect(desk: MemoryTime, effect: TimeEffect): void {
  switch (effect.kind) {
    case "start-hold":
    case "refresh-hold": {
      const { hold } = effect;
      desk.holds.set(hold.identity, [...holdsBeside(desk, hold), hold]);
      return;
    }
    case "drop-hold":
      desk.holds.set(effect.identity, holdsBeside(desk, effect));
      return;
    case "arm-absence":
      desk.absences.set(effect.absence.key, effect.absence);
      return;
    case "end-absence":
      desk.absences.delete(effect.key);
      return;
    case "pass-clock": {
      const clocks = desk.clocks.get(effect.ticketId) ?? new Map<string, PassedClock>();
      desk.clocks.set(effect.ticketId, clocks.set(clockName(effect.rule, effect.clock), effect.passed));
      return;
    }
    case "defer-alert":
      desk.deferred.set(effect.deferred.identity, effect.deferred);
      return;
    case "drop-deferred":
      desk.deferred.delete(effect.identity);
      return;
    case "count-alert":
      for (const key of effect.keys) insertInOrder(receiptsOf(desk, key), effect.at);
      return;
    default:
      return unreachable(effect);
  }
}

/** The identity's holds of other rules. */
function holdsBeside(
  desk: MemoryTime,
  { identity, rule }: { readonly identity: string; readonly rule: string },
): readonly Hold[] {
  return (desk.holds.get(identity) ?? []).filter((hold) => hold.rule !== rule);
}

function receiptsOf(desk: MemoryTime, key: string): Instant[] {
  const receipts = desk.receipts.get(key) ?? [];
  desk.receipts.set(key, receipts);
  return receipts;
}
