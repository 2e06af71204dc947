/** Starts the clock of a ticket or has it look again, and the workflow that looks at all tickets. What runs already is no error. */
import { CLOCK_SLEEP_MS_MAX } from "../domain/index.ts";
import {
  hasTicketsToRearm,
  selectActivation,
  selectStartableClock,
  type StartableClock,
} from "../store/index.ts";
import { subjectOf, workflowIds } from "../../workflows/ids.ts";
import type { rearmTickets, ticketClock } from "../../workflows/index.ts";
import { lookAgainSignal } from "../../workflows/messages.ts";
import { searchAttributes, toKeyword } from "../../workflows/search-attributes.ts";
import { cutSummary, describeClock, plain, utcText } from "../../workflows/wording.ts";
import { PRIORITY, ticketAttributes, type Start } from "./start-options.ts";
import { unlessGone, unlessStarted, type StartContext } from "./start-workflows.ts";

/**
 * In a storm of new tickets a clock starts asleep: Temporal keeps it, and no worker is asked until its time, which is half the
 * work. In calm it begins its timer at once, so that its page says more.
 */
export type Pace = "calm" | "storm";

/** As Postgres has it by now: of several changes one telling is enough, and it may be that none is needed any more. */
export async function tellTicketClock(context: StartContext, workflowId: string, pace: Pace): Promise<void> {
  const clock = await selectStartableClock(context.db, subjectOf(workflowId));
  if (clock?.due === undefined) return;
  if (!clock.isCompleted && (await start(context, { ...clock, due: clock.due }, pace)) === "started") return;
  const told = await lookAgain(context, workflowId);
  if (told === "not-running" && !clock.isCompleted)
    throw new Error("the clock of the ticket has just ended: it is started the next time");
}

/** Only where it does not run: one that runs wakes by itself. */
export async function startTicketClock(context: StartContext, workflowId: string, pace: Pace): Promise<void> {
  const clock = await selectStartableClock(context.db, subjectOf(workflowId));
  if (clock?.due !== undefined) await start(context, { ...clock, due: clock.due }, pace);
}

async function start(
  { temporal, queues }: StartContext,
  clock: StartableClock & { readonly due: NonNullable<StartableClock["due"]> },
  pace: Pace,
): Promise<"started" | "runs-already"> {
  const delay = Math.min(Math.max(clock.due.at - Date.now(), 0), CLOCK_SLEEP_MS_MAX);
  const options = clockStart(clock, queues.rules);
  const startDelay = pace === "storm" && delay > 0 ? { startDelay: delay } : {};
  return await unlessStarted(temporal, () =>
    temporal.client.workflow.start("ticketClock", { ...options, ...startDelay }),
  );
}

async function lookAgain(context: StartContext, workflowId: string): Promise<"signalled" | "not-running"> {
  return await unlessGone(context.temporal, (handle) => handle.signal(lookAgainSignal), workflowId);
}

function clockStart(
  {
    ticketNumber,
    title,
    organizationId,
    due,
  }: StartableClock & { readonly due: NonNullable<StartableClock["due"]> },
  taskQueue: string,
): Start<typeof ticketClock> {
  return {
    workflowId: workflowIds.ticketClock(ticketNumber),
    taskQueue,
    args: [{ ticketNumber, next: due }],
    staticSummary: cutSummary(`${ticketNumber}, first: ${describeClock(due)}`),
    staticDetails: [
      `Waits for the earliest time that a rule on ${ticketNumber} **${plain(title)}** waits for, then looks at the ticket as it is.`,
      "",
      `- when it was started: ${plain(describeClock(due))}`,
      "- notes and later due dates are not told to it: it sees them when it wakes, and sleeps on",
      "- ended by hand it comes back within minutes after its time; complete the ticket, or change the rule",
    ].join("\n"),
    typedSearchAttributes: [
      ...ticketAttributes({ number: ticketNumber, organizationId }),
      { key: searchAttributes.rule, value: toKeyword(due.rule) },
    ],
    priority: { priorityKey: PRIORITY.clock },
  };
}

/** Ended by hand, or lost with Temporal's data, while tickets were still to be told. Returns how many were started. */
export async function restartRearm(context: StartContext): Promise<number> {
  const activation = await selectActivation(context.db);
  if (activation === undefined || !(await hasTicketsToRearm(context.db))) return 0;
  return (await startRearm(context, workflowIds.rearmTickets(activation))) === "started" ? 1 : 0;
}

/** Only for the rules in force: a newer set's own workflow looks at everything. */
export async function startRearm(
  context: StartContext,
  workflowId: string,
): Promise<"started" | "runs-already" | "superseded"> {
  const activation = Number(subjectOf(workflowId));
  if ((await selectActivation(context.db)) !== activation) return "superseded";
  const { client } = context.temporal;
  const start: Start<typeof rearmTickets> = {
    workflowId: workflowIds.rearmTickets(activation),
    taskQueue: context.queues.rules,
    args: [{ activation }],
    staticSummary: "rules on time have changed: looks at the tickets that wait",
    staticDetails: [
      `Rules whose times changed were put in force at ${utcText(Date.now())}.`,
      "",
      "- tickets whose time comes earlier by the new rules are told; the others see it when they wake",
      "- a rule that is new applies to tickets created or changed from then on; clocks of rules that went come to nothing",
    ].join("\n"),
    typedSearchAttributes: [],
    priority: { priorityKey: PRIORITY.clock },
  };
  return await unlessStarted(context.temporal, () =>
    // One that came to its end looked at everything; one that was ended by hand did not.
    client.workflow.start("rearmTickets", { ...start, workflowIdReusePolicy: "ALLOW_DUPLICATE_FAILED_ONLY" }),
  );
}
