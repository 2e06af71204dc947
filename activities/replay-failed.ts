/** Makes new deliveries of some that failed. Safe to repeat: one that was replayed is not found again. */
import { createIdSource, replayFailedDeliveries } from "../src/store/index.ts";
import type { ReplayActivities } from "../workflows/activity-types.ts";
import type { ActivityDependencies } from "./dependencies.ts";

export function buildReplayFailed(deps: ActivityDependencies): ReplayActivities["replayFailed"] {
  const newId = createIdSource();
  return async ({ callout, since, limit, by }) => {
    if ((await deps.engine.calloutStanding(callout)).kind === "stopped")
      return { replayed: 0, isInactive: true };
    const at = deps.now();
    const asked = { callout, since, limit, by, at, newId: () => newId("dl", at) };
    return { replayed: await replayFailedDeliveries(deps.db, asked), isInactive: false };
  };
}
