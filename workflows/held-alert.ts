/**
 * An alert that waits whether it stays (`alert still firing after`): one workflow a hold. What is decided, and whether it
 * still waits, is Postgres' to say; the workflow keeps the time and lets an admin step in.
 */
import { proxyLocalActivities, setCurrentDetails, setHandler } from "@temporalio/workflow";
import { SECOND } from "../src/domain/index.ts";
import type { WaitingActivities } from "./activity-types.ts";
import { changedSignal, dropSignal, releaseNowSignal, waitStateQuery } from "./messages.ts";
import type { HeldAlertInput, WaitProgress } from "./messages.ts";
import { newTurn, waitForTurn } from "./wait-until-due.ts";
import { utcText } from "./wording.ts";

const desk = proxyLocalActivities<Pick<WaitingActivities, "holdDue" | "dropHold">>({
  startToCloseTimeout: 20 * SECOND,
  retry: { initialInterval: SECOND, maximumInterval: 5 * SECOND },
});

interface HoldResult {
  readonly state: string;
  readonly ticket?: string;
  readonly why: string;
}

export async function heldAlert({ holdId, dueAt }: HeldAlertInput): Promise<HoldResult> {
  const turn = newTurn();
  let wantsRelease = false;
  let wantsDrop = false;
  const progress = { state: "held", dueAt };
  setHandler(
    releaseNowSignal,
    () => {
      wantsRelease = true;
      turn.wanted = true;
    },
    { description: "Release now: the rule sees the alert at once instead of when its time is up" },
  );
  setHandler(
    dropSignal,
    () => {
      wantsDrop = true;
      turn.wanted = true;
    },
    { description: "Drop: the alert comes to nothing, as if it had cleared" },
  );
  setHandler(
    changedSignal,
    () => {
      turn.wanted = true;
    },
    { description: "Look again: sent by Tocsin when the alert cleared or its rule changed" },
  );
  setHandler(
    waitStateQuery,
    (): WaitProgress => ({ state: progress.state, dueAt: new Date(progress.dueAt).toISOString() }),
    { description: "Whether it still waits, and until when" },
  );
  for (;;) {
    const until = utcText(progress.dueAt);
    setCurrentDetails(`**held** until ${until}: released then unless it clears before`);
    await waitForTurn(turn, progress.dueAt, `held until ${until}`);
    const outcome = wantsDrop
      ? await desk.dropHold.executeWithOptions({ summary: "drop it" }, [{ holdId }])
      : await desk.holdDue.executeWithOptions({ summary: wantsRelease ? "release it now" : "is it time?" }, [
          { holdId, now: wantsRelease },
        ]);
    wantsRelease = false;
    wantsDrop = false;
    if (outcome.kind === "waiting") {
      progress.dueAt = outcome.dueAt;
      continue;
    }
    const state = outcome.kind === "released" ? "released" : outcome.state;
    const why = outcome.kind === "released" ? outcome.why : outcome.reason;
    progress.state = state;
    setCurrentDetails(`**${state}**: ${why}`);
    const ticket = outcome.kind === "released" ? outcome.ticket : undefined;
    return { state, why, ...(ticket === undefined ? {} : { ticket }) };
  }
}
