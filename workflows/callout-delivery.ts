/** One callout for one ticket until the receiver took it, nobody waits for it any more, or the attempts are used up (CO-9 to CO-12). */
import {
  CancellationScope,
  continueAsNew,
  patched,
  proxyActivities,
  proxyLocalActivities,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from "@temporalio/workflow";
import { SECOND, unreachable } from "../src/domain/index.ts";
import type { CalloutActivities, DeliveryEnd } from "./activity-types.ts";
import {
  askForRetry,
  isRetryWanted,
  newLoopState,
  runAttempts,
  type LoopEnd,
  type LoopState,
  type LoopSteps,
} from "./attempt-loop.ts";
import { calloutsQueueBeside } from "./ids.ts";
import { deliveryStateQuery, giveUpSignal, lookAgainSignal, retryNowSignal } from "./messages.ts";
import type { CalloutDeliveryInput, DeliveryProgress } from "./messages.ts";
import { searchAttributes } from "./search-attributes.ts";

/** Since 2026-11-22: the outcome as a search attribute. */
const OUTCOME_PATCH = "callout-outcome";

/** For beginning and recording an attempt around the call itself. */
const ATTEMPT_OVERHEAD_MS = 10 * SECOND;

/** Short database work in the workflow's own task: no queue hop, one event. Tried until the database is back. */
const desk = proxyLocalActivities<Pick<CalloutActivities, "recordCalloutAttempt" | "finishDelivery">>({
  startToCloseTimeout: 30 * SECOND,
  retry: { initialInterval: SECOND, maximumInterval: 30 * SECOND },
});

interface DeliveryResult {
  readonly state: DeliveryEnd;
  readonly attempts: number;
  readonly reason?: string;
}

export async function calloutDelivery(input: CalloutDeliveryInput): Promise<DeliveryResult> {
  const { deliveryId, schedule } = input;
  const state = newLoopState(schedule);
  let end: DeliveryEnd | undefined;
  listen(
    state,
    (): DeliveryProgress["state"] => end ?? (state.waiting ? "waiting" : "running"),
    schedule.attemptsMax,
  );
  const how = toEnd(await runAttempts(schedule, state, stepsOf(input)));
  end = how.end;
  // Deliveries that began before this was here go on as they began: their histories have no such command. A marker says which
  // way a history went. When none of them runs any more: `deprecatePatch`, a release later nothing (docs/upgrading.md).
  if (patched(OUTCOME_PATCH)) upsertSearchAttributes([{ key: searchAttributes.outcome, value: how.end }]);
  // A cancelled workflow still tells the desk; cancelling twice changes nothing.
  await CancellationScope.nonCancellable(() =>
    desk.finishDelivery.executeWithOptions({ summary: `record: ${how.end.replace("_", " ")}` }, [
      { deliveryId, end: how.end, reason: how.reason },
    ]),
  );
  setCurrentDetails(
    `**${how.end.replace("_", " ")}** after ${state.attempt} attempts${how.reason === undefined ? "" : `: ${how.reason}`}`,
  );
  return {
    state: how.end,
    attempts: state.attempt,
    ...(how.reason === undefined ? {} : { reason: how.reason }),
  };
}

function listen(state: LoopState, now: () => DeliveryProgress["state"], attemptsMax: number): void {
  setHandler(
    retryNowSignal,
    (wish) => {
      askForRetry(state, wish);
    },
    {
      description: "Retry now: ends the wait, also while its callout is paused, and uses one of the attempts",
    },
  );
  setHandler(
    lookAgainSignal,
    () => {
      state.lookAgain = true;
    },
    { description: "Look again: its callout was switched off, or goes on" },
  );
  setHandler(
    giveUpSignal,
    () => {
      state.giveUp = true;
    },
    { description: "Give up: no further attempt; runs the rules on `callout failed` and sends its notice" },
  );
  setHandler(
    deliveryStateQuery,
    () => ({ state: now(), attempt: state.attempt, attemptsMax, lastError: state.lastError }),
    { description: "Where the delivery stands" },
  );
}

function stepsOf(input: CalloutDeliveryInput): LoopSteps {
  const { deliveryId, schedule } = input;
  const http = proxyActivities<Pick<CalloutActivities, "attemptCallout">>({
    taskQueue: calloutsQueueBeside(workflowInfo().taskQueue),
    // What tells a dead worker: the call has its own time-out inside.
    startToCloseTimeout: schedule.timeoutMs + ATTEMPT_OVERHEAD_MS,
    retry: { maximumAttempts: 1 },
  });
  return {
    attempt: (attempt, summary) =>
      http.attemptCallout.executeWithOptions({ summary }, [{ ...attempt, deliveryId }]),
    record: (attempt) =>
      desk.recordCalloutAttempt.executeWithOptions({ summary: `record attempt ${attempt.attempt}` }, [
        { ...attempt, deliveryId },
      ]),
    renew: async (firstWaitMs, asked) => {
      const { attempt, giveUp, byHand, lookAgain } = asked;
      // What was asked for meanwhile is done first; a later wait begins the new run.
      const isAsked = giveUp || isRetryWanted(asked) || byHand === true || lookAgain === true;
      if (!workflowInfo().continueAsNewSuggested || isAsked) return;
      await continueAsNew<typeof calloutDelivery>({
        ...input,
        schedule: { ...schedule, attemptsBegun: attempt, firstWaitMs },
      });
    },
  };
}

function toEnd(how: LoopEnd): { readonly end: DeliveryEnd; readonly reason: string | undefined } {
  switch (how.kind) {
    case "succeeded":
      return { end: "succeeded", reason: undefined };
    case "given-up":
      return { end: "given_up", reason: "given up by hand" };
    case "exhausted":
    case "not-retried":
      return { end: "failed", reason: how.reason };
    case "no-transport":
      return { end: "failed", reason: "no transport" };
    case "ended":
      return { end: how.end, reason: how.reason };
    default:
      return unreachable(how);
  }
}
