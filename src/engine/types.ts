/** The engine's door as other rooms see it: events in, committed answers out. Knows nothing of HTTP or Temporal. */
import type {
  Actor,
  AlertOutcome,
  CalloutFacts,
  ClockKind,
  FieldValue,
  Instant,
  Note,
  TimeEntry,
} from "../domain/index.ts";

/** An alert after the door normalised it and before it is attributed to our records. */
export interface IncomingAlert {
  readonly receivedAt: Instant;
  readonly source: string;
  readonly title: string;
  readonly description: string | undefined;
  readonly severity: string | undefined;
  readonly status: "firing" | "resolved";
  readonly alertId: string | undefined;
  readonly deliveryId: string | undefined;
  readonly ticketId: string | undefined;
  readonly organization: string | undefined;
  readonly customerId: string | undefined;
  readonly device: string | undefined;
  readonly deviceId: string | undefined;
  readonly tags: readonly string[];
  readonly fields: Readonly<Record<string, FieldValue>>;
  readonly occurredAt: Instant | undefined;
  /** What normalising mended: unknown members kept as fields, odd bytes replaced, title cut. */
  readonly warnings: readonly string[];
}

export interface FiringAnswer {
  readonly rule: string;
  readonly on: string;
  readonly file: string;
  readonly line: number;
  readonly ticket?: string;
}

/** The members of `POST /alerts`' answer (contract.md 3). */
export interface AlertAnswer {
  readonly id: string;
  readonly outcome: AlertOutcome;
  readonly ticket?: string;
  readonly repeat?: number;
  readonly firings: readonly FiringAnswer[];
  readonly warnings?: readonly string[];
}

/** New values by the API's names; references by name or id as the request gave them; `null` empties. */
export interface TicketInput {
  readonly title?: string;
  readonly description?: string | null;
  readonly resolution?: string | null;
  readonly status?: string;
  readonly priority?: string;
  readonly queue?: string | null;
  readonly category?: string | null;
  readonly type?: string | null;
  readonly source?: string;
  readonly organization?: string;
  readonly contact?: string | null;
  readonly device?: string | null;
  readonly assigned_resource?: string | null;
  readonly external_id?: string | null;
  readonly tags?: readonly string[];
  readonly udf?: Readonly<Record<string, FieldValue | null>>;
  readonly due_at?: Instant | null;
}

/** An expected outcome of a ticket call; the API turns it into an answer or a problem. */
export type TicketOutcome =
  | {
      readonly kind: "done";
      readonly number: string;
      readonly version: number;
      readonly warnings: readonly string[];
    }
  | { readonly kind: "not-found" }
  | { readonly kind: "version-conflict"; readonly version: number }
  /** A value outside a declared list, a record or field that does not exist: `unknown_reference`. */
  | { readonly kind: "unknown-reference"; readonly path: string; readonly message: string };

export type TestCall =
  | { readonly kind: "started"; readonly deliveryId: string }
  | { readonly kind: "no-callout" }
  | { readonly kind: "no-ticket" };

/** Whether a callout sends, and by which text. */
export type CalloutStanding =
  | {
      readonly kind: "active";
      /** Undefined: no rule set was published yet. */
      readonly declarationHash: string | undefined;
      /** `pause after N failed deliveries`; undefined: never. */
      readonly pauseAfter: number | undefined;
    }
  /** Switched off, inactive by its text, or left out of it. `why` is kept with what ends because of it. */
  | { readonly kind: "stopped"; readonly why: string };

/** A time that will come for a ticket. */
export interface TicketDue {
  readonly at: Instant;
  readonly rule: string;
  readonly clock: ClockKind;
}

/** What one look at a ticket's clocks did. */
export interface TicketLook {
  /** Undefined: nothing is left to wait for. */
  readonly next: TicketDue | undefined;
  /** Rules whose time had come, and which of them acted. */
  readonly judged: readonly { readonly rule: string; readonly acted: boolean }[];
  readonly isCompleted: boolean;
}

export type ScheduleRun =
  | {
      readonly kind: "ran";
      /** False: its conditions did not hold. */
      readonly acted: boolean;
      /** Numbers of tickets that the rules opened. */
      readonly tickets: readonly string[];
      /** Times before this one that nobody ran and that are too old now; the latest of them. */
      readonly missed: readonly Instant[];
    }
  /** Not run: the time is too old, was taken out by a holiday or a clock change, had run, or the rule is not in force. */
  | { readonly kind: "skipped"; readonly why: "too-late" | "left-out" | "ran-before" | "gone" };

export interface RearmedTickets {
  readonly looked: number;
  /** Of those, how many are waited for less long than before. */
  readonly told: number;
  /** The last one; undefined: there are no more. */
  readonly after: string | undefined;
  /** Another set was put in force since: its own workflow goes on. */
  readonly isSuperseded: boolean;
}

/** What rules made of something whose time has come. */
interface Came {
  /** A sentence: `T20261122.0001 was opened`. */
  readonly why: string;
  readonly ticket: string | undefined;
}

export type HoldOutcome =
  | ({ readonly kind: "released" } & Came)
  /** Too early, or put off by maintenance. */
  | { readonly kind: "waiting"; readonly dueAt: Instant }
  /** Ended before. */
  | { readonly kind: "over"; readonly state: string; readonly reason: string };

