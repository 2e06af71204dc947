/** One notice to one address, resent until it is taken or the attempts are used up. */
import {
  CancellationScope,
  proxyActivities,
  proxyLocalActivities,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from "@temporalio/workflow";
import { SECOND } from "../src/domain/index.ts";
import type { NotificationActivities } from "./activity-types.ts";
import { newLoopState, runAttempts, type LoopEnd } from "./attempt-loop.ts";
import { calloutsQueueBeside } from "./ids.ts";
import { giveUpSignal, notificationStateQuery, retryNowSignal } from "./messages.ts";
import type { NotificationDeliveryInput, NotificationProgress } from "./messages.ts";

const ATTEMPT_OVERHEAD_MS = 10 * SECOND;

const desk = proxyLocalActivities<
  Pick<NotificationActivities, "recordNotificationAttempt" | "finishNotification">
>({
  startToCloseTimeout: 30 * SECOND,
  retry: { initialInterval: SECOND, maximumInterval: 30 * SECOND },
});

type NotificationEnd = "sent" | "failed" | "no_transport";

export async function notificationDelivery(
  input: NotificationDeliveryInput,
): Promise<{ readonly state: NotificationEnd; readonly attempts: number }> {
  const { notificationId, schedule } = input;
  const state = newLoopState(schedule);
  let end: NotificationEnd | undefined;
  setHandler(
    retryNowSignal,
    () => {
      state.retryNow = true;
    },
    { description: "Retry now: ends the wait, and uses one of the attempts" },
  );
  setHandler(
    giveUpSignal,
    () => {
      state.giveUp = true;
    },
    { description: "Give up: no further attempt; the notice ends as failed" },
  );
  setHandler(
    notificationStateQuery,
    (): NotificationProgress => ({
      state: end ?? (state.waiting ? "waiting" : "running"),
      attempt: state.attempt,
      attemptsMax: schedule.attemptsMax,
      lastError: state.lastError,
    }),
    { description: "Where the notice stands" },
  );
  const mail = proxyActivities<Pick<NotificationActivities, "attemptNotification">>({
    taskQueue: calloutsQueueBeside(workflowInfo().taskQueue),
    startToCloseTimeout: schedule.timeoutMs + ATTEMPT_OVERHEAD_MS,
    retry: { maximumAttempts: 1 },
  });
  const how = await runAttempts(schedule, state, {
    attempt: (attempt, summary) =>
      mail.attemptNotification.executeWithOptions({ summary }, [{ ...attempt, notificationId }]),
    record: (attempt) =>
      desk.recordNotificationAttempt.executeWithOptions({ summary: `record attempt ${attempt.attempt}` }, [
        { ...attempt, notificationId },
      ]),
  });
  const became = endOf(how);
  end = became;
  if (became !== "sent") {
    // A cancelled workflow still tells the desk.
    await CancellationScope.nonCancellable(() =>
      desk.finishNotification.executeWithOptions({ summary: `record: ${became.replace("_", " ")}` }, [
        { notificationId, state: became, reason: reasonOf(how) },
      ]),
    );
  }
  setCurrentDetails(`**${became.replace("_", " ")}** after ${state.attempt} attempts`);
  return { state: became, attempts: state.attempt };
}

function endOf(how: LoopEnd): NotificationEnd {
  if (how.kind === "succeeded" || (how.kind === "ended" && how.end === "succeeded")) return "sent";
  return how.kind === "no-transport" ? "no_transport" : "failed";
}

function reasonOf(how: LoopEnd): string {
  if (how.kind === "no-transport") return "TOCSIN_SMTP_URL is not set";
  return "reason" in how ? (how.reason ?? "failed before") : "given up by hand";
}
