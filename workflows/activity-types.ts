/** What the workflows ask of the activities: names and shapes are a contract with running workflows. One object in, one object out. */

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
  /** Nothing was sent: finished before, or the callout became inactive. */
  | { readonly kind: "ended"; readonly end: DeliveryEnd; readonly reason: string | undefined }
  /** Nothing was sent: no transport is set up for this channel. Notices only. */
  | { readonly kind: "no-transport" };

export type DeliveryEnd = "succeeded" | "failed" | "given_up" | "skipped";

export interface AttemptInput {
  readonly attempt: number;
  readonly attemptsMax: number;
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

export type Activities = CalloutActivities & NotificationActivities & WindowActivities;

/** The ApplicationFailure of an attempt that did not begin, so does not count: the database was away, or an earlier delivery is under way. */
export const FAILURE_NOT_BEGUN = "attempt_not_begun";
