/**
 * The loop that callouts and notices share: try once, wait, try again, at most so many times. Deterministic; knows
 * neither HTTP nor SQL.
 *
 *            +-- retryNow --+
 *            v              |
 *   begin -> trying -> waiting (timer) -> trying ... -> failed
 *               |         |
 *               |         +-- giveUp -> given up
 *               +-> succeeded | ended by the activity
 *
 * The wait is a timer of the workflow and not a retry policy: every attempt keeps its own event group, summary and
 * failure in the history, and a person can cut the wait short.
 */
import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  condition as waitUntil,
  isCancellation,
  log,
  setCurrentDetails,
  upsertSearchAttributes,
} from "@temporalio/workflow";
import { SECOND } from "../src/domain/index.ts";
import {
  FAILURE_NOT_BEGUN,
  type AttemptInput,
  type AttemptRecorded,
  type AttemptResult,
} from "./activity-types.ts";
import type { RetrySchedule } from "./messages.ts";
import { searchAttributes } from "./search-attributes.ts";
import { describeWait, progressDetails } from "./wording.ts";

/** Before the same attempt is begun again that could not begin. */
const NOT_BEGUN_WAIT_MS = 5 * SECOND;

/** What a person asked for meanwhile, and how far the loop is: set by signal handlers, read by queries. */
export interface LoopState {
  attempt: number;
  waiting: boolean;
  lastError: string | undefined;
  retryNow: boolean;
  /** The next attempt is wanted at once if no further than this one has begun: `retryNow` that says what its sender had seen. */
  retryAfter?: number;
  /** The attempt that `retryNow` asked for has not begun yet. */
  byHand?: boolean;
  giveUp: boolean;
  /** Its callout was switched or goes on: the next attempt finds out. Kept where no wait has begun yet, so it is never lost. */
  lookAgain?: boolean;
  /** Why the attempt was put off: its callout is paused, its host is busy. */
  why?: string | undefined;
}

export function newLoopState(schedule: RetrySchedule): LoopState {
  return {
    attempt: schedule.attemptsBegun,
    waiting: false,
    lastError: undefined,
    retryNow: false,
    giveUp: false,
  };
}

export interface LoopSteps {
  attempt(input: AttemptInput, summary: string): Promise<AttemptResult>;
  record(input: AttemptInput & { readonly result: AttemptResult }): Promise<AttemptRecorded>;
  /** Goes on in a new run where the history has grown long: a paused delivery may wait for weeks. */
  renew?(waitMs: number, state: LoopState): Promise<void>;
}

export type LoopEnd =
  | { readonly kind: "succeeded" }
  | { readonly kind: "exhausted" | "not-retried"; readonly reason: string }
  | { readonly kind: "given-up" }
  | { readonly kind: "no-transport" }
  | Extract<AttemptResult, { kind: "ended" }>;

/** Cancelling in the Temporal UI is giving up. */
export async function runAttempts(
  schedule: RetrySchedule,
  state: LoopState,
  steps: LoopSteps,
): Promise<LoopEnd> {
  try {
    return await attemptAgainAndAgain(schedule, state, steps);
  } catch (failure) {
    if (isCancellation(failure)) return { kind: "given-up" };
    throw failure;
  }
}

async function attemptAgainAndAgain(
  schedule: RetrySchedule,
  state: LoopState,
  steps: LoopSteps,
): Promise<LoopEnd> {
  let waitMs = schedule.firstWaitMs;
  for (;;) {
    if (state.attempt >= schedule.attemptsMax) return exhausted(schedule, state);
    await pause(waitMs, schedule, state);
    if (state.giveUp) return { kind: "given-up" };
    const result = await tryOnce(schedule, state, steps);
    switch (result.kind) {
      case "not-begun":
        waitMs = NOT_BEGUN_WAIT_MS;
        continue;
      case "succeeded":
        return { kind: "succeeded" };
      case "no-transport":
      case "ended":
        return result;
      case "failed":
        if (!result.retry) return { kind: "not-retried", reason: result.error };
        waitMs = result.waitMs ?? schedule.retryEveryMs;
        continue;
      case "interrupted":
        waitMs = result.waitMs;
        continue;
      case "put-off":
        waitMs = result.waitMs;
        state.why = result.why;
        await steps.renew?.(waitMs, state);
        continue;
    }
  }
}

