/** When a child that ended is started again, and when that is given up. Pure: failures and now are handed in. */
export type RestartDecision =
  | { readonly kind: "restart"; readonly delayMs: number; readonly failures: number }
  | { readonly kind: "give up" };

export const FAILURES_MAX = 5;
export const FAILURE_WINDOW_MS = 60_000;
const FIRST_DELAY_MS = 500;
const DELAY_MS_MAX = 8_000;

/** `failedAtMs`: when it failed, this time included. */
export function decideRestart(failedAtMs: readonly number[], nowMs: number): RestartDecision {
  const failures = failedAtMs.filter((at) => nowMs - at < FAILURE_WINDOW_MS).length;
  if (failures >= FAILURES_MAX) return { kind: "give up" };
  return { kind: "restart", delayMs: Math.min(FIRST_DELAY_MS * 2 ** (failures - 1), DELAY_MS_MAX), failures };
}
