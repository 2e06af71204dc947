/** One attempt of a callout: begun in Postgres under its number, sent, recorded. Never more than one request a number. */
import { cancellationSignal } from "@temporalio/activity";
import { ApplicationFailure } from "@temporalio/common";
import { hostOf, type SendOutcome } from "../src/callouts/index.ts";
import { unreachable } from "../src/domain/index.ts";
import { isRulesBehind, type CalloutStanding } from "../src/engine/index.ts";
import {
  beginAttempt,
  isStoreUnavailable,
  PAUSED_REASON,
  pauseOf,
  putOffDelivery,
  recordAttempt,
  selectDeliveryTarget,
} from "../src/store/index.ts";
import type { AttemptRecord, BegunAttempt } from "../src/store/index.ts";
import { FAILURE_NOT_BEGUN } from "../workflows/activity-types.ts";
import type { AttemptInput, AttemptResult, CalloutActivities } from "../workflows/activity-types.ts";
import type { ActivityDependencies } from "./dependencies.ts";
import { boundRetryAfter } from "./retry-after.ts";
import { interruptedWaitMs } from "./record-callout-attempt.ts";

type Input = AttemptInput & { readonly deliveryId: string };
/** No attempt is used while the callout's host has all the requests that it may have. */
const HOST_BUSY_REASON = "its host has as many requests as it may have at once";
/** What the Temporal UI says of those that are not next while their callout is paused. */
const BEHIND_REASON = `${PAUSED_REASON}, others before it`;

const MISSING: AttemptResult = {
  kind: "ended",
  end: "failed",
  reason: "the delivery is not in the database",
};

type Begun = Extract<BegunAttempt, { kind: "begun" }>;

export function buildAttemptCallout(deps: ActivityDependencies): CalloutActivities["attemptCallout"] {
  return async (input) => {
    const at = deps.now();
    const target = await unlessAway(() => selectDeliveryTarget(deps.db, input.deliveryId));
    if (target === undefined) return MISSING;
    // Before each attempt: what waited meanwhile stops as well (CO-14). A test call is made of an inactive one too.
    const standing = target.isTest
      ? undefined
      : await unlessAway(() => deps.engine.calloutStanding(target.callout));
    if (standing?.kind === "stopped") return { kind: "ended", end: "skipped", reason: standing.why };
    const turn = deps.hosts.enter(hostOf(target.url ?? ""), at);
    if (turn.kind === "wait")
      return await putOff(deps, input, { askAt: at + turn.waitMs, why: HOST_BUSY_REASON });
    try {
      return (await putOffWhilePaused(deps, input, at, standing)) ?? (await tryOnce(deps, input, at));
    } finally {
      turn.leave();
    }
  };
}

/** The callout's breaker: no attempt is used while it is open, unless a person asks for one. */
async function putOffWhilePaused(
  deps: ActivityDependencies,
  input: Input,
  at: number,
  standing: Extract<CalloutStanding, { kind: "active" }> | undefined,
): Promise<AttemptResult | undefined> {
  const { declarationHash, pauseAfter } = standing ?? {};
  if (declarationHash === undefined || pauseAfter === undefined || input.byHand === true) return undefined;
  const { deliveryId } = input;
  const pause = await unlessAway(() => pauseOf(deps.db, { deliveryId, declarationHash, at }));
  switch (pause?.kind) {
    case undefined:
      return undefined;
    case "next":
      return await putOff(deps, input, { askAt: pause.askAt, why: PAUSED_REASON });
    case "behind":
      return await putOff(deps, input, { askAt: pause.askAt, why: BEHIND_REASON, reason: PAUSED_REASON });
  }
}

async function tryOnce(deps: ActivityDependencies, input: Input, at: number): Promise<AttemptResult> {
  const { deliveryId, attempt: n } = input;
  const begun = await unlessAway(() => beginAttempt(deps.db, { deliveryId, n, at }));
  switch (begun.kind) {
    case "begun":
      return await sendAndRecord(deps, input, begun, at);
    case "missing":
      return MISSING;
    case "ended":
      return { kind: "ended", end: begun.state, reason: begun.reason };
    case "blocked":
      throw notBegun("an earlier delivery of the callout for the ticket is under way");
    case "used":
      return await usedBefore(deps, input, begun);
    default:
      return unreachable(begun);
  }
}

async function putOff(
  deps: ActivityDependencies,
  { deliveryId }: Input,
  /** `reason`: what the API shows, where it is another than `why`; then nothing is known of when. */
  put: { readonly askAt: number; readonly why: string; readonly reason?: string },
): Promise<AttemptResult> {
  const { askAt, why, reason } = put;
  const until = reason === undefined ? askAt : undefined;
  await unlessAway(() => putOffDelivery(deps.db, { deliveryId, until, why: reason ?? why }));
  return { kind: "put-off", waitMs: Math.max(askAt - deps.now(), 0), why };
}

