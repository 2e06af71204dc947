/** One attempt at a notice: begun in Postgres under its number, sent, recorded. */
import { cancellationSignal } from "@temporalio/activity";
import { ApplicationFailure } from "@temporalio/common";
import { NOTIFICATION_RETRY_INTERVAL_MS, NOTIFICATION_TIMEOUT_MS } from "../src/domain/index.ts";
import type { NoticeOutcome } from "../src/notify/index.ts";
import {
  beginNotificationAttempt,
  isStoreUnavailable,
  recordNotificationAttempt,
  type BegunNotification,
} from "../src/store/index.ts";
import { FAILURE_NOT_BEGUN } from "../workflows/activity-types.ts";
import type { AttemptResult, NotificationActivities } from "../workflows/activity-types.ts";
import type { ActivityDependencies } from "./dependencies.ts";

export function buildAttemptNotification(
  deps: ActivityDependencies,
): NotificationActivities["attemptNotification"] {
  return async ({ notificationId, attempt: n }) => {
    const at = deps.now();
    const begun = await begin(deps, { notificationId, n, at });
    switch (begun.kind) {
      case "missing":
        return { kind: "ended", end: "failed", reason: "the notice is not in the database" };
      case "ended":
        return { kind: "ended", end: begun.state === "sent" ? "succeeded" : "failed", reason: begun.reason };
      case "used":
        return await record(deps, { notificationId, n, at: begun.at }, usedOutcome(begun));
      case "begun": {
        const { notification: notice } = begun;
        const signal = cancellationSignal();
        const outcome = await deps.notices.send({
          channel: notice.channel,
          notice,
          timeoutMs: NOTIFICATION_TIMEOUT_MS,
          at,
          signal,
        });
        return await record(deps, { notificationId, n, at }, outcome);
      }
    }
  };
}

async function begin(
  deps: ActivityDependencies,
  attempt: { readonly notificationId: string; readonly n: number; readonly at: number },
): Promise<BegunNotification> {
  try {
    return await beginNotificationAttempt(deps.db, attempt);
  } catch (thrown) {
    if (!isStoreUnavailable(thrown)) throw thrown;
    throw ApplicationFailure.nonRetryable("the database is away", FAILURE_NOT_BEGUN);
  }
}

function usedOutcome(used: Extract<BegunNotification, { kind: "used" }>): NoticeOutcome {
  return used.isKnown && used.error !== undefined && used.error !== "interrupted"
    ? { kind: "failed", error: used.error, retry: true }
    : { kind: "interrupted" };
}

async function record(
  deps: ActivityDependencies,
  attempt: { readonly notificationId: string; readonly n: number; readonly at: number },
  outcome: NoticeOutcome,
): Promise<AttemptResult> {
  const now = deps.now();
  const error =
    outcome.kind === "sent"
      ? undefined
      : outcome.kind === "failed"
        ? outcome.error
        : outcome.kind.replace("-", " ");
  let recorded = true;
  try {
    await recordNotificationAttempt(deps.db, {
      notificationId: attempt.notificationId,
      n: attempt.n,
      durationMs: outcome.kind === "interrupted" ? undefined : Math.max(now - attempt.at, 0),
      error,
      at: now,
    });
  } catch (thrown) {
    if (!isStoreUnavailable(thrown)) throw thrown;
    recorded = false;
  }
  switch (outcome.kind) {
    case "sent":
      return { kind: "succeeded", status: undefined, recorded };
    case "failed":
      return {
        kind: "failed",
        status: undefined,
        error: outcome.error,
        retry: outcome.retry,
        waitMs: undefined,
        recorded,
      };
    case "interrupted":
      return { kind: "interrupted", waitMs: interruptedWaitMs(attempt.at, now), recorded };
    case "no-transport":
      return { kind: "no-transport" };
  }
}

export function interruptedWaitMs(at: number, now: number): number {
  return Math.max(at + NOTIFICATION_TIMEOUT_MS + NOTIFICATION_RETRY_INTERVAL_MS - now, 0);
}
