/**
 * The one brain: events of a batch in order on one working copy, rules over each, and what follows. No clock, no I/O;
 * what the view lacks is asked for and the whole decision is made again.
 */
import { bareSnapshot, unreachable } from "../domain/index.ts";
import type { Alert, Snapshot } from "../domain/index.ts";
import { addNote, addTimeEntry, changeTicket, raise, ticketSnapshot } from "./change-ticket.ts";
import { receive } from "./count-receipts.ts";
import { runCascade } from "./cascade.ts";
import { finishCallout } from "./run-callout.ts";
import { outsideOfAlert } from "./field-value.ts";
import { identityOf } from "./keys.ts";
import type { Handling } from "./handling.ts";
import { answerMail } from "./mail/mail-notices.ts";
import { takeMail } from "./mail/take-mail.ts";
import { openByHand } from "./open-by-hand.ts";
import { endMaintenance, forget, putOff } from "./put-off.ts";
import { clearHolds, holdAlert, releaseHold } from "./hold-alerts.ts";
import { resultOf, suppressor } from "./event-result.ts";
import { alertReceived } from "./snapshots.ts";
import { passClock, runClock } from "./ticket-clocks.ts";
import { endSilence, watchSilence } from "./watch-silence.ts";
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
    conclude(handling, event);
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
    mail: undefined,
    waiting: [],
    fired: new Set(),
    usedKeys: new Map(),
    firings: [],
    warnings: [],
    outcomes: [],
    resolves: undefined,
    suppressedBy: undefined,
    inMaintenance: undefined,
    heldBy: [],
    isolated: false,
    clockDeadline: undefined,
    raised: 0,
    cut: undefined,
  };
}

function timeOf(event: DeskEvent): number {
  switch (event.kind) {
    case "alert":
      return event.alert.receivedAt;
    case "mail":
      return event.mail.receivedAt;
    case "note-added":
      return event.note.at;
    case "time-entry-added":
      return event.entry.at;
    case "ticket-opened":
    case "ticket-changed":
    case "callout-finished":
    case "hold-due":
    case "absence-due":
    case "clock-due":
    case "schedule-due":
    case "maintenance-ended":
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
      return event.alert.status === "firing"
        ? beginFiring(handling, event.alert)
        : beginResolved(handling, event.alert);
    case "mail":
      return takeMail(handling, event);
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
    case "hold-due":
      return releaseHold(handling, event);
    case "absence-due":
      return endSilence(handling, event);
    case "clock-due":
      return runClock(handling, event);
    case "schedule-due":
      return raise(handling, 0, [{ ...bareSnapshot("every", event.at), dueRule: event.rule }]);
    case "maintenance-ended":
      return endMaintenance(handling, event);
    default:
      return unreachable(event);
  }
}

/** Counted and seen in any case; in maintenance no rule sees it before the end. */
function beginFiring(handling: Handling, alert: Alert): void {
  receive(handling, alert);
  watchSilence(handling, alert);
  if (!putOff(handling, alert)) raise(handling, 0, [alertReceived(alert)]);
}

/** It brings the ticket of its identity, if one is open (contract.md 4, Resolved), and ends every wait for it. */
function beginResolved(handling: Handling, alert: Alert): void {
  const identity = identityOf(alert);
  clearHolds(handling, identity);
  forget(handling, identity);
  const ticket = handling.desk.openTicketOfIdentity(identity);
  handling.resolves = ticket?.id;
  const snapshot: Snapshot =
    ticket === undefined
      ? { ...alertReceived(alert), kind: "alert-resolved" }
      : ticketSnapshot(handling, "alert-resolved", ticket, { alert });
  raise(handling, 0, [snapshot]);
}

/** What is known only when the rules have run. */
function conclude(handling: Handling, event: DeskEvent): void {
  const { alert } = handling;
  const isDecided = event.kind === "alert" || event.kind === "maintenance-ended";
  if (isDecided && alert?.status === "firing" && suppressor(handling) === undefined)
    holdAlert(handling, alert);
  if (event.kind === "clock-due") passClock(handling, event);
  if (event.kind === "mail") answerMail(handling, event);
}
