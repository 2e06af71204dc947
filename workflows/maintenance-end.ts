/**
 * The end of a maintenance window that alerts wait for: what still fires is decided once, some at a time. One workflow an
 * end; it starts with the first alert that was put off to it.
 */
import {
  continueAsNew,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from "@temporalio/workflow";
import { SECOND } from "../src/domain/index.ts";
import type { WaitingActivities } from "./activity-types.ts";
import { changedSignal, waitStateQuery } from "./messages.ts";
import type { MaintenanceEndInput, MaintenanceSums, WaitProgress } from "./messages.ts";
import { dueAfter, newTurn, waitForTurn } from "./wait-until-due.ts";
import { utcText } from "./wording.ts";

/**
 * Not local ones: what those did is forgotten when a signal comes in while they run, and the sums would be wrong. They are
 * few.
 */
const desk = proxyActivities<Pick<WaitingActivities, "maintenanceEnded">>({
  startToCloseTimeout: 20 * SECOND,
  retry: { initialInterval: SECOND, maximumInterval: 30 * SECOND },
});

/** Steps of one run: the alerts of a large window go on in a new one. */
const STEPS_MAX = 400;

export async function maintenanceEnd({ endId, dueAt, sums }: MaintenanceEndInput): Promise<MaintenanceSums> {
  const turn = newTurn();
  const progress = { state: "waiting", dueAt };
  let so: MaintenanceSums = sums ?? { alerts: 0, tickets: 0, putOffAgain: 0 };
  setHandler(
    changedSignal,
    () => {
      turn.wanted = true;
    },
    {
      description:
        "Look again: sent by Tocsin when windows were changed; what is out of maintenance is decided",
    },
  );
  setHandler(
    waitStateQuery,
    (): WaitProgress => ({ state: progress.state, dueAt: new Date(progress.dueAt).toISOString() }),
    { description: "Whether it waits for the end, and for which" },
  );
  for (let steps = 0; ; steps += 1) {
    if (steps >= STEPS_MAX || workflowInfo().continueAsNewSuggested) {
      // Deciding goes on at once, also where the window was deleted long before its end.
      const next = progress.state === "deciding" ? Date.now() : dueAfter(turn, progress.dueAt);
      return await continueAsNew<typeof maintenanceEnd>({ endId, dueAt: next, sums: so });
    }
    if (progress.state === "waiting") {
      const until = utcText(progress.dueAt);
      setCurrentDetails(`**waiting** until ${until}: alerts that still fire are decided then`);
      await waitForTurn(turn, progress.dueAt, `maintenance until ${until}`);
    }
    const outcome = await desk.maintenanceEnded.executeWithOptions({ summary: "decide what still fires" }, [
      { endId },
    ]);
    if (outcome.kind === "over") break;
    if (outcome.kind === "waiting") {
      progress.state = "waiting";
      progress.dueAt = outcome.dueAt;
      continue;
    }
    progress.state = "deciding";
    so = {
      alerts: so.alerts + outcome.alerts,
      tickets: so.tickets + outcome.tickets,
      putOffAgain: so.putOffAgain + outcome.putOffAgain,
    };
    setCurrentDetails(`**deciding**: ${sumText(so)} so far`);
  }
  progress.state = "ended";
  setCurrentDetails(`**ended**: ${sumText(so)}`);
  return so;
}

function sumText({ alerts, tickets, putOffAgain }: MaintenanceSums): string {
  const again = putOffAgain === 0 ? "" : `, ${putOffAgain} put off to a later end`;
  return `${alerts} alerts decided, ${tickets} tickets${again}`;
}
