/** What one event shows to the rules: all rules of an event read the same snapshot. Knows nothing of rules. */
import type { Actor } from "./actors.ts";
import type { Alert } from "./alert.ts";
import type { FieldChange, Note, Ticket, TimeEntry } from "./ticket.ts";
import type { Instant } from "./values.ts";

/** The when-part's kinds. `ticket-changed` carries `changes` and stands for `ticket.FIELD changes`. */
export type TriggerKind =
  | "alert-received"
  | "alert-repeats"
  | "alert-resolved"
  | "ticket-created"
  | "ticket-edited"
  | "ticket-completed"
  | "ticket-reopened"
  | "ticket-changed"
  | "note-added"
  | "time-entry-added"
  | "callout-succeeded"
  | "callout-failed"
  | TimedKind;

/** Time has come for one rule (language.md 3.1): the rule is named in `Snapshot.dueRule`. */
export type TimedKind = "alert-still-firing" | "no-alert" | ClockKind | "every";

/** Clocks of a ticket: once per ticket and rule, never for Complete ones, never a cascade (WF-5). */
export type ClockKind = "ticket-idle" | "ticket-open" | "ticket-due" | "ticket-overdue";

export interface CalloutFacts {
  readonly name: string;
  readonly attempts: number;
  readonly lastStatus: number | undefined;
  /** `HTTP 503` when it was a status; always there on `callout failed`. */
  readonly lastError: string | undefined;
}

export interface MailFacts {
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly mailbox: string;
  readonly authenticated: boolean;
  /** By lower-case name, first value. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * One event. `ticket-edited`, `-completed`, `-reopened` and `-changed` of one change are separate snapshots with the
 * same `ticket` and `changes` (contract.md 4, One change).
 */
export interface Snapshot {
  readonly kind: TriggerKind;
  /** The moment of the event: receipt of the alert, time of the change. */
  readonly at: Instant;
  /** The alert at hand; for ticket events the latest alert of that ticket. */
  readonly alert: Alert | undefined;
  readonly ticket: Ticket | undefined;
  readonly repeat: { readonly count: number; readonly firstAt: Instant } | undefined;
  readonly actor: Actor | undefined;
  /** Fields that this change changed, by API name; empty for all other events. */
  readonly changes: readonly FieldChange[];
  readonly note: Note | undefined;
  readonly entry: TimeEntry | undefined;
  readonly callout: CalloutFacts | undefined;
  readonly mail: MailFacts | undefined;
  /** Time-based kinds: the one rule whose time has come; others do not see the event. Left out, all of the kind do. */
  readonly dueRule?: string | undefined;
  /** How many alerts each count of the rules finds, by `CountTestIr.key`; a count that is not in it found none. */
  readonly counts?: ReadonlyMap<string, number>;
}

/** An event with only its kind and moment: what is at hand is put in by spreading. */
export function bareSnapshot(kind: TriggerKind, at: Instant): Snapshot {
  return {
    kind,
    at,
    alert: undefined,
    ticket: undefined,
    repeat: undefined,
    actor: undefined,
    changes: [],
    note: undefined,
    entry: undefined,
    callout: undefined,
    mail: undefined,
  };
}