function exhausted(schedule: RetrySchedule, state: LoopState): LoopEnd {
  const last = state.lastError ?? "no attempt is left";
  return {
    kind: "exhausted",
    reason: schedule.attemptsMax === 1 ? last : `${schedule.attemptsMax} attempts failed, the last: ${last}`,
  };
}

/** What a signal `retryNow` brings may be anything: a person can type there. At most one attempt a press. */
export function askForRetry(state: LoopState, wish: { readonly afterAttempt?: unknown } | undefined): void {
  const seen = wish?.afterAttempt;
  if (typeof seen !== "number") state.retryNow = true;
  else state.retryAfter = Math.max(state.retryAfter ?? 0, Math.min(seen, state.attempt));
}

/** Somebody wants the next attempt at once, and none has begun since. */
export function isRetryWanted({ retryNow, retryAfter, attempt }: LoopState): boolean {
  return retryNow || (retryAfter !== undefined && retryAfter >= attempt);
}

async function pause(waitMs: number, schedule: RetrySchedule, state: LoopState): Promise<void> {
  if (waitMs <= 0 || state.giveUp || state.lookAgain === true) return;
  state.waiting = true;
  state.retryNow = false;
  const wait = describeWait(waitMs, state.attempt + 1);
  const summary = state.why === undefined ? wait : `${wait}: ${state.why}`;
  const until = Date.now() + waitMs;
  setCurrentDetails(progressDetails({ state, attemptsMax: schedule.attemptsMax, now: summary, until }));
  await waitUntil(() => isRetryWanted(state) || state.giveUp || state.lookAgain === true, waitMs, {
    summary,
  });
  if (isRetryWanted(state)) state.byHand = true;
  delete state.retryAfter;
  state.waiting = false;
}

async function tryOnce(
  schedule: RetrySchedule,
  state: LoopState,
  steps: LoopSteps,
): Promise<AttemptResult | { readonly kind: "not-begun" }> {
  const { attemptsMax } = schedule;
  state.attempt += 1;
  state.lookAgain = false;
  const input: AttemptInput = {
    attempt: state.attempt,
    attemptsMax,
    ...(state.byHand === true ? { byHand: true } : {}),
  };
  const summary = `attempt ${input.attempt} of ${attemptsMax}`;
  if (input.attempt > 1) upsertSearchAttributes([{ key: searchAttributes.attempt, value: input.attempt }]);
  setCurrentDetails(progressDetails({ state, attemptsMax, now: `${summary} is under way` }));
  const result = await attemptOrInterrupted(steps, input, summary);
  if (result.kind === "not-begun" || result.kind === "put-off") {
    state.attempt -= 1;
    return result;
  }
  state.why = undefined;
  state.byHand = false;
  if (result.kind === "failed") state.lastError = result.error;
  if (result.kind === "interrupted") state.lastError = "interrupted";
  if (!("recorded" in result) || result.recorded) return result;
  // Also in one that was cancelled meanwhile: its last attempt has an outcome.
  const { waitMs, begun } = await CancellationScope.nonCancellable(() => steps.record({ ...input, result }));
  // Strictly false: results recorded by earlier versions lack the member, and there the attempt counted.
  if (begun === false) {
    state.attempt -= 1;
    return { kind: "not-begun" };
  }
  return result.kind === "interrupted" ? { ...result, waitMs } : result;
}

/** A worker that died shows as a time-out of the activity: whether the request went out is not known, so it counts. */
async function attemptOrInterrupted(
  steps: LoopSteps,
  input: AttemptInput,
  summary: string,
): Promise<AttemptResult | { readonly kind: "not-begun" }> {
  try {
    return await steps.attempt(input, summary);
  } catch (failure) {
    if (isCancellation(failure) || !(failure instanceof ActivityFailure)) throw failure;
    const { cause } = failure;
    if (cause instanceof ApplicationFailure && cause.type === FAILURE_NOT_BEGUN) return { kind: "not-begun" };
    log.warn("attempt was cut off", { attempt: input.attempt, cause: cause?.name });
    return { kind: "interrupted", waitMs: 0, recorded: false };
  }
}
