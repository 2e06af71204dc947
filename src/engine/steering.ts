/** Steering of callouts: test calls, and pausing and going on after their deliveries ended. Knows neither HTTP nor Temporal. */
import { breakerNotices, testDelivery } from "../decision/index.ts";
import type { Actor, Instant } from "../domain/index.ts";
import {
  closeBreaker,
  insertDeliveries,
  insertNotifications,
  insertOutbox,
  loadTickets,
  markTestDelivery,
  selectTicketId,
  settleBreaker,
  wakeDeliveries,
} from "../store/index.ts";
import type { ActiveRules, EngineParts } from "./engine-parts.ts";
import type { Engine, TestCall } from "./types.ts";

export function createSteering(
  parts: EngineParts,
  rules: () => ActiveRules,
): Pick<Engine, "testCallout" | "settleCallout"> {
  return {
    testCallout: async (name, ticketNumber, by, at) =>
      await testCallout(parts, rules(), { name, ticketNumber, by, at }),
    settleCallout: async (name, at) => await settleCallout(parts, rules(), { name, at }),
  };
}

async function testCallout(
  parts: EngineParts,
  { rules: { ir } }: ActiveRules,
  asked: {
    readonly name: string;
    readonly ticketNumber: string;
    readonly by: Actor;
    readonly at: Instant;
  },
): Promise<TestCall> {
  const callout = ir.callouts.get(asked.name);
  if (callout === undefined) return { kind: "no-callout" };
  const done = await parts.store.transaction(async (transaction): Promise<TestCall> => {
    const ticketId = await selectTicketId(transaction, asked.ticketNumber);
    const [ticket] =
      ticketId === undefined ? [] : await loadTickets(transaction, { ids: [ticketId], dedupKeys: [] });
    if (ticket === undefined) return { kind: "no-ticket" };
    const delivery = testDelivery(ir, callout, { ticket, by: asked.by, at: asked.at });
    const id = parts.newId("dl", asked.at);
    insertDeliveries(transaction, [{ id, delivery }]);
    await markTestDelivery(transaction, { deliveryId: id, by: asked.by, at: asked.at });
    if (delivery.state === "pending") insertOutbox(transaction, [{ kind: "start-callout", deliveryId: id }]);
    return { kind: "started", deliveryId: id };
  });
  if (done.kind === "started") parts.wakeRelay();
  return done;
}

/** The newest ends say whether it pauses or goes on; a callout whose text asks for neither is never paused. */
async function settleCallout(
  parts: EngineParts,
  { rules: { ir } }: ActiveRules,
  ended: { readonly name: string; readonly at: Instant },
): Promise<void> {
  const callout = ir.callouts.get(ended.name);
  const pauseAfter = callout?.pauseAfterFailures;
  const hasWork = await parts.store.transaction(async (transaction) => {
    if (callout === undefined || pauseAfter === undefined) {
      if (!(await closeBreaker(transaction, ended.name))) return false;
      await wakeDeliveries(transaction, ended.name);
      return true;
    }
    const change = await settleBreaker(transaction, { callout: callout.name, pauseAfter, at: ended.at });
    if (change === "unchanged") return false;
    if (change === "closed") await wakeDeliveries(transaction, callout.name);
    const notices = breakerNotices(ir, callout, { kind: change, at: ended.at }).map((notification) => ({
      id: parts.newId("nt", ended.at),
      notification,
    }));
    insertNotifications(transaction, notices);
    insertOutbox(
      transaction,
      notices.map(({ id }) => ({ kind: "start-notification", notificationId: id })),
    );
    return true;
  });
  if (hasWork) parts.wakeRelay();
}