export type AbsenceOutcome =
  | ({ readonly kind: "told" } & Came)
  /** Too early, or an alert came meanwhile. */
  | { readonly kind: "waiting"; readonly dueAt: Instant }
  | { readonly kind: "over"; readonly state: string; readonly reason: string };

export type MaintenanceOutcome =
  | { readonly kind: "waiting"; readonly dueAt: Instant }
  /** So many of those that waited; more may wait. */
  | {
      readonly kind: "decided";
      readonly alerts: number;
      readonly putOffAgain: number;
      readonly tickets: number;
    }
  | { readonly kind: "over" };

/** Alerts that wait for a time. `at` is the present; every call may be repeated. Throws: StoreUnavailable. */
export interface AlertTimes {
  /** `now`: released although its time has not come. */
  holdDue(hold: {
    readonly holdId: string;
    readonly at: Instant;
    readonly now: boolean;
  }): Promise<HoldOutcome>;
  /** By hand: the alert comes to nothing. */
  dropHold(hold: { readonly holdId: string; readonly at: Instant }): Promise<HoldOutcome>;
  absenceDue(absence: { readonly absenceId: string; readonly at: Instant }): Promise<AbsenceOutcome>;
  /** Decides a bounded number; asked again until it is over. */
  maintenanceEnded(end: { readonly endId: string; readonly at: Instant }): Promise<MaintenanceOutcome>;
}

export interface AdaptInput {
  readonly at: Instant;
  /** What maintenance put off is looked at again, too. */
  readonly windowsChanged: boolean;
  /** Alerts received since then may have been decided by a server that had not heard of the set: silences look at them again. */
  readonly seenSince?: Instant;
}

/** How many were adapted to the rules in force. */
export interface Adapted {
  readonly holds: number;
  readonly absences: number;
  /** Silences that alerts from before the publishing have armed. */
  readonly armed: number;
  /** Ends of maintenance that are looked at again. */
  readonly ends: number;
  /** Deliveries of callouts that the set switches off, leaves out or lets go on. */
  readonly deliveries: number;
}

/** When time comes for tickets and schedules: for workflows. */
export interface TicketTimes {
  /**
   * Looks at one ticket: decides the times of its clocks that have come, each once, and answers until when to sleep. For the
   * ticket's workflow only. Throws: `rules_behind` where another set is in force than this process has loaded.
   */
  lookAtTicket(number: string, at: Instant): Promise<TicketLook>;
  /** A time of a rule on `every ...`, once a time. Throws: `rules_behind`. */
  runSchedule(run: {
    readonly rule: string;
    readonly time: Instant;
    readonly at: Instant;
  }): Promise<ScheduleRun>;
  /**
   * Tells the clocks of some tickets anew after rules with clocks have changed: at most REARM_BATCH_MAX, in order of their ids
   * after `after`. Throws: `rules_behind`.
   */
  rearmTickets(asked: { readonly activation: number; readonly after: string }): Promise<RearmedTickets>;
}

export interface Engine extends AlertTimes, TicketTimes {
  /**
   * Resolves when the alert's transaction has committed. Throws `EngineUnavailable` (code `unavailable`) with Postgres away.
   * Alerts that arrived together keep their order when they name one `group` and are given in one turn of the event loop.
   */
  ingest(alert: IncomingAlert, group?: symbol): Promise<AlertAnswer>;
  openTicket(input: TicketInput, by: Actor, at: Instant): Promise<TicketOutcome>;
  changeTicket(
    number: string,
    input: TicketInput,
    by: Actor,
    at: Instant,
    ifVersion: number | undefined,
  ): Promise<TicketOutcome>;
  addNote(number: string, note: Note): Promise<TicketOutcome>;
  addTimeEntry(number: string, entry: TimeEntry): Promise<TicketOutcome>;
  /** Called once when a delivery reaches `succeeded`, `failed` or `given_up`; runs the callout rules. Idempotent by delivery id. */
  calloutFinished(delivery: {
    readonly deliveryId: string;
    readonly succeeded: boolean;
    readonly callout: CalloutFacts;
    readonly at: Instant;
  }): Promise<void>;
  /** Throws: `rules_behind` where it would be stopped by a set that is no longer in force. */
  calloutStanding(callout: string): Promise<CalloutStanding>;
  /**
   * An admin's switch, over the text until that changes, with its line in the audit. On: a pause is over. Off: what waits
   * is skipped now.
   */
  switchCallout(asked: {
    /** As the set in force declares it. */
    readonly callout: { readonly name: string; readonly hash: string };
    readonly active: boolean;
    readonly by: Actor;
    readonly at: Instant;
  }): Promise<void>;
  /** One request of a callout for a ticket, now, without rules and resends, with its line in the audit. */
  testCallout(callout: string, ticketNumber: string, by: Actor, at: Instant): Promise<TestCall>;
  /** After a delivery of the callout ended: opens or closes its breaker (`pause after N failed deliveries`). Idempotent. */
  settleCallout(callout: string, at: Instant): Promise<void>;
  /**
   * Adapts holds, silences and callouts' deliveries to the rules in force. May be repeated. Throws: `rules_behind` where another
   * set is put in force meanwhile.
   */
  adaptWaiting(asked: AdaptInput): Promise<Adapted>;
  /** What is still to come for a ticket under the rules in force, earliest first. */
  ticketDeadlines(number: string): Promise<readonly TicketDue[]>;
  /** Stops taking events and waits for transactions under way. */
  close(): Promise<void>;
}
