/**
 * Finds what Postgres believes under way and Temporal does not know (a lost development database, a restore, a
 * workflow terminated by hand), and starts it again with the attempts already recorded.
 */
import { WorkflowNotFoundError } from "@temporalio/client";
import {
  restartOpenWindows,
  restartWaiting,
  selectPendingNotifications,
  selectUnsettledDeliveries,
  tellLateClocks,
} from "../store/index.ts";
import { CLOCK_LATE_MS, LATE_CLOCKS_MAX } from "../domain/index.ts";
import { workflowIds } from "../../workflows/ids.ts";
import { restartRearm } from "./start-clocks.ts";
import { restoreSchedules } from "./sync-schedules.ts";
import { signalGiveUp, startCallout, startNotification, type StartContext } from "./start-workflows.ts";

const PAGE_SIZE = 200;
const ASKED_AT_ONCE = 8;

export interface ReconcileOptions {
  /** Temporal may have lost everything, so windows too are looked after; else only what somebody may have ended by hand. */
  readonly withWindows: boolean;
  readonly isStopped?: () => boolean;
}

/** Throws: TemporalAway, StoreUnavailable; what was started stays started. */
export async function reconcile(
  context: StartContext,
  options: ReconcileOptions,
): Promise<{ readonly started: number }> {
  const { db } = context;
  const isStopped = options.isStopped ?? ((): boolean => false);
  let started = options.withWindows ? await restartOpenWindows(db) : 0;
  started += await restartWaiting(db, "overdue");
  started += await tellLateClocks(db, { before: Date.now() - CLOCK_LATE_MS, limit: LATE_CLOCKS_MAX });
  started += await restoreSchedules(context);
  started += await restartRearm(context);
  const kinds: readonly Kind[] = [
    {
      next: (after) => selectUnsettledDeliveries(db, { after, limit: PAGE_SIZE }),
      idOf: workflowIds.calloutDelivery,
      start: startCallout,
      // Ended by hand where no code runs: that is giving up, with its notice.
      startTerminated: async (its, id) => {
        if ((await signalGiveUp(its, id)) === "not-running") await startCallout(its, id);
      },
    },
    {
      next: (after) => selectPendingNotifications(db, { after, limit: PAGE_SIZE }),
      idOf: workflowIds.notificationDelivery,
      start: startNotification,
      startTerminated: startNotification,
    },
  ];
  for (const kind of kinds) {
    for (let after = ""; !isStopped();) {
      const page = await kind.next(after);
      started += await reconcilePage(context, kind, page);
      if (page.length < PAGE_SIZE) break;
      after = page.at(-1) ?? "";
    }
  }
  return { started };
}

interface Kind {
  next(after: string): Promise<readonly string[]>;
  idOf(subject: string): string;
  start(context: StartContext, workflowId: string): Promise<void>;
  startTerminated(context: StartContext, workflowId: string): Promise<void>;
}

async function reconcilePage(context: StartContext, kind: Kind, page: readonly string[]): Promise<number> {
  let started = 0;
  for (let from = 0; from < page.length; from += ASKED_AT_ONCE) {
    const outcomes = await Promise.all(
      page
        .slice(from, from + ASKED_AT_ONCE)
        .map(async (subject) => await reconcileOne(context, kind, subject)),
    );
    started += outcomes.filter(Boolean).length;
  }
  return started;
}

async function reconcileOne(context: StartContext, kind: Kind, subject: string): Promise<boolean> {
  const workflowId = kind.idOf(subject);
  const status = await statusOf(context, workflowId);
  if (status === "RUNNING" || status === "PAUSED") return false;
  if (status === "TERMINATED") await kind.startTerminated(context, workflowId);
  else await kind.start(context, workflowId);
  return true;
}

async function statusOf({ temporal }: StartContext, workflowId: string): Promise<string> {
  try {
    const { status } = await temporal.call(() => temporal.client.workflow.getHandle(workflowId).describe());
    return status.name;
  } catch (thrown) {
    if (thrown instanceof WorkflowNotFoundError) return "NOT_FOUND";
    throw thrown;
  }
}
