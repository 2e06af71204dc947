/**
 * The dedup window of one ticket as admins see it. Whether an alert is a repeat is decided in Postgres by stored
 * times, never here: the window only waits, and tells at its end what came in meanwhile. No signal per repeat.
 */
import {
  condition as waitUntil,
  proxyLocalActivities,
  setCurrentDetails,
  setHandler,
} from "@temporalio/workflow";
import { SECOND } from "../src/domain/index.ts";
import type { WindowActivities } from "./activity-types.ts";
import { ticketCompletedSignal, windowStateQuery } from "./messages.ts";
import type { DedupWindowInput, WindowProgress } from "./messages.ts";
import { utcText } from "./wording.ts";

/** Counted in the workflow's own task at the end: a window that saw no repeat costs no activity task. */
const desk = proxyLocalActivities<WindowActivities>({
  startToCloseTimeout: 10 * SECOND,
  retry: { initialInterval: SECOND, maximumInterval: 30 * SECOND },
});

interface WindowResult {
  readonly ended: "time is up" | "ticket completed";
  readonly repeats: number;
  readonly firstRepeatAt?: string;
  readonly lastRepeatAt?: string;
}

export async function dedupWindow({ ticketNumber, endsAt }: DedupWindowInput): Promise<WindowResult> {
  const until = new Date(endsAt).toISOString();
  let isCompleted = false;
  let state: WindowProgress["state"] = "open";
  setHandler(
    ticketCompletedSignal,
    () => {
      isCompleted = true;
    },
    { description: "Ticket completed: ends the window, the next alert opens a new ticket" },
  );
  setHandler(windowStateQuery, () => ({ state, endsAt: until }), {
    description: "Whether the window is open",
  });
  setCurrentDetails(`**open** until ${utcText(endsAt)}: equal alerts become notes on ${ticketNumber}`);
  const waitMs = Math.max(endsAt - Date.now(), 1);
  await waitUntil(() => isCompleted, waitMs, { summary: `repeats become notes until ${utcText(endsAt)}` });
  const seen = await desk.summarizeWindow.executeWithOptions({ summary: "count the repeats" }, [
    { ticketNumber },
  ]);
  state = "ended";
  const ended = isCompleted ? "ticket completed" : "time is up";
  setCurrentDetails(
    seen.repeats === 0
      ? `**ended** (${ended}), no repeat`
      : `**ended** (${ended}), ${seen.repeats} repeats, first ${seen.firstAt ?? "?"}, last ${seen.lastAt ?? "?"}`,
  );
  return {
    ended,
    repeats: seen.repeats,
    ...(seen.firstAt === undefined ? {} : { firstRepeatAt: seen.firstAt }),
    ...(seen.lastAt === undefined ? {} : { lastRepeatAt: seen.lastAt }),
  };
}
