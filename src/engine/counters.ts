/** What the engine counts for `/metrics`, since this process began. Plain numbers; the API gives them their names. */
import type { AlertOutcome } from "../domain/index.ts";

export interface EngineCounters {
  readonly alertsByOutcome: Readonly<Record<AlertOutcome, number>>;
  /** Alerts that failed although Postgres was there: a mistake of ours, with the event in the log. */
  readonly alertsFailed: number;
  /** Alerts that named an organization nobody mapped (IST-11). */
  readonly unmappedOrganizations: number;
  /** Index and json-rules-engine did not agree. */
  readonly disagreements: number;
  readonly batches: number;
  readonly batchedAlerts: number;
  readonly largestBatch: number;
  readonly transactionMs: number;
  /** Alerts that wait now. */
  readonly queued: number;
  readonly ticketsOpened: number;
  readonly deliveriesStarted: number;
}

export type MutableCounters = {
  -readonly [Name in keyof EngineCounters]: EngineCounters[Name] extends number
    ? number
    : Record<AlertOutcome, number>;
};

export function createCounters(): MutableCounters {
  return {
    alertsByOutcome: {
      ticket_created: 0,
      note_added: 0,
      held: 0,
      suppressed: 0,
      handled: 0,
      unmatched: 0,
      resolved: 0,
      duplicate_delivery: 0,
    },
    alertsFailed: 0,
    unmappedOrganizations: 0,
    disagreements: 0,
    batches: 0,
    batchedAlerts: 0,
    largestBatch: 0,
    transactionMs: 0,
    queued: 0,
    ticketsOpened: 0,
    deliveriesStarted: 0,
  };
}
