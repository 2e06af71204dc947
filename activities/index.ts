/** The door of activities: everything that workflows ask for, over what the worker gives. Workflows see only the types. */
import type { Activities } from "../workflows/activity-types.ts";
import { buildAttemptCallout } from "./attempt-callout.ts";
import { buildAttemptNotification } from "./attempt-notification.ts";
import type { ActivityDependencies } from "./dependencies.ts";
import { buildFinishDelivery } from "./finish-delivery.ts";
import { buildFinishNotification, buildRecordNotificationAttempt } from "./finish-notification.ts";
import { buildRecordCalloutAttempt } from "./record-callout-attempt.ts";
import { buildReplayFailed } from "./replay-failed.ts";
import { buildSummarizeWindow } from "./summarize-window.ts";
import { buildClockActivities } from "./ticket-clocks.ts";
import { translateFailures } from "./translate-failures.ts";
import { buildWaiting } from "./waiting.ts";

export type { ActivityDependencies } from "./dependencies.ts";

/** The names are a contract with running workflows. */
export function createActivities(deps: ActivityDependencies): Activities {
  return translateFailures<Activities>({
    attemptCallout: buildAttemptCallout(deps),
    recordCalloutAttempt: buildRecordCalloutAttempt(deps),
    finishDelivery: buildFinishDelivery(deps),
    replayFailed: buildReplayFailed(deps),
    attemptNotification: buildAttemptNotification(deps),
    recordNotificationAttempt: buildRecordNotificationAttempt(deps),
    finishNotification: buildFinishNotification(deps),
    ...buildWaiting(deps),
    summarizeWindow: buildSummarizeWindow(deps),
    ...buildClockActivities(deps),
  });
}
