/**
 * The one brain: events of a batch in order on one working copy, rules over each, and what follows. No clock, no I/O;
 * what the view lacks is asked for and the whole decision is made again.
 */
import { unreachable } from "../domain/index.ts";
import type { Alert, Snapshot } from "../domain/index.ts";
import { addNote, addTimeEntry, changeTicket, raise, ticketSnapshot } from "./change-ticket.ts";
import { runCascade } from "./cascade.ts";
import { finishCallout } from "./run-callout.ts";
import { outsideOfAlert } from "./field-value.ts";
import { identityOf } from "./keys.ts";
import type { Handling } from "./handling.ts";
import { openByHand } from "./open-by-hand.ts";
import { resultOf } from "./event-result.ts";
import { alertReceived } from "./snapshots.ts";
import type { Decision, DeskEvent, DeskView, EventResult, RunnableRules } from "./types.ts";
import { WorkingDesk } from "./working-desk.ts";

export interface DecideInput {
  readonly view: DeskView;
  readonly events: readonly DeskEvent[];
  readonly rules: RunnableRules;
  /** For times in text; the rule set's own calendar decides when left out. */
  readonly zone?: string;
}

/** Asynchronous only because json-rules-engine is. */
export async function decide({ view, events, rules, zone }: DecideInput): Promise<Decision> {
  const desk = new WorkingDesk(view);
  const results: EventResult[] = [];
  const ir = zone === undefined ? rules.ir : { ...rules.ir, zone };
  for (const event of events) {
    const handling = handlingOf(event, { desk, rules, ir });
    begin(handling, event);
    await runCascade(handling);
    results.push(resultOf(handling, event));
  }
  const needs = desk.needs();
  if (needs !== undefined) return { kind: "needs", needs };
  return { kind: "decided", effects: desk.effects(), results };
}

function handlingOf(event: DeskEvent, parts: Pick<Handling, "desk" | "rules" | "ir">): Handling {
  return {
    ...parts,
    at: timeOf(event),
    alert: event.kind === "alert" ? event.alert : undefined,
    waiting: [],
    fired: new Set(),
    usedKeys: new Map(),
    firings: [],
    warnings: [],
    outcomes: [],
    resolves: undefined,
    suppressedBy: undefined,
    raised: 0,
    cut: undefined,
  };
}

function timeOf(event: DeskEvent): number {
  switch (event.kind) {
    case "alert":
      return event.alert.receivedAt;
    case "note-added":
      return event.note.at;
    case "time-entry-added":
      return event.entry.at;
    case "ticket-opened":
    case "ticket-changed":
    case "callout-finished":
      return event.at;
    default:
      return unreachable(event);
  }
}

/** What the event itself changes, and the snapshots that it shows to the rules. */
function begin(handling: Handling, event: DeskEvent): void {
  switch (event.kind) {
    case "alert":
      for (const { path, value } of outsideOfAlert(handling.ir, event.alert)) {
        handling.warnings.push(`${path} "${value}" is not one of the declared values: kept as it came`);
      }
      return raise(handling, 0, [alertSnapshot(handling, event.alert)]);
    case "ticket-opened":
      return openByHand(handling, event);
    case "ticket-changed":
      changeTicket(handling, event.ticketId, event.fields, { by: event.by, depth: 0 });
      return;
    case "note-added":
      return addNote(handling, event.ticketId, event.note, 0);
    case "time-entry-added":
      return addTimeEntry(handling, event.ticketId, event.entry, 0);
    case "callout-finished":
      return finishCallout(handling, event);
    default:
      return unreachable(event);
  }
}

/** A resolved alert brings the ticket of its identity, if one is open (contract.md 4, Resolved). */
function alertSnapshot(handling: Handling, alert: Alert): Snapshot {
  if (alert.status === "firing") return alertReceived(alert);
  const ticket = handling.desk.openTicketOfIdentity(identityOf(alert));
  const resolved: Snapshot = { ...alertReceived(alert), kind: "alert-resolved" };
  if (ticket === undefined) return resolved;
  handling.resolves = ticket.id;
  return ticketSnapshot(handling, "alert-resolved", ticket, { alert });
}
