/**
 * Deletes what is older than the settings keep it, once an hour, batch by batch with pauses, so that it never stands in
 * the way of alerts; and folds the counts of firings every minute. Several workers may do so at once: each row goes once.
 */
import type { Logger } from "pino";
import {
  DAY,
  FIRINGS_DAYS_MAX,
  FIRINGS_FOLDED_STEP,
  FIRINGS_FOLD_MS,
  HOUR,
  MINUTE,
  RETENTION_CHECK_MS,
  RULE_DURATION_MS_MAX,
  SECOND,
  type Instant,
} from "../domain/index.ts";
import {
  countOldFirings,
  deleteExpired,
  foldFirings,
  isSwept,
  newSweep,
  type Expiry,
  type Store,
} from "../store/index.ts";

/** Finished outbox rows tell an admin what was handed to Temporal lately; a busy desk has millions a day. */
const OUTBOX_KEPT_MS = 1 * HOUR;
/** A key that comes back later is made again: this only saves room. */
const DEDUP_KEYS_KEPT_MS = 30 * DAY;
/** Servers' clocks differ a little. */
const COUNTS_LATE_MS = 10 * MINUTE;
const START_AFTER_MS = 1 * SECOND;
/** Between two batches as long as three of them take: a quarter of one connection's time, some thousand alerts a second. */
const PAUSE_FACTOR = 3;
const PAUSE_MS_MIN = 20;

interface Kept {
  readonly alertsMs: number;
  readonly rawMailMs: number;
}

export function startRetention(store: Store, kept: Kept, logger: Logger): { close(): Promise<void> } {
  const loops = [
    startLoop(
      RETENTION_CHECK_MS,
      async (isClosed) => await sweepAll(store, kept, logger, isClosed),
      (thrown) =>
        logger.warn(
          { err: thrown },
          "could not delete what is older than it is kept; tries again in an hour",
        ),
    ),
    startLoop(
      FIRINGS_FOLD_MS,
      async (isClosed) => await foldAll(store, isClosed),
      (thrown) =>
        logger.warn({ err: thrown }, "could not fold the counts of firings; tries again in a minute"),
    ),
  ];
  return {
    async close() {
      await Promise.all(loops.map(async (loop) => await loop.close()));
    },
  };
}

type IsClosed = () => boolean;

function startLoop(
  everyMs: number,
  run: (isClosed: IsClosed) => Promise<void>,
  onFailure: (thrown: unknown) => void,
): { close(): Promise<void> } {
  let closed = false;
  let timer: NodeJS.Timeout;
  let last: Promise<void> = Promise.resolve();
  const schedule = (waitMs: number): void => {
    timer = setTimeout(() => {
      last = run(() => closed)
        .catch(onFailure)
        .finally(() => {
          if (!closed) schedule(everyMs);
        });
    }, waitMs);
  };
  schedule(START_AFTER_MS);
  return {
    async close() {
      closed = true;
      clearTimeout(timer);
      await last;
    },
  };
}

async function sweepAll(store: Store, kept: Kept, logger: Logger, isClosed: IsClosed): Promise<void> {
  const expiry = expiryAt(Date.now(), kept);
  const sweep = newSweep();
  let rows = 0;
  while (!isClosed() && !isSwept(sweep, expiry)) {
    rows += await paced(async () => await deleteExpired(store, expiry, sweep));
  }
  if (rows > 0) logger.info({ rows }, "deleted what is older than it is kept");
}

function expiryAt(now: Instant, kept: Kept): Expiry {
  return {
    alertsBefore: now - kept.alertsMs,
    rawMailBefore: now - kept.rawMailMs,
    outboxBefore: now - OUTBOX_KEPT_MS,
    dedupKeysBefore: now - DEDUP_KEYS_KEPT_MS,
    onceKeysBefore: now - RULE_DURATION_MS_MAX,
    countsBefore: now - COUNTS_LATE_MS,
    firingCountsBefore: now - (FIRINGS_DAYS_MAX + 1) * DAY,
  };
}

async function foldAll(store: Store, isClosed: IsClosed): Promise<void> {
  while (!isClosed() && (await paced(async () => await foldFirings(store))) >= FIRINGS_FOLDED_STEP);
  while (!isClosed() && (await paced(async () => await countOldFirings(store))));
}

async function paced<Result>(step: () => Promise<Result>): Promise<Result> {
  const startedAt = performance.now();
  const result = await step();
  const pauseMs = Math.max(PAUSE_MS_MIN, PAUSE_FACTOR * (performance.now() - startedAt));
  await new Promise((resolve) => setTimeout(resolve, pauseMs));
  return result;
}