async function unlessAway<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (thrown) {
    if (isStoreUnavailable(thrown)) throw notBegun("the database is away");
    if (isRulesBehind(thrown)) throw notBegun("the rule set in force is being loaded");
    throw thrown;
  }
}

function notBegun(message: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(message, FAILURE_NOT_BEGUN);
}

async function sendAndRecord(
  deps: ActivityDependencies,
  input: Input,
  begun: Begun,
  at: number,
): Promise<AttemptResult> {
  const { deliveryId } = input;
  const { request, schedule } = begun;
  const outcome = await deps.callouts.send({
    deliveryId,
    request,
    schedule,
    at,
    signal: cancellationSignal(),
  });
  const endedAt = deps.now();
  if (outcome.kind === "interrupted") {
    const waitMs = interruptedWaitMs({ at, ...schedule }, endedAt);
    const record = recordOf(input, { at, endedAt, outcome, waitMs });
    return { kind: "interrupted", waitMs, recorded: await isRecorded(deps, record) };
  }
  const wishMs =
    outcome.kind === "failed" ? boundRetryAfter(outcome.retryAfterMs, schedule, input) : undefined;
  const recorded = await isRecorded(
    deps,
    recordOf(input, { at, endedAt, outcome, waitMs: wishMs ?? schedule.retryEveryMs }),
  );
  if (outcome.kind === "succeeded") return { kind: "succeeded", status: outcome.status, recorded };
  const { status, error, retry } = outcome;
  return { kind: "failed", status, error, retry, waitMs: wishMs, recorded };
}

/** A failed end is recorded by `finishDelivery`, in the workflow's own time; a success at once, so that nothing sends again. */
function recordOf(
  input: Input,
  facts: {
    readonly at: number;
    readonly endedAt: number;
    readonly outcome: SendOutcome;
    readonly waitMs: number;
  },
): AttemptRecord {
  const { at, endedAt, outcome, waitMs } = facts;
  const common = { deliveryId: input.deliveryId, n: input.attempt };
  const durationMs = Math.max(endedAt - at, 0);
  const wait = { kind: "wait", until: endedAt + waitMs } as const;
  switch (outcome.kind) {
    case "succeeded":
      return {
        ...common,
        succeeded: true,
        durationMs,
        status: outcome.status,
        error: undefined,
        responseStart: outcome.responseStart,
        next: { kind: "end", state: "succeeded", reason: undefined, at: endedAt },
      };
    case "failed":
      return {
        ...common,
        succeeded: false,
        durationMs,
        status: outcome.status,
        error: outcome.error,
        responseStart: outcome.responseStart,
        next: outcome.retry && input.attempt < input.attemptsMax ? wait : { kind: "stay" },
      };
    case "interrupted":
      return {
        ...common,
        succeeded: false,
        durationMs: undefined,
        status: undefined,
        error: "interrupted",
        responseStart: undefined,
        next: input.attempt < input.attemptsMax ? wait : { kind: "stay" },
      };
  }
}

/** False with the database away: the workflow has it recorded when it is back. */
async function isRecorded(deps: ActivityDependencies, record: AttemptRecord): Promise<boolean> {
  try {
    await recordAttempt(deps.db, record);
    return true;
  } catch (thrown) {
    if (isStoreUnavailable(thrown)) return false;
    throw thrown;
  }
}

/** The number was used by a run that nobody heard of again, or that was reset: its outcome stands, or it was cut off. */
async function usedBefore(
  deps: ActivityDependencies,
  input: Input,
  used: Extract<BegunAttempt, { kind: "used" }>,
): Promise<AttemptResult> {
  const { latest } = used;
  if (used.succeeded === false && (used.error !== "interrupted" || latest === undefined)) {
    const error = used.error ?? "failed";
    // After a reset the numbers of before are passed at once, and what is left of the last wait is waited.
    const nextAt = latest === undefined ? 0 : latest.nextAt;
    const waitMs = nextAt === undefined ? undefined : Math.max(nextAt - deps.now(), 0);
    return { kind: "failed", status: undefined, error, retry: true, waitMs, recorded: true };
  }
  const waitMs = interruptedWaitMs({ at: used.at, ...used.schedule }, deps.now());
  const record = recordOf(input, {
    at: used.at,
    endedAt: deps.now(),
    outcome: { kind: "interrupted" },
    waitMs,
  });
  return { kind: "interrupted", waitMs, recorded: await isRecorded(deps, record) };
}
