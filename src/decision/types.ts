/**
 * What the decision reads and what it gives back. Live engine and simulation both fill a `DeskView` and apply
 * `Effect`s; the decision between them is the one brain. No clock, no I/O: what is not in the view is asked for (`Needs`).
 */
import type {
  Actor,
  Alert,
  AlertOutcome,
  CalloutFacts,
  ClockKind,
  DeviceReference,
  FieldChange,
  FieldValue,
  Instant,
  MailFacts,
  Note,
  OrganizationReference,
  PersonReference,
  Ticket,
  TimeEntry,
} from "../domain/index.ts";
import type { MaintenanceIr } from "../compiler/index.ts";
import type { ConditionResult } from "../matcher/index.ts";
import type { MailEvent, MailResult, NewContact } from "./mail/mail-types.ts";
import type { Absence, Deferred, Hold, PassedClock, TimedEvent } from "./time-types.ts";

export type { Absence, Deferred, Hold, PassedClock, TimedEvent } from "./time-types.ts";

/* ---------- what happened ---------- */

/** One event from outside. Everything that rules do in answer is in the same decision. */
export type DeskEvent =
  /** A firing or resolved alert, attributed; never a duplicate delivery (the engine answers those before). */
  | { readonly kind: "alert"; readonly alert: Alert }
  /** A person or program opens a ticket: `POST /tickets`. Fields by API name, references resolved. No dedup. */
  | {
      readonly kind: "ticket-opened";
      readonly ticketId: string;
      readonly fields: TicketFields;
      readonly by: Actor;
      readonly at: Instant;
    }
  /** `PATCH /tickets/{number}`; no change of value is no event. */
  | {
      readonly kind: "ticket-changed";
      readonly ticketId: string;
      readonly fields: TicketFields;
      readonly by: Actor;
      readonly at: Instant;
    }
  | { readonly kind: "note-added"; readonly ticketId: string; readonly note: Note }
  | { readonly kind: "time-entry-added"; readonly ticketId: string; readonly entry: TimeEntry }
  | {
      readonly kind: "callout-finished";
      readonly deliveryId: string;
      readonly ticketId: string;
      readonly succeeded: boolean;
      readonly callout: CalloutFacts;
      readonly at: Instant;
      /** Of the delivery; without it the rule set in force says who is told. */
      readonly notifyOnFailure?: readonly string[];
    }
  /** A mail, read, with what was found about it; decided once (the engine holds its row). */
  | MailEvent
  | TimedEvent;

/**
 * New values by API name; `undefined` empties. References are resolved records. A field left out stays.
 * (A partial of Ticket, so that a new field does not compile until it is handled.)
 */
export type TicketFields = {
  readonly [
    K in
      | "title"
      | "description"
      | "resolution"
      | "status"
      | "priority"
      | "queue"
      | "category"
      | "type"
      | "source"
      | "externalId"
      | "organization"
      | "contact"
      | "device"
      | "assignedResource"
      | "tags"
      | "dueAt"
  ]?: Ticket[K] | undefined;
} & { readonly udf?: Readonly<Record<string, FieldValue>> };

/* ---------- what is known ---------- */

/**
 * The part of the desk that was loaded, under locks. A key that was looked up and has nothing maps to `undefined`;
 * a key that is absent was not looked up, and the decision says so in `Needs`.
 */
