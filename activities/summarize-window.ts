/** Counts what came in while a dedup window was open. Reads only. */
import { toRfc3339 } from "../src/domain/index.ts";
import { summarizeWindow } from "../src/store/index.ts";
import type { WindowActivities } from "../workflows/activity-types.ts";
import type { ActivityDependencies } from "./dependencies.ts";

export function buildSummarizeWindow(deps: ActivityDependencies): WindowActivities["summarizeWindow"] {
  return async ({ ticketNumber }) => {
    const { repeats, firstAt, lastAt } = await summarizeWindow(deps.db, ticketNumber);
    return {
      repeats,
      firstAt: firstAt === undefined ? undefined : toRfc3339(firstAt),
      lastAt: lastAt === undefined ? undefined : toRfc3339(lastAt),
    };
  };
}
