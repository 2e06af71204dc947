/**
 * After rules with clocks have changed: looks at every ticket that waits, some at a time, and has those told whose time comes earlier
 * by the new rules. Goes on where it was after a crash; ends when yet another set is in force, whose own does the rest.
 */
import {
  continueAsNew,
  proxyLocalActivities,
  setCurrentDetails,
  setHandler,
  sleep,
} from "@temporalio/workflow";
import { REARM_BATCHES_MAX, RULES_POLL_MS, SECOND } from "../src/domain/index.ts";
import type { ClockActivities } from "./activity-types.ts";
import { rearmStateQuery, type RearmProgress, type RearmTicketsInput } from "./messages.ts";

const desk = proxyLocalActivities<Pick<ClockActivities, "rearmTickets" | "countTicketsToRearm">>({
  startToCloseTimeout: 30 * SECOND,
  retry: { initialInterval: SECOND, maximumInterval: 30 * SECOND },
});

/** By then every engine has heard of the new rules, also one that only looks from time to time. */
const HEARD_MS = RULES_POLL_MS + 5 * SECOND;

interface RearmResult {
  readonly ended: "all were looked at" | "another set is in force";
  readonly looked: number;
  readonly told: number;
}

export async function rearmTickets({ activation, soFar }: RearmTicketsInput): Promise<RearmResult> {
  let progress: RearmProgress = soFar ?? { after: "", round: 1, looked: 0, told: 0 };
  setHandler(rearmStateQuery, () => progress, { description: "How many tickets were looked at and told" });
  const left = await desk.countTicketsToRearm.executeWithOptions({ summary: "count the tickets that wait" }, [
    { activation },
  ]);
  const all = progress.looked + left;
  for (let batches = 0; ; batches += 1) {
    setCurrentDetails(
      `looked at **${progress.looked}** of ${all} tickets that wait, told ${progress.told} that their time comes earlier`,
    );
    if (batches >= REARM_BATCHES_MAX)
      await continueAsNew<typeof rearmTickets>({ activation, soFar: progress });
    const batch = await desk.rearmTickets.executeWithOptions(
      { summary: `after ${progress.looked} tickets` },
      [{ activation, after: progress.after }],
    );
    const { looked, told } = progress;
    progress = {
      ...progress,
      looked: looked + batch.looked,
      told: told + batch.told,
      after: batch.after ?? "",
    };
    if (batch.isSuperseded) return resultOf("another set is in force", progress);
    if (batch.after !== undefined) continue;
    if (progress.round === 2) return resultOf("all were looked at", progress);
    progress = { ...progress, round: 2 };
    await sleep(HEARD_MS, { summary: "until every server has heard of the new rules, then a second look" });
  }
}

function resultOf(ended: RearmResult["ended"], { looked, told }: RearmProgress): RearmResult {
  setCurrentDetails(
    `**${ended}**: looked at ${looked} tickets that wait, told ${told} that their time comes earlier`,
  );
  return { ended, looked, told };
}
