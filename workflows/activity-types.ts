/** What the workflows ask of the activities: names and shapes are a contract with running workflows. One object in, one object out. */
import type { Actor } from "../src/domain/index.ts";
import type { ClockTime } from "./messages.ts";

/** `begun` is false where a worker died before the attempt was in Postgres: nothing was sent, the number is free. */
export interface AttemptRecorded {
  readonly waitMs: number;
  readonly begun: boolean;
}

/** How an attempt ended. `recorded` is false when the database was away afterwards: the workflow then has it recorded. */
export type AttemptResult =
  | { readonly kind: "succeeded"; readonly status: number | undefined; readonly recorded: boolean }
  | {
      readonly kind: "failed";
      readonly status: number | undefined;
      /** `HTTP 503`; secrets masked. */
      readonly error: string;
      /** False: policy or the rule file says that trying again is pointless. */
      readonly retry: boolean;
      /** What the receiver asked for, where the callout honours it. */
      readonly waitMs: number | undefined;
      readonly recorded: boolean;
    }
  /** A crash or a stop cut it off: it counts, and the next follows one interval after its time-out. */
  | { readonly kind: "interrupted"; readonly waitMs: number; readonly recorded: boolean }
  /** Nothing was sent: finished before, or the callout became inactive or left the text. */
  | { readonly kind: "ended"; readonly end: DeliveryEnd; readonly reason: string | undefined }
  /** Nothing was sent and no attempt used: the callout is paused, or its host has all the requests that it may have. */
  | { readonly kind: "put-off"; readonly waitMs: number; readonly why: string }
  /** Nothing was sent: no transport is set up for this channel. Notices only. */
  | { readonly kind: "no-transport" };

export type DeliveryEnd = "succeeded" | "failed" | "given_up" | "skipped";

export interface AttemptInput {
  readonly attempt: number;
  readonly attemptsMax: number;
  /** A person asked for it: it goes out although its callout is paused. */
  readonly byHand?: true;
}

export interface CalloutActivities {
  /** One request at most, whatever happens: the attempt is begun in Postgres under its number before anything is sent. */
  attemptCallout(input: AttemptInput & { readonly deliveryId: string }): Promise<AttemptResult>;
  /** Records an attempt whose outcome is not in Postgres: cut off, or the database was away. */
  recordCalloutAttempt(
    input: AttemptInput & { readonly deliveryId: string; readonly result: AttemptResult },
  ): Promise<AttemptRecorded>;
  /** Ends the delivery, runs the rules on `callout succeeded` and `callout failed` once, and lets the next one go. */
  finishDelivery(input: {
    readonly deliveryId: string;
    readonly end: DeliveryEnd;
    readonly reason: string | undefined;
  }): Promise<void>;
}

export interface ReplayActivities {
  /** New deliveries of up to `limit` that failed since a time and that nobody replayed. */
  replayFailed(input: {
    readonly callout: string;
    readonly since: number;
    readonly limit: number;
    readonly by: Actor;
  }): Promise<{ readonly replayed: number; readonly isInactive: boolean }>;
}

export interface NotificationActivities {
  attemptNotification(input: AttemptInput & { readonly notificationId: string }): Promise<AttemptResult>;
  recordNotificationAttempt(
    input: AttemptInput & { readonly notificationId: string; readonly result: AttemptResult },
  ): Promise<AttemptRecorded>;
  finishNotification(input: {
    readonly notificationId: string;
    readonly state: "failed" | "no_transport";
    readonly reason: string;
  }): Promise<void>;
}

export interface WindowActivities {
  summarizeWindow(input: { readonly ticketNumber: string }): Promise<{
    readonly repeats: number;
    readonly firstAt: string | undefined;
    readonly lastAt: string | undefined;
  }>;
}

/** What rules made of something whose time has come. */
interface Came {
  readonly why: string;
  readonly ticket: string | undefined;
}
/** Too early by the desk's clock, or moved meanwhile. */
interface StillWaiting {
  readonly kind: "waiting";
  readonly dueAt: number;
}
/** Ended before, or by somebody else. */
interface Over {
  readonly kind: "over";
  readonly state: string;
  readonly reason: string;
}

/** What waits because of alerts. Each may be asked again: nothing is decided twice. */
export interface WaitingActivities {
  holdDue(input: {
    readonly holdId: string;
    readonly now: boolean;
  }): Promise<({ readonly kind: "released" } & Came) | StillWaiting | Over>;
  dropHold(input: {
    readonly holdId: string;
  }): Promise<({ readonly kind: "released" } & Came) | StillWaiting | Over>;
  absenceDue(input: {
    readonly absenceId: string;
  }): Promise<({ readonly kind: "told" } & Came) | StillWaiting | Over>;
  /** Decides a bounded number of alerts. */
  maintenanceEnded(input: { readonly endId: string }): Promise<
    | StillWaiting
    | {
        readonly kind: "decided";
        readonly alerts: number;
        readonly putOffAgain: number;
        readonly tickets: number;
      }
    | { readonly kind: "over" }
  >;
}

/** Time on tickets and schedules. Each may be asked again: nothing is decided twice. */
export interface ClockActivities {
  /** Reads the ticket and the rules in force anew, and runs the rules whose time has come. */
  lookAtTicket(input: { readonly ticketNumber: string }): Promise<{
    /** Undefined: nothing is left to wait for. `waitMs` is told by the clock that judged. */
    readonly next: (ClockTime & { readonly waitMs: number }) | undefined;
    readonly judged: readonly { readonly rule: string; readonly acted: boolean }[];
    readonly isCompleted: boolean;
  }>;
  /** Runs a rule on a schedule for one of its times. */
  runSchedule(input: { readonly rule: string; readonly time: number }): Promise<
    | {
        readonly kind: "ran";
        readonly acted: boolean;
        readonly tickets: readonly string[];
        readonly missed: readonly string[];
      }
    | { readonly kind: "skipped"; readonly why: "too-late" | "left-out" | "ran-before" | "gone" }
  >;
  countTicketsToRearm(input: { readonly activation: number }): Promise<number>;
  rearmTickets(input: { readonly activation: number; readonly after: string }): Promise<{
    readonly looked: number;
    readonly told: number;
    readonly after: string | undefined;
    readonly isSuperseded: boolean;
  }>;
}

export type Activities = CalloutActivities &
  ReplayActivities &
  NotificationActivities &
  WaitingActivities &
  WindowActivities &
  ClockActivities;

/** The ApplicationFailure of an attempt that did not begin, so does not count: the database was away, or an earlier delivery is under way. */
export const FAILURE_NOT_BEGUN = "attempt_not_begun";
