/**
 * Deletes what is older than the settings keep it, once an hour, batch by batch with pauses, so that it never stands in
 * the way of alerts. Several workers may do so at once: each row goes once.
 */
import type { Logger } from "pino";
import { DAY, MINUTE, RETENTION_CHECK_MS, RULE_DURATION_MS_MAX, SECOND } from "../domain/index.ts";
import { deleteExpired, type Store } from "../store/index.ts";

/** Finished outbox rows tell an admin what was handed to Temporal lately. */
const OUTBOX_KEPT_MS = 7 * DAY;
/** A key that comes back later is made again: this only saves room. */
const DEDUP_KEYS_KEPT_MS = 30 * DAY;
/** Servers' clocks differ a little. */
const COUNTS_LATE_MS = 10 * MINUTE;
const BETWEEN_BATCHES_MS = 1 * SECOND;

export function startRetention(
  store: Store,
  kept: { readonly alertsMs: number; readonly rawMailMs: number },
  logger: Logger,
): { close(): Promise<void> } {
  let isClosed = false;
  let timer: NodeJS.Timeout;
  let last: Promise<void> = Promise.resolve();
  const run = async (): Promise<void> => {
    const now = Date.now();
    let waitMs = RETENTION_CHECK_MS;
    try {
      const gone = await deleteExpired(store, {
        alertsBefore: now - kept.alertsMs,
        rawMailBefore: now - kept.rawMailMs,
        outboxBefore: now - OUTBOX_KEPT_MS,
        dedupKeysBefore: now - DEDUP_KEYS_KEPT_MS,
        onceKeysBefore: now - RULE_DURATION_MS_MAX,
        countsBefore: now - COUNTS_LATE_MS,
      });
      if (gone > 0) {
        logger.info({ rows: gone }, "deleted what is older than it is kept");
        waitMs = BETWEEN_BATCHES_MS;
      }
    } catch (thrown) {
      logger.warn({ err: thrown }, "could not delete what is older than it is kept; tries again in an hour");
    }
    if (!isClosed) schedule(waitMs);
  };
  const schedule = (waitMs: number): void => {
    timer = setTimeout(() => {
      last = run();
    }, waitMs);
  };
  schedule(BETWEEN_BATCHES_MS);
  return {
    async close() {
      isClosed = true;
      clearTimeout(timer);
      await last;
    },
  };
}
