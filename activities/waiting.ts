/** Asks the engine about what waits for a time: by our clock, so that a timer that fires early does nothing. */
import type { WaitingActivities } from "../workflows/activity-types.ts";
import type { ActivityDependencies } from "./dependencies.ts";

export function buildWaiting({ engine, now }: ActivityDependencies): WaitingActivities {
  return {
    holdDue: async ({ holdId, now: isNow }) => await engine.holdDue({ holdId, now: isNow, at: now() }),
    dropHold: async ({ holdId }) => await engine.dropHold({ holdId, at: now() }),
    absenceDue: async ({ absenceId }) => await engine.absenceDue({ absenceId, at: now() }),
    maintenanceEnded: async ({ endId }) => await engine.maintenanceEnded({ endId, at: now() }),
  };
}
