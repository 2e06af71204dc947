/**
 * Explains an alert without a server: decides about it on a desk that is empty but for the given records and the alerts
 * that came before, with the same `decide` as live. Time comes with the alerts.
 */
import { applyEffects, decide, emptyDesk, recordKey, viewOf } from "../decision/index.ts";
import type { Effect, EventResult, MemoryDesk, RunnableRules } from "../decision/index.ts";
import { DECISION_ROUNDS_MAX } from "../domain/index.ts";
import type { Alert, Snapshot } from "../domain/index.ts";
import type { KnownRecords } from "./attribute-alone.ts";
import { explainAlert, type ExplainOptions } from "./explain-alert.ts";
import type { AlertExplanation, HandledFiring } from "./types.ts";

/** Tickets that one alert may open at first; more are given when it asks. */
const NEW_TICKETS = 4;

export interface AloneInput {
  readonly alert: Alert;
  /** Received before it, in order: their tickets, counts and holds are there. */
  readonly earlier: readonly Alert[];
  readonly records: KnownRecords;
  readonly rules: RunnableRules;
}

export interface AloneExplanation extends AlertExplanation {
  readonly warnings: readonly string[];
}

export async function explainAlone(input: AloneInput, options: ExplainOptions): Promise<AloneExplanation> {
  const { alert, earlier, records, rules } = input;
  const desk = deskWith(records);
  for (const one of earlier) await decideOne(desk, one, rules);
  const { result, snapshots } = await decideOne(desk, alert, rules);
  const firings = result.firings.map(({ ticketId, ...firing }): HandledFiring => {
    const ticket = ticketId === undefined ? undefined : desk.tickets.get(ticketId);
    return { ...firing, ticketCreatedAt: ticket?.createdAt };
  });
  const outcome = result.outcome ?? "unmatched";
  const { warnings } = result;
  const explained = explainAlert({ alert, outcome, why: result.why, firings, snapshots }, rules.ir, options);
  return { ...explained, warnings };
}

function deskWith({ own, organizations, devices }: KnownRecords): MemoryDesk {
  const desk = emptyDesk({ ownOrganization: own });
  for (const { external: _external, ...organization } of [{ ...own, external: [] }, ...organizations]) {
    const record = { kind: "organization" as const, ...organization };
    desk.records.set(recordKey({ kind: "organization", by: "id", id: record.id }), record);
    desk.records.set(recordKey({ kind: "organization", by: "name", name: record.name }), record);
  }
  for (const { organizationId, external: _external, ...device } of devices) {
    const record = { kind: "device" as const, ...device };
    desk.records.set(recordKey({ kind: "device", by: "id", id: record.id }), record);
    desk.records.set(recordKey({ kind: "device", by: "name", organizationId, name: record.name }), record);
  }
  return desk;
}

interface Decided {
  readonly result: EventResult;
  readonly effects: readonly Effect[];
  /** What the rules were asked about, once each: events that nothing matched included. */
  readonly snapshots: readonly Snapshot[];
}

async function decideOne(desk: MemoryDesk, alert: Alert, rules: RunnableRules): Promise<Decided> {
  const events = [{ kind: "alert" as const, alert }];
  let newTickets = NEW_TICKETS;
  for (let round = 0; round < DECISION_ROUNDS_MAX; round += 1) {
    const snapshots: Snapshot[] = [];
    const watched: RunnableRules = {
      ...rules,
      match: (snapshot) => {
        snapshots.push(snapshot);
        return rules.match(snapshot);
      },
    };
    const view = viewOf(desk, alert.receivedAt, newTickets);
    const decision = await decide({ view, events, rules: watched });
    if (decision.kind === "needs") {
      newTickets += Math.max(1, decision.needs.newTickets);
      continue;
    }
    const [result] = decision.results;
    if (result === undefined) break;
    applyEffects(desk, decision.effects, events);
    return { result, effects: decision.effects, snapshots: snapshots.filter(isRaised) };
  }
  throw new Error("the decision asked for more than a desk in memory has");
}

/** Holds and silences are asked about beforehand: explain asks them itself, rule by rule. */
function isRaised({ kind }: Snapshot): boolean {
  return kind !== "alert-still-firing" && kind !== "no-alert";
}
