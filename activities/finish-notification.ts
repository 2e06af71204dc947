/** Records what became of a notice where the attempt itself could not. */
import {
  finishNotification,
  recordNotificationAttempt,
  selectNotificationAttemptAt,
} from "../src/store/index.ts";
import type { NotificationActivities } from "../workflows/activity-types.ts";
import { interruptedWaitMs } from "./attempt-notification.ts";
import type { ActivityDependencies } from "./dependencies.ts";

export function buildRecordNotificationAttempt(
  deps: ActivityDependencies,
): NotificationActivities["recordNotificationAttempt"] {
  return async ({ notificationId, attempt: n, result }) => {
    const now = deps.now();
    const at = await selectNotificationAttemptAt(deps.db, { notificationId, n });
    if (at === undefined) return { waitMs: 0, begun: false };
    const isKnown = result.kind === "succeeded" || result.kind === "failed";
    await recordNotificationAttempt(deps.db, {
      notificationId,
      n,
      durationMs: isKnown ? Math.max(now - at, 0) : undefined,
      error:
        result.kind === "succeeded" ? undefined : result.kind === "failed" ? result.error : "interrupted",
      at: now,
    });
    return { waitMs: interruptedWaitMs(at, now), begun: true };
  };
}

export function buildFinishNotification(
  deps: ActivityDependencies,
): NotificationActivities["finishNotification"] {
  return async (end) => {
    await finishNotification(deps.db, { ...end, at: deps.now() });
  };
}
