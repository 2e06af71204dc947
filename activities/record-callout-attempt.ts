/** Records an attempt whose outcome did not reach Postgres: its worker died, or the database was away. */
import { recordAttempt, selectAttempt } from "../src/store/index.ts";
import type { CalloutActivities } from "../workflows/activity-types.ts";
import type { ActivityDependencies } from "./dependencies.ts";

/** The next attempt follows one interval after the time-out of the one that was cut off (contract.md 4, Callouts). */
export function interruptedWaitMs(
  attempt: { readonly at: number; readonly timeoutMs: number; readonly retryEveryMs: number },
  now: number,
): number {
  return Math.max(attempt.at + attempt.timeoutMs + attempt.retryEveryMs - now, 0);
}

export function buildRecordCalloutAttempt(
  deps: ActivityDependencies,
): CalloutActivities["recordCalloutAttempt"] {
  return async ({ deliveryId, attempt: n, attemptsMax, result }) => {
    const begun = await selectAttempt(deps.db, { deliveryId, n });
    // Never begun: its worker died before it could, so nothing was sent and the number is used again.
    if (begun === undefined) return { waitMs: 0, begun: false };
    const now = deps.now();
    const waitMs = interruptedWaitMs(begun, now);
    const isKnown = result.kind === "succeeded" || result.kind === "failed";
    await recordAttempt(deps.db, {
      deliveryId,
      n,
      succeeded: result.kind === "succeeded",
      durationMs: isKnown ? Math.max(now - begun.at, 0) : undefined,
      status: isKnown ? result.status : undefined,
      error:
        result.kind === "succeeded" ? undefined : result.kind === "failed" ? result.error : "interrupted",
      responseStart: undefined,
      next: nextOf(),
    });
    return { waitMs, begun: true };

    function nextOf(): Parameters<typeof recordAttempt>[1]["next"] {
      if (result.kind === "succeeded") return { kind: "end", state: "succeeded", reason: undefined, at: now };
      if (n >= attemptsMax || (result.kind === "failed" && !result.retry)) return { kind: "stay" };
      const wait = result.kind === "failed" ? (result.waitMs ?? begun?.retryEveryMs ?? 0) : waitMs;
      return { kind: "wait", until: now + wait };
    }
  };
}
