/**
 * What waits because of alerts and whose time has come: a hold, a silence, the end of maintenance. One transaction each,
 * the rules and their cascade included; asked twice it does nothing twice. Knows nothing of timers.
 *
 *   facts of the row -> look without locks (which keys will the rules touch?) -> lock all keys in order -> load -> decide
 *
 * By the rules in force and no others: a process that has not loaded them yet is asked again in a moment, since by older ones
 * the rule may not be there, and what waits for it would come to nothing.
 *
 * The first look is only for the order of locks: a batch of alerts of the same keys locks them in that order too.
 */
import { planNeeds } from "../decision/index.ts";
import type { DeskEvent, DeskView, Needs } from "../decision/index.ts";
import { MAINTENANCE_BATCH_MAX, toRfc3339, utcDay } from "../domain/index.ts";
import type { Instant } from "../domain/index.ts";
import {
  closeMaintenanceEnd,
  deleteMaintenanceEnd,
  endAbsences,
  endHolds,
  explainAbsence,
  explainHold,
  forgetArmedRules,
  hastenHold,
  isStoreUnavailable,
  loadAbsences,
  loadDeferred,
  loadHolds,
  lockDedupKeys,
  noteAlerts,
  selectAbsence,
  selectDeferredOf,
  selectHold,
  selectMaintenanceEnd,
} from "../store/index.ts";
import type { HoldFacts, Transaction } from "../store/index.ts";
import { droppedAt, waitsInForce } from "./adapt-waiting.ts";
import { countEffects, leavesWork } from "./alert-batch.ts";
import { applyEffects, type GatheredEffects } from "./apply-effects.ts";
import { armClocks } from "./arm-clocks.ts";
import { decideLoaded, type Decided } from "./decide-loaded.ts";
import { loadNeeds, type LoadedView } from "./desk-loader.ts";
import { newTicketAdder, openView, type ActiveRules, type EngineParts } from "./engine-parts.ts";
import { refuseBehind } from "./rules-behind.ts";
import { NumberLease } from "./ticket-numbers.ts";
import type { AbsenceOutcome, AlertTimes, HoldOutcome, MaintenanceOutcome } from "./types.ts";

export function createAlertTimes(parts: EngineParts, rules: () => ActiveRules): AlertTimes {
  const run = async <Outcome>(at: Instant, act: (scope: Scope) => Promise<Done<Outcome>>): Promise<Outcome> =>
    await inTransaction(parts, rules(), { at, act });
  return {
    holdDue: async ({ holdId, at, now }) => await run(at, async (scope) => await holdDue(scope, holdId, now)),
    dropHold: async ({ holdId, at }) => await run(at, async (scope) => await dropHold(scope, holdId)),
    absenceDue: async ({ absenceId, at }) =>
      await run(at, async (scope) => await absenceDue(scope, absenceId)),
    maintenanceEnded: async ({ endId, at }) => {
      const end = await selectMaintenanceEnd(parts.store, endId);
      if (end === undefined) return { kind: "over" };
      if (!end.isClosing && end.untilAt > at) return { kind: "waiting", dueAt: end.untilAt };
      await closeMaintenanceEnd(parts.store, endId);
      return await run(at, async (scope) => await maintenanceEnded(scope, endId));
    },
  };
}

interface Scope {
  readonly parts: EngineParts;
  readonly active: ActiveRules;
  readonly transaction: Transaction;
  readonly lease: NumberLease;
  readonly at: Instant;
}

interface Done<Outcome> {
  readonly outcome: Outcome;
  readonly gathered?: GatheredEffects;
}

async function inTransaction<Outcome>(
  parts: EngineParts,
  active: ActiveRules,
  { at, act }: { readonly at: Instant; readonly act: (scope: Scope) => Promise<Done<Outcome>> },
): Promise<Outcome> {
  const day = utcDay(at);
  let lease = new NumberLease(parts.numbers, day);
  const { outcome, gathered } = await parts.store
    .transaction(async (transaction) => {
      lease.settle(new Set());
      lease = new NumberLease(parts.numbers, day);
      return await act({ parts, active, transaction, lease, at });
    })
    .catch((error: unknown) => {
      if (!isStoreUnavailable(error)) lease.settle(new Set());
      throw error;
    });
  lease.settle(new Set([...(gathered?.opened.values() ?? [])].map((ticket) => ticket.number)));
  if (gathered !== undefined) {
    countEffects(parts.counters, gathered);
    if (leavesWork(gathered)) parts.wakeRelay();
  }
  return outcome;
}

