/**
 * The clock of one ticket: sleeps until the earliest time that a rule waits for, then looks at the ticket and the rules as they are
 * now. What only moves a time back (a note, a later due date) is not told to it: it wakes, sees that, and sleeps on.
 *
 *   waiting (timer) --time or lookAgain--> look (Postgres) --next--> waiting ...
 *                                             +-- nothing left, or Complete --> ended; started again when something comes
 */
import {
  allHandlersFinished,
  condition as waitUntil,
  continueAsNew,
  proxyLocalActivities,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from "@temporalio/workflow";
import { CLOCK_SLEEP_MS_MAX, CLOCK_WAKES_MAX, SECOND } from "../src/domain/index.ts";
import type { ClockActivities } from "./activity-types.ts";
import { clockStateQuery, lookAgainSignal } from "./messages.ts";
import type { ClockProgress, ClockTime, TicketClockInput } from "./messages.ts";
import { searchAttributes, toKeyword } from "./search-attributes.ts";
import { cutSummary, describeClock, describeDuration, plain } from "./wording.ts";

/** In the workflow's own task, tried until the database is back. */
const desk = proxyLocalActivities<Pick<ClockActivities, "lookAtTicket">>({
  startToCloseTimeout: 30 * SECOND,
  retry: { initialInterval: SECOND, maximumInterval: 5 * SECOND },
});

interface ClockResult {
  readonly ended: "ticket completed" | "nothing left to wait for";
}

export async function ticketClock(input: TicketClockInput): Promise<ClockResult> {
  const { ticketNumber } = input;
  let next: ClockTime | undefined = input.next;
  let lookAgain = false;
  let looks = 0;
  const judged: string[] = [];
  setHandler(
    lookAgainSignal,
    () => {
      lookAgain = true;
    },
    {
      description:
        "Look again now: reads the ticket and the rules in force anew, and sleeps until the next time",
    },
  );
  setHandler(clockStateQuery, () => progressOf(next, looks), {
    description: "Until when it waits, and for which rule",
  });
  let waitMs = input.next.at - Date.now();
  for (;;) {
    setCurrentDetails(detailsOf(next, judged));
    const summary = cutSummary(`next: ${describeClock(next)}`);
    // Started asleep, or told at its very time: there is nothing to wait for.
    if (!lookAgain && waitMs > 0) await waitUntil(() => lookAgain, boundedWait(waitMs), { summary });
    lookAgain = false;
    const seen = await desk.lookAtTicket.executeWithOptions({ summary: "look at the ticket" }, [
      { ticketNumber },
    ]);
    looks += 1;
    for (const { rule, acted } of seen.judged)
      judged.push(`${plain(rule)}: ${acted ? "acted" : "did not hold"}`);
    if (seen.next === undefined) {
      // A signal that came meanwhile: something may be left after all.
      if (lookAgain) continue;
      next = undefined;
      const ended = seen.isCompleted ? "ticket completed" : "nothing left to wait for";
      setCurrentDetails([`**ended**: ${ended}`, "", ...listOf(judged)].join("\n"));
      return { ended };
    }
    if (seen.next.rule !== next.rule)
      upsertSearchAttributes([{ key: searchAttributes.rule, value: toKeyword(seen.next.rule) }]);
    next = seen.next;
    waitMs = seen.next.waitMs;
    if (looks >= CLOCK_WAKES_MAX || workflowInfo().continueAsNewSuggested) {
      await waitUntil(allHandlersFinished);
      if (!lookAgain) await continueAsNew<typeof ticketClock>({ ticketNumber, next });
    }
  }
}

/** A timer of years would tie the workflow to the code of today: it looks in between. */
function boundedWait(waitMs: number): number {
  return Math.min(waitMs, CLOCK_SLEEP_MS_MAX);
}

function progressOf(next: ClockTime | undefined, looks: number): ClockProgress {
  return {
    state: next === undefined ? "ended" : "waiting",
    nextAt: next === undefined ? undefined : new Date(next.at).toISOString(),
    rule: next?.rule,
    looks,
  };
}

/** Times judged that the details still name. */
const JUDGED_SHOWN = 10;

function detailsOf(next: ClockTime, judged: readonly string[]): string {
  const waits = `**next**: ${plain(describeClock(next))} (as the ticket was at the last look)`;
  return [
    waits,
    "",
    `- looks again after ${describeDuration(CLOCK_SLEEP_MS_MAX)} at the latest`,
    ...listOf(judged),
  ].join("\n");
}

function listOf(judged: readonly string[]): readonly string[] {
  return judged.slice(-JUDGED_SHOWN).map((line) => `- ${line}`);
}
