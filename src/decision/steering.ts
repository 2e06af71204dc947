/** What follows when a person steers a callout: a test call, and the notices of its breaker. Pure, without rules and cascades. */
import { bareSnapshot, type Actor, type Instant, type Ticket } from "../domain/index.ts";
import type { CalloutIr, RuleSetIr } from "../compiler/index.ts";
import { NO_BINDINGS, type EvaluationContext } from "../matcher/index.ts";
import { deliverySchedule } from "./callout-request.ts";
import { addressesOf } from "./notify.ts";
import { attemptOf } from "./run-callout.ts";
import type { NewDelivery, NewNotification } from "./types.ts";

/**
 * One request, as the callout would make it for the ticket now; also of an inactive one, so that it can be tried before it
 * is switched on. Never resent: whoever asked is looking.
 */
export function testDelivery(
  ir: RuleSetIr,
  callout: CalloutIr,
  asked: { readonly ticket: Ticket; readonly by: Actor; readonly at: Instant },
): NewDelivery {
  const { ticket, by, at } = asked;
  const context: EvaluationContext = {
    snapshot: { ...bareSnapshot("ticket-edited", at), ticket, actor: by },
    bindings: NO_BINDINGS,
    now: at,
    zone: ir.zone,
  };
  return {
    callout: callout.name,
    ticketId: ticket.id,
    rule: { name: `test call by ${by.name}`, file: callout.file, line: callout.line },
    at,
    ...attemptOf(callout, context),
    schedule: { ...deliverySchedule(callout), resends: 0 },
    notifyOnFailure: [],
  };
}

/** Told once when the breaker opens and once when it closes, to whom the callout's failures are told. */
export function breakerNotices(
  ir: RuleSetIr,
  callout: CalloutIr,
  change: {
    readonly kind: "opened" | "closed";
    readonly at: Instant;
    /** Of going on: a sentence. */
    readonly why?: string;
  },
): readonly NewNotification[] {
  const paused = change.kind === "opened";
  const subject = `callout "${callout.name}" ${paused ? "is paused" : "goes on"}`;
  const body = paused
    ? [
        `The last ${callout.pauseAfterFailures ?? 0} deliveries of "${callout.name}" failed.`,
        "New ones wait in order. One is tried every 5 minutes; a success lets all go on, and so does activating it by hand.",
      ].join("\n")
    : [`Callout "${callout.name}" was paused.`, change.why, "What waited goes on, in order."].join(" ");
  const common = {
    subject,
    body,
    ticketId: undefined,
    rule: undefined,
    callout: callout.name,
    at: change.at,
  };
  return (callout.notify?.recipients ?? []).flatMap((name) =>
    (addressesOf(ir, name) ?? []).map((address) => ({ ...common, ...address })),
  );
}