export interface DeskView {
  readonly tickets: ReadonlyMap<string, Ticket>;
  /** Newest not-Complete ticket opened under the dedup key (hex), A6. */
  readonly ticketByDedupKey: ReadonlyMap<string, string | undefined>;
  /** Newest not-Complete ticket that an alert of the identity opened or was noted on (contract.md 4, Resolved). */
  readonly ticketByIdentity: ReadonlyMap<string, string | undefined>;
  /**
   * The other not-Complete tickets of an identity. Only needed where one batch completes the newest and a second resolved
   * alert of the identity follows in it; without it that one finds none.
   */
  readonly olderTicketsByIdentity?: ReadonlyMap<string, readonly string[]>;
  /** Last ticket that a `once per` action of the rule opened for the organization, by `onceKey`. */
  readonly onceByKey: ReadonlyMap<
    string,
    { readonly ticketId: string; readonly createdAt: Instant } | undefined
  >;
  /** Latest alert of a ticket, for rules on a ticket that an alert made. */
  readonly alertByTicket: ReadonlyMap<string, Alert | undefined>;
  /** The mail that made a ticket, asked for only where rules read `mail.*`. Left out: nobody keeps mail here. */
  readonly mailByTicket?: ReadonlyMap<string, MailFacts | undefined>;
  /**
   * Records that rules name or alerts were attributed to, by `recordKey`: `organization:acme`, `resource:anna` (folded
   * name), `device:or_1/srv-b`, `contact:or_1/anna@acme.example` (within the organization; contacts and resources by
   * name or address), `device:#dv_9` (by id). `parseRecordKey` is the way back.
   */
  readonly records: ReadonlyMap<string, RecordReference | undefined>;
  readonly ownOrganization: OrganizationReference;
  /** Callouts that an admin switched off or on against the text, by name. */
  readonly calloutActive: ReadonlyMap<string, boolean>;
  /** Ids and numbers for tickets that the decision opens, used in order. */
  readonly newTickets: readonly { readonly id: string; readonly number: string }[];
  /** `TOCSIN_NOTES_PER_WINDOW` */
  readonly notesPerWindow: number;

  /* Of time. Left out: nobody keeps it here, so nothing is held, awaited or counted before this batch. */

  /** Holds by identity. */
  readonly holds?: ReadonlyMap<string, readonly Hold[]>;
  readonly absences?: ReadonlyMap<string, Absence | undefined>;
  /** By ticket id, then by `clockName`. */
  readonly clocks?: ReadonlyMap<string, ReadonlyMap<string, PassedClock>>;
  /** Alerts that maintenance put off, by identity. */
  readonly deferred?: ReadonlyMap<string, Deferred | undefined>;
  /**
   * Receipts of accepted firing alerts before this batch, by `countKey`, ascending. The newest are enough: as many as the
   * highest threshold of the counts over this key.
   */
  readonly recentReceipts?: ReadonlyMap<string, readonly Instant[]>;
  /** Windows beside those of the rule set: `POST /maintenance`. */
  readonly maintenance?: readonly MaintenanceIr[];
}

export type RecordReference =
  | ({ readonly kind: "organization" } & OrganizationReference)
  | ({ readonly kind: "device" } & DeviceReference)
  | ({ readonly kind: "contact" | "resource" } & PersonReference);

/** What the decision met and the view lacks: load (and lock) it and decide again from the start. */
export interface Needs {
  readonly tickets: ReadonlySet<string>;
  readonly dedupKeys: ReadonlySet<string>;
  readonly identities: ReadonlySet<string>;
  readonly onceKeys: ReadonlySet<string>;
  readonly alertsOfTickets: ReadonlySet<string>;
  readonly mailsOfTickets: ReadonlySet<string>;
  readonly records: ReadonlySet<string>;
  /** Identities whose holds are asked for. */
  readonly holds: ReadonlySet<string>;
  readonly absences: ReadonlySet<string>;
  /** Tickets whose passed clocks are asked for. */
  readonly clocks: ReadonlySet<string>;
  readonly deferred: ReadonlySet<string>;
  /** Keys of `recentReceipts`. */
  readonly counts: ReadonlySet<string>;
  /** How many more ids and numbers than the view gave. An upper guess while other needs stand beside it. */
  readonly newTickets: number;
}

/* ---------- what follows ---------- */

