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
  | "callout-failed";

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
}
