/**
 * One event in a transaction of its own, its rules and their cascade included: what calls on tickets and times that come share.
 * Knows neither what is called nor HTTP.
 */
import { utcDay } from "../domain/index.ts";
import type { Instant } from "../domain/index.ts";
import type { DeskEvent } from "../decision/index.ts";
import { isStoreUnavailable } from "../store/index.ts";
import type { Transaction } from "../store/index.ts";
import { countEffects, leavesWork } from "./alert-batch.ts";
import { applyEffects, type GatheredEffects } from "./apply-effects.ts";
import { armClocks } from "./arm-clocks.ts";
import { decideLoaded, type Decided } from "./decide-loaded.ts";
import type { LoadedView } from "./desk-loader.ts";
import { newTicketAdder, openView, type ActiveRules, type EngineParts } from "./engine-parts.ts";
import { NumberLease } from "./ticket-numbers.ts";

export interface Call {
  readonly parts: EngineParts;
  readonly active: ActiveRules;
  readonly transaction: Transaction;
  readonly lease: NumberLease;
  readonly view: LoadedView;
}

/** What one call did; `gathered` is missing when it changed nothing. */
export interface CallOutcome<Outcome> {
  readonly outcome: Outcome;
  readonly gathered: GatheredEffects | undefined;
}

/** Resolves after the commit. Throws: StoreUnavailable, and whatever `run` throws; then nothing is stored. */
export async function runCall<Outcome>(
  parts: EngineParts,
  active: ActiveRules,
  { at, run }: { readonly at: Instant; readonly run: (call: Call) => Promise<CallOutcome<Outcome>> },
): Promise<Outcome> {
  let lease = new NumberLease(parts.numbers, utcDay(at));
  const done = await parts.store
    .transaction(async (transaction) => {
      lease.settle(new Set());
      lease = new NumberLease(parts.numbers, utcDay(at));
      const view = await openView(parts, transaction, active);
      return await run({ parts, active, transaction, lease, view });
    })
    .catch((error: unknown) => {
      if (!isStoreUnavailable(error)) lease.settle(new Set());
      throw error;
    });
  const { outcome, gathered } = done;
  lease.settle(new Set([...(gathered?.opened.values() ?? [])].map((ticket) => ticket.number)));
  if (gathered !== undefined) {
    countEffects(parts.counters, gathered);
    if (leavesWork(gathered)) parts.wakeRelay();
  }
  return outcome;
}

/** Decides the events, and sends what follows. */
export async function decideCall(
  call: Call,
  at: Instant,
  events: readonly DeskEvent[],
  options: { readonly reading?: string } = {},
): Promise<{ readonly decision: Decided; readonly gathered: GatheredEffects }> {
  const { parts, active, transaction, lease, view } = call;
  const adder = newTicketAdder(parts, lease, at);
  const decision = await decideLoaded({
    transaction,
    view,
    events,
    rules: active.rules,
    // A ticket opened by hand has its number already, and planning counts it.
    addNewTickets: async (grown, count) => await adder(grown, count),
  });
  const now = parts.now();
  const gathered = applyEffects(transaction, {
    effects: decision.effects,
    ruleSet: active.number,
    ir: active.rules.ir,
    view,
    newId: parts.newId,
    now,
  });
  await armClocks(transaction, { gathered, view, active, now, ...options });
  return { decision, gathered };
}
