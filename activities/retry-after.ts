/** How far a receiver's Retry-After moves the next attempt: within the schedule that the rule file declares. Pure. */

/**
 * Never earlier than the schedule's interval, or a receiver that always says "in a second" would use up in seconds what
 * was to outlast an outage; never later than all the waits together that the schedule has left, and no attempt more.
 * Undefined: the receiver asked for nothing, or is not listened to.
 */
export function boundRetryAfter(
  askedMs: number | undefined,
  schedule: { readonly retryEveryMs: number },
  attempt: { readonly attempt: number; readonly attemptsMax: number },
): number | undefined {
  if (askedMs === undefined) return undefined;
  const waitsLeft = Math.max(attempt.attemptsMax - attempt.attempt, 1);
  return Math.min(Math.max(askedMs, schedule.retryEveryMs), waitsLeft * schedule.retryEveryMs);
}
