/** What is waited for, and how the decision is told that its time has come. Types only; knows no rules. */
import type { Alert, ClockKind, Instant } from "../domain/index.ts";

/**
 * Time has come, as whoever keeps time says. One that comes too early, twice, or for a rule or ticket that is no longer
 * so does nothing. `at` is the present.
 */
export type TimedEvent =
  /** `Hold.dueAt` of the rule's hold of the identity has come. */
  | { readonly kind: "hold-due"; readonly identity: string; readonly rule: string; readonly at: Instant }
  | { readonly kind: "absence-due"; readonly key: string; readonly at: Instant }
  /** A time of `ticketDeadlines` has come. */
  | {
      readonly kind: "clock-due";
      readonly ticketId: string;
      readonly rule: string;
      readonly clock: ClockKind;
      readonly at: Instant;
    }
  /** A time of `nextSchedules` has come. */
  | { readonly kind: "schedule-due"; readonly rule: string; readonly at: Instant }
  /** `Deferred.until` of the identity has come: what still fires is decided once. */
  | { readonly kind: "maintenance-ended"; readonly identity: string; readonly at: Instant };

/** An alert that waits whether it stays: one per rule and identity (contract.md 4, Hold). */
export interface Hold {
  readonly rule: string;
  /** `identityOf` the alert: source, organization and alert id, else the default key. */
  readonly identity: string;
  readonly startedAt: Instant;
  readonly dueAt: Instant;
  /** The latest one; repeats do not move the clock. */
  readonly alert: Alert;
}

/** A silence that is waited for: one per rule and values of `per` (contract.md 4, Absence). */
export interface Absence {
  /** `absenceKey` */
  readonly key: string;
  readonly rule: string;
  readonly lastSeenAt: Instant;
  readonly dueAt: Instant;
  /** The last one seen. */
  readonly alert: Alert;
}

/** An alert that maintenance suppressed and that has not cleared since: the latest of its identity. */
export interface Deferred {
  readonly identity: string;
  readonly alert: Alert;
  /** End of the window, as far as it was in force when the alert came. */
  readonly until: Instant;
  readonly window: string;
}

/** The last time of a ticket's clock that was decided, by `clockName`: it does not come again. */
export interface PassedClock {
  readonly deadline: Instant;
  /** The rule held and acted: `open`, `due` and `overdue` are then over for good. */
  readonly fired: boolean;
}