/* ---------- holds ---------- */

async function holdDue(scope: Scope, holdId: string, now: boolean): Promise<Done<HoldOutcome>> {
  const { transaction, at } = scope;
  await refuseBehind(transaction, scope.active);
  const hold = await selectHold(transaction, holdId);
  if (hold?.state !== "waiting") return { outcome: holdOver(hold) };
  const { identity, rule } = hold;
  if (now) {
    lockDedupKeys(transaction, [identity]);
    await hastenHold(transaction, holdId, at);
  }
  if ((now || hold.dueAt <= at) && !waitsInForce(scope.active, rule, "hold")) {
    lockDedupKeys(transaction, [identity]);
    endHolds(transaction, [{ identity, rule, state: "dropped", reason: droppedAt(at) }], at);
    return { outcome: holdOver(await selectHold(transaction, holdId)) };
  }
  const event: DeskEvent = { kind: "hold-due", identity, rule, at };
  const holds = await loadHolds(transaction, [identity]);
  const { decided, gathered, view } = await decideDue(scope, [event], { holds });
  const released = decided.effects.some(({ kind }) => kind === "drop-hold");
  if (!released) {
    // It may have ended between the first look and the lock, and the same alert be held anew under another id.
    const still = await selectHold(transaction, holdId);
    if (still?.state !== "waiting") return { outcome: holdOver(still), gathered };
    return { outcome: { kind: "waiting", dueAt: still.dueAt }, gathered };
  }
  const held = view.holds.get(identity)?.find((one) => one.rule === rule);
  const told = tellAlert(scope, { decided, index: 0, alertId: held?.alert.id, view, gathered });
  explainHold(transaction, holdId, told.why);
  return { outcome: { kind: "released", ...told }, gathered };
}

/** Ended before: the workflow asks a second time, or somebody else ended it. */
function holdOver(hold: HoldFacts | undefined): HoldOutcome {
  return { kind: "over", state: hold?.state ?? "dropped", reason: hold?.reason ?? "it is gone" };
}

async function dropHold(scope: Scope, holdId: string): Promise<Done<HoldOutcome>> {
  const { transaction, at } = scope;
  const hold = await selectHold(transaction, holdId);
  if (hold?.state !== "waiting") return { outcome: holdOver(hold) };
  const { identity, rule } = hold;
  lockDedupKeys(transaction, [identity]);
  const reason = `dropped by hand at ${toRfc3339(at)}`;
  endHolds(transaction, [{ identity, rule, state: "dropped", reason }], at);
  return { outcome: holdOver(await selectHold(transaction, holdId)) };
}

/* ---------- silences ---------- */

async function absenceDue(scope: Scope, absenceId: string): Promise<Done<AbsenceOutcome>> {
  const { transaction, at } = scope;
  await refuseBehind(transaction, scope.active);
  const absence = await selectAbsence(transaction, absenceId);
  if (absence?.state !== "waiting") return { outcome: absenceOver(absence) };
  if (absence.dueAt > at) return { outcome: { kind: "waiting", dueAt: absence.dueAt } };
  const { key, rule } = absence;
  if (!waitsInForce(scope.active, rule, "silence")) {
    endAbsences(transaction, [{ key, state: "dropped", reason: droppedAt(at) }], at);
    forgetArmedRules(transaction, [rule]);
    return { outcome: absenceOver(await selectAbsence(transaction, absenceId)) };
  }
  const absences = await loadAbsences(transaction, [key], { lock: false });
  const { decided, gathered, view } = await decideDue(scope, [{ kind: "absence-due", key, at }], {
    absences,
  });
  if (decided.effects.some(({ kind }) => kind === "end-absence")) {
    const came = whatCame(decided, 0, view, gathered);
    explainAbsence(transaction, absenceId, came.why);
    return { outcome: { kind: "told", ...came }, gathered };
  }
  // An alert of the key came between the first look and the lock.
  const now = await selectAbsence(transaction, absenceId);
  if (now?.state !== "waiting") return { outcome: absenceOver(now), gathered };
  return { outcome: { kind: "waiting", dueAt: now.dueAt }, gathered };
}

