/**
 * A silence that is waited for (`no alert for ... per ...`): one workflow a key that was seen. Alerts do not signal it;
 * when its time comes it asks Postgres whether the key was seen meanwhile, and sleeps for the rest.
 */
import {
  continueAsNew,
  proxyLocalActivities,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from "@temporalio/workflow";
import { SECOND } from "../src/domain/index.ts";
import type { WaitingActivities } from "./activity-types.ts";
import { changedSignal, waitStateQuery } from "./messages.ts";
import type { AbsenceWatchInput, WaitProgress } from "./messages.ts";
import { dueAfter, newTurn, waitForTurn } from "./wait-until-due.ts";
import { utcText } from "./wording.ts";

const desk = proxyLocalActivities<Pick<WaitingActivities, "absenceDue">>({
  startToCloseTimeout: 20 * SECOND,
  retry: { initialInterval: SECOND, maximumInterval: 5 * SECOND },
});

/** Looks of one run: a key that is always seen in time goes on in a new run, with a short history. */
const LOOKS_MAX = 400;

interface AbsenceResult {
  readonly state: string;
  readonly ticket?: string;
  readonly why: string;
}

export async function absenceWatch({ absenceId, dueAt }: AbsenceWatchInput): Promise<AbsenceResult> {
  const turn = newTurn();
  const progress = { state: "watching", dueAt };
  setHandler(
    changedSignal,
    () => {
      turn.wanted = true;
    },
    { description: "Look again: sent by Tocsin when the rule changed or left the rule set" },
  );
  setHandler(
    waitStateQuery,
    (): WaitProgress => ({ state: progress.state, dueAt: new Date(progress.dueAt).toISOString() }),
    { description: "When it looks next; alerts seen meanwhile move the end of the silence" },
  );
  for (let looks = 0; ; looks += 1) {
    if (looks >= LOOKS_MAX || workflowInfo().continueAsNewSuggested) {
      return await continueAsNew<typeof absenceWatch>({ absenceId, dueAt: dueAfter(turn, progress.dueAt) });
    }
    const until = utcText(progress.dueAt);
    setCurrentDetails(`**watching**: looks at ${until} whether an alert came`);
    await waitForTurn(turn, progress.dueAt, `silent until ${until}?`);
    const outcome = await desk.absenceDue.executeWithOptions({ summary: "did an alert come?" }, [
      { absenceId },
    ]);
    if (outcome.kind === "waiting") {
      progress.dueAt = outcome.dueAt;
      continue;
    }
    const state = outcome.kind === "told" ? "told" : outcome.state;
    const why = outcome.kind === "told" ? outcome.why : outcome.reason;
    progress.state = state;
    setCurrentDetails(`**${state}**: ${why}`);
    const ticket = outcome.kind === "told" ? outcome.ticket : undefined;
    return { state, why, ...(ticket === undefined ? {} : { ticket }) };
  }
}
