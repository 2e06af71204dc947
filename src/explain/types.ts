/** What explain answers (contract.md 3, `GET /alerts/{id}/explain`), and what it is asked with. Types only. */
import type { ActionOutcome, ConditionResult } from "../decision/index.ts";
import type { Alert, FieldValue, Instant, Snapshot } from "../domain/index.ts";

/** An alert that was handled, by a server or by `explainAlone`. */
export interface HandledAlert {
  readonly alert: Alert;
  readonly outcome: string;
  /** One sentence. */
  readonly why: string;
  readonly firings: readonly HandledFiring[];
  /** The events that its handling raised, in order; left out: the alert's own, as far as it alone tells. */
  readonly snapshots?: readonly Snapshot[];
}

export interface HandledFiring {
  readonly rule: string;
  readonly file: string;
  readonly line: number;
  /** The event's words. */
  readonly on: string;
  readonly conditions: readonly ConditionResult[];
  readonly outcomes: readonly ActionOutcome[];
  /** Creation of the ticket at hand, for how long repeats are noted on it. */
  readonly ticketCreatedAt?: Instant | undefined;
}

/** JSON as it is answered; times in RFC 3339, a missing value as null. */
export interface AlertExplanation {
  readonly outcome: string;
  readonly why: string;
  readonly rules: readonly ExplainedRule[];
}

export interface ExplainedRule {
  readonly rule: string;
  readonly file: string;
  readonly line: number;
  readonly result: "fired" | "not_fired" | "excepted" | "stopped" | "inactive";
  /** What a fired rule did, or what kept one from it that is not in its conditions. */
  readonly why?: string;
  readonly conditions: readonly ExplainedCondition[];
  /** How many conditions were left out. */
  readonly more_conditions?: number;
  /** The smallest change of the alert for which it would have fired. */
  readonly nearest?: ExplainedNearest;
}

export interface ExplainedCondition {
  readonly text: string;
  readonly file: string;
  readonly line: number;
  readonly result: boolean;
  readonly actual: Exclude<FieldValue, undefined> | null;
  /** It would have to be different for the rule to fire. */
  readonly decides?: true;
}

export interface ExplainedNearest {
  /** The changes in one sentence. */
  readonly text: string;
  readonly changes: readonly {
    readonly path: string | null;
    readonly from: Exclude<FieldValue, undefined> | null;
    /** A value that does it, null taking it away; left out where none is made up. */
    readonly to?: Exclude<FieldValue, undefined> | null;
    readonly text: string;
  }[];
}
