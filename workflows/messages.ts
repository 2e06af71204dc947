/** Arguments, signals and queries of the workflows: shared with dispatch, which sends them. Ids and numbers, never bodies or secrets. */
import { defineQuery, defineSignal } from "@temporalio/workflow";
import type { Actor } from "../src/domain/index.ts";

/** How one thing is tried again: numbers of its row, taken at the trigger. */
export interface RetrySchedule {
  /** First try included. */
  readonly attemptsMax: number;
  readonly retryEveryMs: number;
  /** One attempt, the whole call. */
  readonly timeoutMs: number;
  /** Recorded before this run: above 0 when a reconciler starts the workflow again. */
  readonly attemptsBegun: number;
  /** What was left of the wait before the next attempt. */
  readonly firstWaitMs: number;
}

export interface CalloutDeliveryInput {
  readonly deliveryId: string;
  readonly schedule: RetrySchedule;
}

export interface NotificationDeliveryInput {
  readonly notificationId: string;
  readonly schedule: RetrySchedule;
}

export interface ReplayDeliveriesInput {
  readonly callout: string;
  /** What ended in failure since then. Units: milliseconds since 1970 UTC. */
  readonly since: number;
  readonly perSecond: number;
  /** Found when it was asked for. */
  readonly matching: number;
  /** Who asked: the name of a key, no customer's. */
  readonly by: Actor;
  /** Of earlier runs. */
  readonly replayed?: number;
}

export interface ReplayProgress {
  readonly replayed: number;
  readonly matching: number;
}

export interface DedupWindowInput {
  readonly ticketNumber: string;
  /** Inclusive end of the window. Units: milliseconds since 1970 UTC. */
  readonly endsAt: number;
}

export interface HeldAlertInput {
  readonly holdId: string;
  /** As far as known at the start. Units: milliseconds since 1970 UTC. */
  readonly dueAt: number;
}

export interface AbsenceWatchInput {
  readonly absenceId: string;
  readonly dueAt: number;
}

/** Over all runs of one end. */
export interface MaintenanceSums {
  readonly alerts: number;
  readonly tickets: number;
  readonly putOffAgain: number;
}

export interface MaintenanceEndInput {
  readonly endId: string;
  readonly dueAt: number;
  readonly sums?: MaintenanceSums;
}

/** A time of a ticket, and whose: words for the one who looks. */
export interface ClockTime {
  /** Milliseconds since 1970 UTC. */
  readonly at: number;
  readonly rule: string;
  /** `ticket-idle` */
  readonly clock: string;
}

export interface TicketClockInput {
  readonly ticketNumber: string;
  readonly next: ClockTime;
}

export interface ClockProgress {
  readonly state: "waiting" | "ended";
  readonly nextAt: string | undefined;
  readonly rule: string | undefined;
  /** Looks of this run. */
  readonly looks: number;
}

export interface ScheduledRuleInput {
  readonly rule: string;
}

export interface RearmTicketsInput {
  readonly activation: number;
  /** What earlier runs of the same id did. */
  readonly soFar?: RearmProgress;
}

export interface RearmProgress {
  readonly after: string;
  /** The second round finds what engines wrote meanwhile that had not heard of the new rules yet. */
  readonly round: 1 | 2;
  readonly looked: number;
  readonly told: number;
}

export interface DeliveryProgress {
  readonly state: "running" | "waiting" | "succeeded" | "failed" | "given_up" | "skipped";
  readonly attempt: number;
  readonly attemptsMax: number;
  readonly lastError: string | undefined;
}

export interface NotificationProgress {
  readonly state: "running" | "waiting" | "sent" | "failed" | "no_transport";
  readonly attempt: number;
  readonly attemptsMax: number;
  readonly lastError: string | undefined;
}

export interface WindowProgress {
  readonly state: "open" | "ended";
  readonly endsAt: string;
}

export interface WaitProgress {
  readonly state: string;
  readonly dueAt: string;
}

/** Uses one of the attempts. */
/**
 * `afterAttempt`: attempts that whoever asked had seen, sent by the API. A wish between the end of an attempt and the wait
 * behind it is kept, and one that an attempt has answered since is none any more. Without it, as from the Temporal UI, the
 * wait that is under way ends.
 */
export const retryNowSignal = defineSignal<[wish?: { readonly afterAttempt?: unknown }]>("retryNow");
export const giveUpSignal = defineSignal("giveUp");
export const ticketCompletedSignal = defineSignal("ticketCompleted");
export const lookAgainSignal = defineSignal("lookAgain");
/** What is waited for may have ended or moved: read it again. */
export const changedSignal = defineSignal("changed");
export const releaseNowSignal = defineSignal("releaseNow");
export const dropSignal = defineSignal("drop");

export const deliveryStateQuery = defineQuery<DeliveryProgress>("state");
export const notificationStateQuery = defineQuery<NotificationProgress>("state");
export const windowStateQuery = defineQuery<WindowProgress>("state");
export const clockStateQuery = defineQuery<ClockProgress>("state");
export const rearmStateQuery = defineQuery<RearmProgress>("state");
export const waitStateQuery = defineQuery<WaitProgress>("state");

export const stopReplaySignal = defineSignal("stop");
export const replayStateQuery = defineQuery<ReplayProgress>("state");
