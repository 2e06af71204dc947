/** Makes new deliveries of some that failed. Safe to repeat: one that was replayed is not found again. */
import { createIdSource, replayDelivery, selectFailedDeliveries } from "../src/store/index.ts";
import type { ReplayActivities } from "../workflows/activity-types.ts";
import type { ActivityDependencies } from "./dependencies.ts";

export function buildReplayFailed(deps: ActivityDependencies): ReplayActivities["replayFailed"] {
  const newId = createIdSource();
  return async ({ callout, since, limit, by }) => {
    if (!(await deps.isCalloutActive(callout))) return { replayed: 0, isInactive: true };
    const at = deps.now();
    const failed = await selectFailedDeliveries(deps.db, { callout, since, limit });
    for (const deliveryId of failed)
      await replayDelivery(deps.db, { deliveryId, id: newId("dl", at), by, at });
    return { replayed: failed.length, isInactive: false };
  };
}
