/** One attempt of a callout: begun in Postgres under its number, sent, recorded. Never more than one request a number. */
import { cancellationSignal } from "@temporalio/activity";
import { ApplicationFailure } from "@temporalio/common";
import { hostOf, type SendOutcome } from "../src/callouts/index.ts";
import { unreachable } from "../src/domain/index.ts";
import {
  beginAttempt,
  isStoreUnavailable,
  PAUSED_REASON,
  pausedUntil,
  putOffDelivery,
  recordAttempt,
  selectDeliveryTarget,
} from "../src/store/index.ts";
import type { AttemptRecord, BegunAttempt, DeliveryTarget } from "../src/store/index.ts";
import { FAILURE_NOT_BEGUN } from "../workflows/activity-types.ts";
import type { AttemptInput, AttemptResult, CalloutActivities } from "../workflows/activity-types.ts";
import type { ActivityDependencies } from "./dependencies.ts";
import { interruptedWaitMs } from "./record-callout-attempt.ts";

type Input = AttemptInput & { readonly deliveryId: string };
/** No attempt is used while the callout's host has all the requests that it may have. */
const HOST_BUSY_REASON = "its host has as many requests as it may have at once";

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
    const turn = deps.hosts.enter(hostOf(target.url ?? ""), at);
    if (turn.kind === "wait") return await putOff(deps, input, at + turn.waitMs, HOST_BUSY_REASON);
    try {
      const until = await pauseOf(deps, input, at, target);
      if (until !== undefined) return await putOff(deps, input, until, PAUSED_REASON);
      return await tryOnce(deps, input, at, target);
    } finally {
      turn.leave();
    }
  };
}

/** The callout's breaker: no attempt is used while it is open (`pause after N failed deliveries`). */
async function pauseOf(
  deps: ActivityDependencies,
  { deliveryId }: Input,
  at: number,
  target: DeliveryTarget,
): Promise<number | undefined> {
  if (target.isTest || deps.pauseAfter(target.callout) === undefined) return undefined;
  return await unlessAway(() => pausedUntil(deps.db, { deliveryId, at }));
}

async function tryOnce(
  deps: ActivityDependencies,
  input: Input,
  at: number,
  target: DeliveryTarget,
): Promise<AttemptResult> {
  const begun = await begin(deps, input, at, target);
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
  until: number,
  why: string,
): Promise<AttemptResult> {
  await unlessAway(() => putOffDelivery(deps.db, { deliveryId, until, why }));
  return { kind: "put-off", waitMs: Math.max(until - deps.now(), 0), why };
}

async function unlessAway<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (thrown) {
    if (isStoreUnavailable(thrown)) throw notBegun("the database is away");
    throw thrown;
  }
}

async function begin(
  deps: ActivityDependencies,
  input: Input,
  at: number,
  target: DeliveryTarget,
): Promise<BegunAttempt> {
  return await unlessAway(async () => {
    // Before each attempt: what waited meanwhile stops as well (CO-14). A test call is made of an inactive one too.
    if (!target.isTest && !(await deps.isCalloutActive(target.callout)))
      return { kind: "ended", state: "skipped", reason: "the callout became inactive" };
    return await beginAttempt(deps.db, { deliveryId: input.deliveryId, n: input.attempt, at });
  });
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
  const wishMs = outcome.kind === "failed" ? outcome.retryAfterMs : undefined;
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

/** The number was used by a run that nobody heard of again: its outcome stands, or it was cut off. */
async function usedBefore(
  deps: ActivityDependencies,
  input: Input,
  used: Extract<BegunAttempt, { kind: "used" }>,
): Promise<AttemptResult> {
  if (used.succeeded === false && used.error !== "interrupted") {
    const error = used.error ?? "failed";
    return { kind: "failed", status: undefined, error, retry: true, waitMs: undefined, recorded: true };
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
