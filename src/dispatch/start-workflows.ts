/** Starts and signals one workflow: twice is once. What already runs, has ended or is no longer needed is no error. */
import {
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
  type WorkflowHandle,
} from "@temporalio/client";
import {
  markWithoutTransport,
  selectBulkReplay,
  selectStartableDeliveries,
  selectStartableNotifications,
  selectWindows,
  type Queryable,
  type StartableDelivery,
} from "../store/index.ts";
import { subjectOf, type TaskQueues } from "../../workflows/ids.ts";
import {
  giveUpSignal,
  lookAgainSignal,
  retryNowSignal,
  ticketCompletedSignal,
} from "../../workflows/messages.ts";
import {
  calloutStart,
  notificationStart,
  replayStart,
  windowStart,
  type NoticeSchedule,
} from "./start-options.ts";
import type { Temporal } from "./temporal.ts";

export interface StartContext {
  readonly db: Queryable;
  readonly temporal: Temporal;
  readonly queues: TaskQueues;
  readonly notices: NoticeSchedule;
  /** TOCSIN_SMTP_URL is set. */
  readonly hasMailTransport: boolean;
}

export async function startCallout(context: StartContext, workflowId: string): Promise<void> {
  const delivery = await startable(context, subjectOf(workflowId));
  // Given up before its turn, or done by an earlier run.
  if (delivery === undefined || delivery.isSettled) return;
  const { client } = context.temporal;
  const start = calloutStart(delivery, context.queues.rules, Date.now());
  await unlessStarted(context.temporal, () => client.workflow.start("calloutDelivery", start));
}

export async function startReplay(context: StartContext, workflowId: string): Promise<void> {
  const replay = await selectBulkReplay(context.db, subjectOf(workflowId));
  if (replay === undefined) return;
  const { client } = context.temporal;
  const start = replayStart(workflowId, replay, context.queues.rules);
  await unlessStarted(context.temporal, () => client.workflow.start("replayDeliveries", start));
}

export async function startNotification(context: StartContext, workflowId: string): Promise<void> {
  const id = subjectOf(workflowId);
  if (!context.hasMailTransport && (await markWithoutTransport(context.db, [id], Date.now())).length > 0)
    return;
  const notice = (await selectStartableNotifications(context.db, [id])).get(id);
  if (notice === undefined || notice.isFinished) return;
  const { client } = context.temporal;
  const start = notificationStart(notice, context.queues.rules, {
    now: Date.now(),
    schedule: context.notices,
  });
  await unlessStarted(context.temporal, () => client.workflow.start("notificationDelivery", start));
}

/** A window that is over, or whose ticket was completed meanwhile, is not started. */
export async function startWindow(context: StartContext, workflowId: string): Promise<void> {
  const number = subjectOf(workflowId);
  const window = (await selectWindows(context.db, [number])).get(number);
  if (window === undefined || window.isCompleted || window.endsAt <= Date.now()) return;
  const { client } = context.temporal;
  const start = windowStart(window, context.queues.rules);
  await unlessStarted(context.temporal, () =>
    // One window a ticket: it does not begin again.
    client.workflow.start("dedupWindow", { ...start, workflowIdReusePolicy: "REJECT_DUPLICATE" }),
  );
}

export async function signalTicketCompleted(context: StartContext, workflowId: string): Promise<void> {
  await unlessGone(context.temporal, (handle) => handle.signal(ticketCompletedSignal), workflowId);
}

export async function signalLookAgain(context: StartContext, workflowId: string): Promise<void> {
  await unlessGone(context.temporal, (handle) => handle.signal(lookAgainSignal), workflowId);
}

export async function signalRetryNow(
  context: StartContext,
  workflowId: string,
  afterAttempt: number,
): Promise<"signalled" | "not-running"> {
  return await unlessGone(
    context.temporal,
    (handle) => handle.signal(retryNowSignal, { afterAttempt }),
    workflowId,
  );
}

/** Starts the workflow where it does not run yet: giving up is told and noticed there, also before the first attempt. */
export async function signalGiveUp(
  context: StartContext,
  workflowId: string,
): Promise<"signalled" | "not-running"> {
  const delivery = await startable(context, subjectOf(workflowId));
  if (delivery === undefined || delivery.isFinished) return "not-running";
  const { client, call } = context.temporal;
  const start = calloutStart(delivery, context.queues.rules, Date.now());
  return await unlessNotFound(
    call(() =>
      client.workflow.signalWithStart("calloutDelivery", { ...start, signal: giveUpSignal, signalArgs: [] }),
    ),
  );
}

async function startable(context: StartContext, id: string): Promise<StartableDelivery | undefined> {
  return (await selectStartableDeliveries(context.db, [id])).get(id);
}

export async function unlessStarted(
  temporal: Temporal,
  start: () => Promise<WorkflowHandle>,
): Promise<"started" | "runs-already"> {
  try {
    await temporal.call(start);
    return "started";
  } catch (thrown) {
    if (thrown instanceof WorkflowExecutionAlreadyStartedError) return "runs-already";
    throw thrown;
  }
}

export async function unlessGone(
  temporal: Temporal,
  signal: (handle: WorkflowHandle) => Promise<void>,
  workflowId: string,
): Promise<"signalled" | "not-running"> {
  return await unlessNotFound(temporal.call(() => signal(temporal.client.workflow.getHandle(workflowId))));
}

async function unlessNotFound(signalling: Promise<unknown>): Promise<"signalled" | "not-running"> {
  try {
    await signalling;
    return "signalled";
  } catch (thrown) {
    if (thrown instanceof WorkflowNotFoundError) return "not-running";
    throw thrown;
  }
}
