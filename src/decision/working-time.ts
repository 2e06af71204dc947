/**
 * The part of the working copy that is about time: holds, silences, clocks, alerts put off, receipts. Later events of a
 * batch see what earlier ones did. Knows no rules; a map that the view leaves out is empty and is not asked for.
 */
import type { Alert, Instant } from "../domain/index.ts";
import { countBetween } from "./count-receipts.ts";
import { clockName } from "./deadlines.ts";
import type { Absence, Deferred, DeskView, Effect, Hold, PassedClock } from "./types.ts";

/** Keys that were asked for and the view does not know. */
export interface TimeNeeds {
  readonly holds: Set<string>;
  readonly absences: Set<string>;
  readonly clocks: Set<string>;
  readonly deferred: Set<string>;
  readonly counts: Set<string>;
}

type EffectOf<K extends Effect["kind"]> = Extract<Effect, { kind: K }>;

export class WorkingTime {
  readonly #view: DeskView;
  readonly #needs: TimeNeeds;
  readonly #emit: (effect: Effect) => void;
  readonly #holds = new Map<string, readonly Hold[]>();
  readonly #absences = new Map<string, Absence | undefined>();
  readonly #clocks = new Map<string, Map<string, PassedClock>>();
  readonly #deferred = new Map<string, Deferred | undefined>();
  readonly #receipts = new Map<string, Instant[]>();

  constructor(view: DeskView, needs: TimeNeeds, emit: (effect: Effect) => void) {
    this.#view = view;
    this.#needs = needs;
    this.#emit = emit;
  }

  /* ---------- holds ---------- */

  holds(identity: string): readonly Hold[] {
    const changed = this.#holds.get(identity);
    return changed ?? loaded(this.#view.holds, this.#needs.holds, identity) ?? [];
  }

  hold(kind: "start-hold" | "refresh-hold", hold: Hold): void {
    this.#emit({ kind, hold });
    this.#holds.set(hold.identity, [...this.#holdsBeside(hold), hold]);
  }

  dropHold(effect: EffectOf<"drop-hold">): void {
    this.#emit(effect);
    this.#holds.set(effect.identity, this.#holdsBeside(effect));
  }

  #holdsBeside({ identity, rule }: { readonly identity: string; readonly rule: string }): readonly Hold[] {
    return this.holds(identity).filter((hold) => hold.rule !== rule);
  }

  /* ---------- silences ---------- */

  absence(key: string): Absence | undefined {
    if (this.#absences.has(key)) return this.#absences.get(key);
    return loaded(this.#view.absences, this.#needs.absences, key);
  }

  armAbsence(absence: Absence): void {
    this.#emit({ kind: "arm-absence", absence });
    this.#absences.set(absence.key, absence);
  }

  endAbsence(key: string): void {
    this.#emit({ kind: "end-absence", key });
    this.#absences.set(key, undefined);
  }

  /* ---------- clocks of tickets ---------- */

  clocks(ticketId: string): ReadonlyMap<string, PassedClock> {
    const before = loaded(this.#view.clocks, this.#needs.clocks, ticketId) ?? [];
    return new Map([...before, ...(this.#clocks.get(ticketId) ?? [])]);
  }

  passClock(effect: EffectOf<"pass-clock">): void {
    this.#emit(effect);
    const { ticketId, rule, clock, passed } = effect;
    const clocks = this.#clocks.get(ticketId) ?? new Map<string, PassedClock>();
    this.#clocks.set(ticketId, clocks.set(clockName(rule, clock), passed));
  }

  /* ---------- maintenance ---------- */

  deferred(identity: string): Deferred | undefined {
    if (this.#deferred.has(identity)) return this.#deferred.get(identity);
    return loaded(this.#view.deferred, this.#needs.deferred, identity);
  }

  defer(deferred: Deferred): void {
    this.#emit({ kind: "defer-alert", deferred });
    this.#deferred.set(deferred.identity, deferred);
  }

  dropDeferred(identity: string): void {
    this.#emit({ kind: "drop-deferred", identity });
    this.#deferred.set(identity, undefined);
  }

  /* ---------- counts ---------- */

  receive(alert: Alert, keys: readonly string[]): void {
    const at = alert.receivedAt;
    this.#emit({ kind: "count-alert", alertId: alert.id, keys, at });
    for (const key of keys) {
      const times = this.#receipts.get(key) ?? [];
      insertInOrder(times, at);
      this.#receipts.set(key, times);
    }
  }

  /** Both ends in. */
  receiptsBetween(key: string, from: Instant, to: Instant): number {
    const before = loaded(this.#view.recentReceipts, this.#needs.counts, key) ?? [];
    return countBetween(before, from, to) + countBetween(this.#receipts.get(key) ?? [], from, to);
  }
}

/** Times arrive nearly in order. */
export function insertInOrder(times: Instant[], at: Instant): void {
  let place = times.length;
  while (place > 0 && (times[place - 1] ?? at) > at) place -= 1;
  times.splice(place, 0, at);
}

function loaded<V>(view: ReadonlyMap<string, V> | undefined, needs: Set<string>, key: string): V | undefined {
  if (view !== undefined && !view.has(key)) needs.add(key);
  return view?.get(key);
}
