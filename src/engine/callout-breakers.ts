/**
 * Callouts that pause themselves after failed deliveries: pausing, going on, and what a publishing or an admin does to
 * either. Each change is told once, in the transaction that makes it. Knows neither HTTP nor Temporal.
 */
import { breakerNotices } from "../decision/index.ts";
import type { CalloutIr, RuleSetIr } from "../compiler/index.ts";
import type { Instant } from "../domain/index.ts";
import { selectCalloutSwitches } from "../store/desk/index.ts";
import {
  closeBreaker,
  insertNotifications,
  insertOutbox,
  retryBreaker,
  selectBreakers,
  selectCalloutsUnderWay,
  settleBreaker,
  wakeDeliveries,
  wakeNextPaused,
  type Breaker,
  type Transaction,
} from "../store/index.ts";
import { isCalloutActive } from "./callout-standing.ts";
import type { ActiveRules, EngineParts } from "./engine-parts.ts";
import { stayInForce } from "./rules-behind.ts";

/** The newest ends say whether it pauses or goes on. */
export async function settleCallout(
  parts: EngineParts,
  { rules: { ir } }: ActiveRules,
  ended: { readonly name: string; readonly at: Instant },
): Promise<void> {
  const callout = ir.callouts.get(ended.name);
  const pauseAfter = callout?.pauseAfterFailures;
  // What was paused and must be no longer is looked after where rules are put in force.
  if (callout === undefined || pauseAfter === undefined) return;
  const { name, hash } = callout;
  const hasWork = await parts.store.transaction(async (transaction) => {
    const change = await settleBreaker(transaction, {
      callout: name,
      declarationHash: hash,
      pauseAfter,
      at: ended.at,
    });
    switch (change) {
      case "unchanged":
        return await wakeNextPaused(transaction, name, hash);
      case "opened":
        tell(parts, transaction, { ir, callout, kind: "opened", at: ended.at });
        return true;
      case "closed":
        await wakeDeliveries(transaction, name);
        tell(parts, transaction, { ir, callout, kind: "closed", at: ended.at, why: WELL });
        return true;
    }
  });
  if (hasWork) parts.wakeRelay();
}

const WELL = "A delivery of it succeeded.";

/** All that wait go on. `why`: a sentence for those who were told that it is paused. */
export async function resumeCallout(
  parts: EngineParts,
  transaction: Transaction,
  asked: { readonly ir: RuleSetIr; readonly name: string; readonly why: string; readonly at: Instant },
): Promise<boolean> {
  const { ir, name, why, at } = asked;
  if (!(await closeBreaker(transaction, name))) return false;
  await wakeDeliveries(transaction, name);
  const callout = ir.callouts.get(name);
  if (callout !== undefined) tell(parts, transaction, { ir, callout, kind: "closed", at, why });
  return true;
}

function tell(
  parts: EngineParts,
  transaction: Transaction,
  change: {
    readonly ir: RuleSetIr;
    readonly callout: CalloutIr;
    readonly kind: "opened" | "closed";
    readonly at: Instant;
    readonly why?: string;
  },
): void {
  const notices = breakerNotices(change.ir, change.callout, change).map((notification) => ({
    id: parts.newId("nt", change.at),
    notification,
  }));
  insertNotifications(transaction, notices);
  insertOutbox(
    transaction,
    notices.map(({ id }) => ({ kind: "start-notification", notificationId: id })),
  );
}

/* ---------- another rule set ---------- */

/**
 * What waits for callouts, under the rules now in force: an older set would stop what the new one wants. Returns how many
 * deliveries were woken. May be repeated. Throws: RulesBehind.
 */
export async function adaptCallouts(parts: EngineParts, active: ActiveRules, at: Instant): Promise<number> {
  const { ir } = active.rules;
  return await parts.store.transaction(async (transaction) => {
    await stayInForce(transaction, active);
    let woken = 0;
    for (const breaker of await selectBreakers(transaction))
      woken += await adaptBreaker(parts, transaction, { ir, breaker, at });
    const switches = await selectCalloutSwitches(transaction);
    for (const name of await selectCalloutsUnderWay(transaction)) {
      const callout = ir.callouts.get(name);
      // They end as skipped when they look (CO-14); leaving a callout out of the text deletes it (contract.md 3).
      if (callout === undefined || !isCalloutActive(callout, switches))
        woken += await wakeDeliveries(transaction, name, "all");
    }
    return woken;
  });
}

async function adaptBreaker(
  parts: EngineParts,
  transaction: Transaction,
  { ir, breaker, at }: { readonly ir: RuleSetIr; readonly breaker: Breaker; readonly at: Instant },
): Promise<number> {
  const { callout: name } = breaker;
  const callout = ir.callouts.get(name);
  if (callout?.pauseAfterFailures === undefined) {
    const why = "Its text does not ask for a pause any more.";
    return (await resumeCallout(parts, transaction, { ir, name, why, at })) ? 1 : 0;
  }
  const { hash } = callout;
  if (breaker.declarationHash === hash) return 0;
  // Somebody changed it, most likely to mend it: seen by a try now, without letting all go.
  await retryBreaker(transaction, { callout: name, declarationHash: hash, at });
  return (await wakeNextPaused(transaction, name, hash)) ? 1 : 0;
}
