/** What is answered for one event: the outcome and a sentence that says why (contract.md 4, Outcome). */
import { toRfc3339, type Alert } from "../domain/index.ts";
import type { Handling } from "./handling.ts";
import type { DeskEvent, EventResult, Hold } from "./types.ts";

export function resultOf(handling: Handling, event: DeskEvent): EventResult {
  const shared = {
    firings: handling.firings,
    warnings: [...new Set(handling.warnings)],
    cut: handling.cut,
  };
  const first = handling.outcomes[0];
  if (event.kind === "mail") return { ...shared, ...mailResult(handling) };
  if (handling.alert === undefined) {
    const ticketId = "ticketId" in event ? event.ticketId : first?.ticketId;
    const why = ("ticketId" in event ? undefined : openedOrNoted(handling)?.why) ?? whyOf(handling);
    return { ...shared, outcome: undefined, why, ticketId, repeat: undefined };
  }
  if (event.kind === "alert" && event.alert.status === "resolved") {
    return { ...shared, ...resolvedResult(handling, event.alert) };
  }
  const came = openedOrNoted(handling);
  if (came !== undefined) return { ...shared, ...came };
  const outcome = quietOutcome(handling);
  return { ...shared, outcome, why: whyOf(handling), ticketId: undefined, repeat: undefined };
}

type Came = Pick<EventResult, "outcome" | "why" | "ticketId" | "repeat">;

function openedOrNoted(handling: Handling): Came | undefined {
  const [first] = handling.outcomes;
  const created = handling.outcomes.find(({ kind }) => kind === "created");
  if (created !== undefined) {
    const why = `${numberOf(handling, created.ticketId)} was opened`;
    return { outcome: "ticket_created", why, ticketId: first?.ticketId, repeat: undefined };
  }
  if (first?.kind !== "noted") return undefined;
  const why = `repeat ${first.repeat} of ${numberOf(handling, first.ticketId)}`;
  return { outcome: "note_added", why, ticketId: first.ticketId, repeat: first.repeat };
}

/** Every mail has a result: taking it ends in one. */
function mailResult(
  handling: Handling,
): Pick<EventResult, "outcome" | "why" | "ticketId" | "repeat" | "mail"> {
  const { mail } = handling;
  if (mail?.result === undefined) throw new Error("a mail was taken without a result");
  const result = { ...mail.result, toldFailure: mail.toldFailure };
  const why = result.reason ?? `it became a ${result.object ?? "thing"}`;
  return { outcome: undefined, why, ticketId: result.ticketId, repeat: undefined, mail: result };
}

function quietOutcome(handling: Handling): "held" | "suppressed" | "handled" | "unmatched" {
  if (handling.heldBy.length > 0) return "held";
  if (suppressor(handling) !== undefined) return "suppressed";
  return handling.firings.length > 0 ? "handled" : "unmatched";
}

/** The ticket at hand, else one that a rule opened because of it. */
function resolvedResult(handling: Handling, alert: Alert): Came {
  const atHand = handling.resolves;
  const ticketId = handling.outcomes[0]?.ticketId ?? atHand;
  const why =
    atHand === undefined
      ? `${alert.source} says that it has cleared; no open ticket belongs to it`
      : `${alert.source} says that what opened ${numberOf(handling, atHand)} has cleared`;
  return { outcome: "resolved", why, ticketId, repeat: undefined };
}

function numberOf(handling: Handling, ticketId: string): string {
  return handling.desk.ticket(ticketId)?.number ?? ticketId;
}

/** What suppressed the alert, in words. */
export function suppressor({ suppressedBy, inMaintenance }: Handling): string | undefined {
  if (inMaintenance !== undefined) return `maintenance "${inMaintenance}"`;
  if (suppressedBy === undefined) return undefined;
  return `rule "${suppressedBy.name}" (${suppressedBy.file}:${suppressedBy.line})`;
}

function waitOf({ rule, dueAt }: Hold): string {
  return `rule "${rule}" waits until ${toRfc3339(dueAt)} whether it stays`;
}

/**
 * What came of a hold: what was added behind the sentence that the alert got when it came (`held: rule "..." waits until
 * ... whether it stays; cleared`). Undefined: it waits still, or another alert of it was the latest one.
 */
export function endOfHold(why: string): string | undefined {
  const behind = /^held: (?:(?:; )?rule ".*?" waits until \S+ whether it stays)+(?:; (.+))?$/su.exec(why);
  return behind?.[1];
}

function whyOf(handling: Handling): string {
  const { firings, heldBy } = handling;
  const by = suppressor(handling);
  if (by !== undefined) return `suppressed by ${by}`;
  if (heldBy.length > 0) return `held: ${heldBy.map(waitOf).join("; ")}`;
  if (firings.length === 0) return "no rule holds for it";
  const names = [...new Set(firings.map(({ rule }) => `"${rule}"`))];
  return `handled by ${names.length === 1 ? "rule" : "rules"} ${names.join(", ")}`;
}