/** In order; a later one may build on an earlier one. Each is one row or one change of a row. */
export type Effect =
  | {
      readonly kind: "open-ticket";
      readonly ticket: Ticket;
      readonly alertId: string | undefined;
      readonly onceKey: string | undefined;
    }
  /** The whole ticket after the change, and the lines of its history. */
  | {
      readonly kind: "change-ticket";
      readonly ticket: Ticket;
      readonly changes: readonly FieldChange[];
      readonly by: Actor;
      readonly at: Instant;
    }
  /** `repeatOf` marks the note of a repeat; `counts` is the number of repeats that one bounded note stands for (it is then updated in place). */
  | {
      readonly kind: "add-note";
      readonly ticketId: string;
      readonly note: Note;
      readonly repeat: "each" | "counted" | undefined;
      /** Of a `counted` note only. */
      readonly counts?: number;
    }
  | { readonly kind: "add-time-entry"; readonly ticketId: string; readonly entry: TimeEntry }
  /**
   * A repeat was recorded on the ticket: `repeat_count` grows by one, whether or not a note was written. A
   * `touch-ticket` with the same count follows in the same decision.
   */
  | {
      readonly kind: "record-repeat";
      readonly ticketId: string;
      readonly alertId: string;
      readonly count: number;
      readonly at: Instant;
    }
  /** The alert opened the ticket or was noted on it: what `resolved` finds, and what the ticket's latest alert is. */
  | {
      readonly kind: "link-alert";
      readonly alertId: string;
      readonly ticketId: string;
      readonly identity: string;
      readonly at: Instant;
    }
  /** Facts that were changed outside fields: notes counted, human activity. Without history and events. */
  | { readonly kind: "touch-ticket"; readonly ticket: Ticket }
  | { readonly kind: "start-hold"; readonly hold: Hold }
  /** The same clock, the latest alert. */
  | { readonly kind: "refresh-hold"; readonly hold: Hold }
  | {
      readonly kind: "drop-hold";
      readonly rule: string;
      readonly identity: string;
      /** `released`: its time came. `cleared`: the source said so meanwhile. */
      readonly why: "released" | "cleared";
    }
  /** Starts the clock of a silence anew; takes the place of one with the same key. */
  | { readonly kind: "arm-absence"; readonly absence: Absence }
  /** It has been told: the next alert of the key arms it again. */
  | { readonly kind: "end-absence"; readonly key: string }
  | {
      readonly kind: "pass-clock";
      readonly ticketId: string;
      readonly rule: string;
      readonly clock: ClockKind;
      readonly passed: PassedClock;
    }
  /** Takes the place of one with the same identity. */
  | { readonly kind: "defer-alert"; readonly deferred: Deferred }
  | { readonly kind: "drop-deferred"; readonly identity: string }
  /** An accepted firing alert, for the counts that the set has: its keys of `recentReceipts`. */
  | {
      readonly kind: "count-alert";
      readonly alertId: string;
      readonly keys: readonly string[];
      readonly at: Instant;
    }
  /** ATES-9: made with the ticket that names it. */
  | { readonly kind: "create-contact"; readonly contact: NewContact; readonly at: Instant }
  /** Of projects and tasks, which mail can be about; no rules run on them. */
  | { readonly kind: "add-work-note"; readonly target: WorkTarget; readonly note: Note }
  | { readonly kind: "add-work-time"; readonly taskId: string; readonly entry: TimeEntry }
  | {
      readonly kind: "set-work-status";
      readonly target: WorkTarget;
      readonly from: string;
      readonly to: string;
      readonly by: Actor;
      readonly at: Instant;
    }
  | { readonly kind: "start-delivery"; readonly delivery: NewDelivery }
  | { readonly kind: "notify"; readonly notification: NewNotification }
  | { readonly kind: "record-firing"; readonly firing: Firing }
  | { readonly kind: "record-disagreement"; readonly disagreement: Disagreement };

export interface WorkTarget {
  readonly kind: "project" | "task";
  readonly id: string;
}

/** The request as it will be sent on every attempt (CO-17): secrets by name only. */
export interface CalloutRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly url: string;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly body: string | undefined;
  readonly auth:
    | { readonly kind: "none" }
    | { readonly kind: "basic"; readonly user: string | SecretReference; readonly password: SecretReference }
    | { readonly kind: "bearer"; readonly token: SecretReference }
    | { readonly kind: "header"; readonly header: string; readonly value: SecretReference };
  readonly signWith: readonly string[];
}
export interface SecretReference {
  readonly secret: string;
}

