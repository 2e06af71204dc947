/** Sends what failed of a callout once more, so many a second, each as a new delivery; what was replayed is not replayed again. */
import {
  continueAsNew,
  proxyLocalActivities,
  setCurrentDetails,
  setHandler,
  sleep,
  workflowInfo,
} from "@temporalio/workflow";
import { SECOND } from "../src/domain/index.ts";
import type { ReplayActivities } from "./activity-types.ts";
import {
  replayStateQuery,
  stopReplaySignal,
  type ReplayDeliveriesInput,
  type ReplayProgress,
} from "./messages.ts";

const desk = proxyLocalActivities<ReplayActivities>({
  startToCloseTimeout: 30 * SECOND,
  retry: { initialInterval: SECOND, maximumInterval: 30 * SECOND },
});

/** Of one run: a second each. */
const BATCHES_MAX = 500;

interface ReplayResult {
  readonly ended: "all were replayed" | "stopped" | "the callout is inactive";
  readonly replayed: number;
}

export async function replayDeliveries(input: ReplayDeliveriesInput): Promise<ReplayResult> {
  const { callout, since, perSecond, by, matching } = input;
  const progress = { replayed: input.replayed ?? 0, isStopped: false };
  setHandler(
    stopReplaySignal,
    () => {
      progress.isStopped = true;
    },
    { description: "Stop: no further replays; those that were made go on" },
  );
  setHandler(replayStateQuery, (): ReplayProgress => ({ replayed: progress.replayed, matching }), {
    description: "How many were replayed",
  });
  for (let batches = 0; !progress.isStopped; batches += 1) {
    setCurrentDetails(
      `replayed **${progress.replayed}** of ${matching} failed deliveries, ${perSecond} a second`,
    );
    if (batches >= BATCHES_MAX || workflowInfo().continueAsNewSuggested)
      await continueAsNew<typeof replayDeliveries>({ ...input, replayed: progress.replayed });
    const summary = `after ${progress.replayed} replays`;
    const batch = await desk.replayFailed.executeWithOptions({ summary }, [
      { callout, since, limit: perSecond, by },
    ]);
    progress.replayed += batch.replayed;
    if (batch.isInactive) return resultOf("the callout is inactive", progress.replayed);
    if (batch.replayed < perSecond) return resultOf("all were replayed", progress.replayed);
    await sleep(SECOND, { summary: "the next second" });
  }
  return resultOf("stopped", progress.replayed);
}

function resultOf(ended: ReplayResult["ended"], replayed: number): ReplayResult {
  setCurrentDetails(`**${ended}**: ${replayed} deliveries`);
  return { ended, replayed };
}