function absenceOver(
  absence: { readonly state: string; readonly reason: string | undefined } | undefined,
): AbsenceOutcome {
  return { kind: "over", state: absence?.state ?? "dropped", reason: absence?.reason ?? "it is gone" };
}

/* ---------- the end of maintenance ---------- */

/** A bounded number of alerts; the caller asks again until it is over. */
async function maintenanceEnded(scope: Scope, endId: string): Promise<Done<MaintenanceOutcome>> {
  const { transaction, at } = scope;
  await refuseBehind(transaction, scope.active);
  const identities = await selectDeferredOf(transaction, endId, MAINTENANCE_BATCH_MAX);
  if (identities.length === 0) {
    await deleteMaintenanceEnd(transaction, endId);
    return { outcome: { kind: "over" } };
  }
  const events = identities.map((identity): DeskEvent => ({ kind: "maintenance-ended", identity, at }));
  const deferred = await loadDeferred(transaction, identities);
  const { decided, gathered, view } = await decideDue(scope, events, { deferred });
  for (const [index, identity] of identities.entries()) {
    if (gathered.time.putOff.has(identity)) continue;
    const alertId = view.deferred.get(identity)?.alert.id;
    tellAlert(scope, { decided, index, alertId, view, gathered });
  }
  const { opened, time } = gathered;
  return {
    outcome: {
      kind: "decided",
      alerts: identities.length - time.putOff.size,
      putOffAgain: time.putOff.size,
      tickets: opened.size,
    },
    gathered,
  };
}

/* ---------- what they share ---------- */

interface DecidedDue {
  readonly decided: Decided;
  readonly gathered: GatheredEffects;
  readonly view: LoadedView;
}

async function decideDue(
  { parts, active, transaction, lease, at }: Scope,
  events: readonly DeskEvent[],
  seen: Partial<Pick<DeskView, "holds" | "absences" | "deferred">>,
): Promise<DecidedDue> {
  const view = await openView(parts, transaction, active);
  const look = planNeeds(events, active.rules, { ...view, ...seen });
  await loadNeeds(transaction, view, withEvents(look, events));
  const decided = await decideLoaded({
    transaction,
    view,
    events,
    rules: active.rules,
    addNewTickets: newTicketAdder(parts, lease, at),
  });
  const now = parts.now();
  const gathered = applyEffects(transaction, {
    effects: decided.effects,
    ruleSet: active.number,
    ir: active.rules.ir,
    view,
    newId: parts.newId,
    now,
  });
  await armClocks(transaction, { gathered, view, active, now });
  return { decided, gathered, view };
}

/** What the events themselves are about was looked at, and must now be loaded under lock. */
function withEvents(needs: Needs, events: readonly DeskEvent[]): Needs {
  const ids = (kind: DeskEvent["kind"]): string[] =>
    events.flatMap((event) => (event.kind === kind && "identity" in event ? [event.identity] : []));
  const keys = events.flatMap((event) => (event.kind === "absence-due" ? [event.key] : []));
  return {
    ...needs,
    newTickets: 0,
    holds: new Set([...needs.holds, ...ids("hold-due")]),
    absences: new Set([...needs.absences, ...keys]),
    deferred: new Set([...needs.deferred, ...ids("maintenance-ended")]),
  };
}

interface Came {
  /** What the rules made of it, in a sentence. */
  readonly why: string;
  readonly ticket: string | undefined;
}

function whatCame(decided: Decided, index: number, view: LoadedView, gathered: GatheredEffects): Came {
  const result = decided.results[index];
  const id = result?.ticketId ?? [...gathered.opened.keys()][0];
  const ticket = id === undefined ? undefined : (gathered.opened.get(id) ?? view.tickets.get(id))?.number;
  return { why: result?.why ?? "", ticket };
}

interface Told {
  readonly decided: Decided;
  readonly index: number;
  readonly alertId: string | undefined;
  readonly view: LoadedView;
  readonly gathered: GatheredEffects;
}

/** The alert's own row says what came of it at last, for whoever asks why. */
function tellAlert(scope: Scope, { decided, index, alertId, view, gathered }: Told): Came {
  const came = whatCame(decided, index, view, gathered);
  const ticketId = decided.results[index]?.ticketId;
  if (alertId !== undefined) {
    const why = `decided at ${toRfc3339(scope.at)}: ${came.why}`;
    noteAlerts(scope.transaction, [{ alertId, why, ticketId }]);
  }
  return came;
}
