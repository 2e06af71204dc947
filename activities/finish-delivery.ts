/** Ends a delivery and has the rules on it run, once. Safe to repeat: the end and the event are both remembered. */
import { finishDelivery } from "../src/store/index.ts";
import type { CalloutActivities } from "../workflows/activity-types.ts";
import type { ActivityDependencies } from "./dependencies.ts";

export function buildFinishDelivery(deps: ActivityDependencies): CalloutActivities["finishDelivery"] {
  return async ({ deliveryId, end, reason }) => {
    const finished = await finishDelivery(deps.db, { deliveryId, state: end, reason, at: deps.now() });
    // A skipped call was never wanted, so nothing succeeded or failed.
    if (finished === undefined || finished.state === "skipped" || finished.isTest) return;
    // First, since it is also wanted where the rules have run and the breaker was not looked at.
    await deps.engine.settleCallout(finished.callout, finished.finishedAt);
    if (finished.isDecided) return;
    const succeeded = finished.state === "succeeded";
    await deps.engine.calloutFinished({
      deliveryId,
      succeeded,
      callout: {
        name: finished.callout,
        attempts: finished.attempts,
        lastStatus: finished.lastStatus,
        lastError: succeeded ? undefined : (finished.lastError ?? finished.reason ?? "given up"),
      },
      at: finished.finishedAt,
    });
  };
}
