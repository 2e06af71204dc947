/** Arguments, signals and queries of the workflows: shared with dispatch, which sends them. Ids and numbers, never bodies or secrets. */
import { defineQuery, defineSignal } from "@temporalio/workflow";

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

export interface DedupWindowInput {
  readonly ticketNumber: string;
  /** Inclusive end of the window. Units: milliseconds since 1970 UTC. */
  readonly endsAt: number;
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

/** Uses one of the attempts. */
export const retryNowSignal = defineSignal("retryNow");
export const giveUpSignal = defineSignal("giveUp");
export const ticketCompletedSignal = defineSignal("ticketCompleted");

export const deliveryStateQuery = defineQuery<DeliveryProgress>("state");
export const notificationStateQuery = defineQuery<NotificationProgress>("state");
export const windowStateQuery = defineQuery<WindowProgress>("state");