/** How often and how: taken from the callout at the trigger, so that a new rule set changes no running delivery. */
export interface DeliverySchedule {
  readonly retryEveryMs: number;
  readonly resends: number;
  readonly timeoutMs: number;
  readonly successStatuses: readonly number[];
  readonly retryOn4xx: boolean;
  readonly honourRetryAfter: boolean;
}

export interface NewDelivery {
  /** Position in this decision; the store gives ids. */
  readonly callout: string;
  readonly ticketId: string;
  readonly rule: { readonly name: string; readonly file: string; readonly line: number };
  readonly at: Instant;
  /** `skipped` with a reason: inactive callout, `only when` does not hold. `failed`: the request could not be built. */
  readonly state: "pending" | "skipped" | "failed";
  readonly reason: string | undefined;
  /** Undefined when skipped or not buildable. */
  readonly request: CalloutRequest | undefined;
  readonly schedule: DeliverySchedule;
  readonly notifyOnFailure: readonly string[];
}

export interface NewNotification {
  readonly recipient: string;
  readonly channel: "email" | "webhook";
  /** Address or URL. */
  readonly to: string;
  readonly subject: string;
  readonly body: string;
  readonly ticketId: string | undefined;
  readonly rule: string | undefined;
  readonly callout: string | undefined;
  readonly at: Instant;
  /** A notice that answers a mail: it joins its thread, and an answer to it goes to the mailbox. */
  readonly reply?: NoticeReply;
}

export interface NoticeReply {
  readonly inReplyTo: string | undefined;
  readonly references: readonly string[];
  /** The mailbox's address. */
  readonly replyTo: string;
}

/** What became of an action, with a reason where it did not act. */
export type ActionOutcome =
  | { readonly kind: "ticket-created"; readonly ticketId: string; readonly number: string }
  | {
      readonly kind: "repeat-noted";
      readonly ticketId: string;
      readonly number: string;
      readonly repeat: number;
    }
  | { readonly kind: "done"; readonly action: string }
  | { readonly kind: "skipped"; readonly action: string; readonly reason: string };

export interface Firing {
  /** Our id of the alert whose handling this is part of, also in its cascade. */
  readonly alertId: string | undefined;
  readonly ticketId: string | undefined;
  readonly rule: string;
  readonly file: string;
  readonly line: number;
  /** The event's words, `alert received`, `ticket.status changes`. */
  readonly on: string;
  /** 0 for the event from outside, else how deep in the cascade. */
  readonly depth: number;
  readonly at: Instant;
  readonly conditions: readonly ConditionResult[];
  readonly outcomes: readonly ActionOutcome[];
}

/** Index and json-rules-engine did not say the same: the rule did not act. */
export interface Disagreement {
  readonly alertId: string | undefined;
  readonly ticketId: string | undefined;
  readonly rule: string;
  readonly at: Instant;
  readonly detail: string;
}

/** The answer to one event. */
export interface EventResult {
  /** Undefined for events that are not alerts. */
  readonly outcome: AlertOutcome | undefined;
  /** Human sentence for explain: `suppressed by rule "..."`. */
  readonly why: string;
  /** The first ticket created or noted. */
  readonly ticketId: string | undefined;
  readonly repeat: number | undefined;
  readonly firings: readonly Firing[];
  readonly warnings: readonly string[];
  /** More cascade than the limits allow: what was left out, told and logged. */
  readonly cut: string | undefined;
  /** Of a mail only. */
  readonly mail?: MailResult;
}

export type Decision =
  | {
      readonly kind: "decided";
      readonly effects: readonly Effect[];
      readonly results: readonly EventResult[];
    }
  | { readonly kind: "needs"; readonly needs: Needs };

/* ---------- with what ---------- */

export type { ConditionResult, Confirmation, RuleMatch, RunnableRules } from "../matcher/index.ts";
