/** What time brings about: handed to the engine, which remembers it. Safe to repeat. */
import { toRfc3339 } from "../src/domain/index.ts";
import { countTicketsToRearm } from "../src/store/index.ts";
import type { ClockActivities } from "../workflows/activity-types.ts";
import type { ActivityDependencies } from "./dependencies.ts";

export function buildClockActivities({ db, engine, now }: ActivityDependencies): ClockActivities {
  return {
    lookAtTicket: async ({ ticketNumber }) => {
      const at = now();
      const { next, judged, isCompleted } = await engine.lookAtTicket(ticketNumber, at);
      return {
        next: next === undefined ? undefined : { ...next, waitMs: Math.max(next.at - at, 0) },
        judged,
        isCompleted,
      };
    },
    runSchedule: async ({ rule, time }) => {
      const run = await engine.runSchedule({ rule, time, at: now() });
      return run.kind === "ran" ? { ...run, missed: run.missed.map(toRfc3339) } : run;
    },
    countTicketsToRearm: async () => await countTicketsToRearm(db),
    rearmTickets: async (asked) => await engine.rearmTickets(asked),
  };
}
