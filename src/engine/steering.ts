/** What an admin does to callouts by hand: test calls, and switching them over their text. Knows neither HTTP nor Temporal. */
import { testDelivery } from "../decision/index.ts";
import type { Actor, Instant } from "../domain/index.ts";
import { insertAudit, switchCallout } from "../store/desk/index.ts";
import {
  insertDeliveries,
  insertOutbox,
  loadTickets,
  markTestDelivery,
  selectTicketId,
  wakeDeliveries,
} from "../store/index.ts";
import { resumeCallout, settleCallout } from "./callout-breakers.ts";
import { calloutStanding } from "./callout-standing.ts";
import type { ActiveRules, EngineParts } from "./engine-parts.ts";
import type { Engine, TestCall } from "./types.ts";

export function createSteering(
  parts: EngineParts,
  rules: () => ActiveRules,
  rulesIfAny: () => ActiveRules | undefined,
): Pick<Engine, "testCallout" | "switchCallout" | "settleCallout" | "calloutStanding"> {
  return {
    testCallout: async (name, ticketNumber, by, at) =>
      await testCallout(parts, rules(), { name, ticketNumber, by, at }),
    switchCallout: async (asked) => await switchOver(parts, rules(), asked),
    calloutStanding: async (name) => await calloutStanding(parts.store, rulesIfAny(), name),
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
    insertDeliveries(transaction, [{ id, delivery, declarationHash: callout.hash }]);
    await markTestDelivery(transaction, { deliveryId: id, by: asked.by, at: asked.at });
    await insertAudit(transaction, asked.by, "callout test", callout.name, {
      delivery: id,
      ticket: asked.ticketNumber,
    });
    if (delivery.state === "pending") insertOutbox(transaction, [{ kind: "start-callout", deliveryId: id }]);
    return { kind: "started", deliveryId: id };
  });
  if (done.kind === "started") parts.wakeRelay();
  return done;
}

/** One step: the switch, who threw it, and what follows for what waits. */
async function switchOver(
  parts: EngineParts,
  { rules: { ir } }: ActiveRules,
  asked: Parameters<Engine["switchCallout"]>[0],
): Promise<void> {
  const { callout, active, by, at } = asked;
  const hasWork = await parts.store.transaction(async (transaction) => {
    const switched = { callout: callout.name, active, declaration_hash: callout.hash };
    await switchCallout(transaction, { ...switched, by });
    await insertAudit(transaction, by, `callout ${active ? "activated" : "deactivated"}`, callout.name);
    // What waits stops now and is recorded as skipped (CO-14), not at the time of its next attempt.
    if (!active) return (await wakeDeliveries(transaction, callout.name, "all")) > 0;
    // By hand it goes on at once: the admin knows that the receiver is back.
    const why = `${by.name} activated it.`;
    return await resumeCallout(parts, transaction, { ir, name: callout.name, why, at });
  });
  if (hasWork) parts.wakeRelay();
}
