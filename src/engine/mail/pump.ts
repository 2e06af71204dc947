/**
 * When mail is decided: one round under way at most, one more asked for while it runs; a round says when to look again. While mail
 * storms in, storing it goes first, within a limit: a sender waits at the door, a stored mail waits here. Knows no mail.
 *
 *   storm ──────────────╮ over        storm ─────────────────────────────╮
 *   decided             └▇▇▇▇         decided          ▇  ▇  ▇  ▇  ▇  ▇  ▇▇▇▇▇
 *                                              behind  └ MAIL_BEHIND_MS_MAX
 */
import { setTimeout as sleep } from "node:timers/promises";
import { MAIL_BEHIND_MS_MAX, MAIL_STORM_OVER_MS } from "../../domain/index.ts";
import { isStoreUnavailable } from "../../store/index.ts";

export interface Pump {
  readonly wake: () => void;
  /** Resolves when no round runs. */
  readonly idle: () => Promise<void>;
  /** Resolves when the round under way has ended; what waits is another process's, or the next start's. */
  readonly close: () => Promise<void>;
}

export interface PumpParts {
  readonly round: () => Promise<{ readonly again: boolean; readonly atLatestMs: number | undefined }>;
  /** Of the last storm; units: those of `performance.now()`. */
  readonly stormAt: () => number;
  readonly onFailure: (error: unknown, mailId: string | undefined) => void;
}

export function createPump({ round, stormAt, onFailure }: PumpParts): Pump {
  let underWay: Promise<void> | undefined;
  let isAsked = false;
  let later: NodeJS.Timeout | undefined;
  const closing = new AbortController();
  /** Something has waited without a pause since then. */
  let behindSince: number | undefined;
  const run = async (): Promise<void> => {
    do {
      isAsked = false;
      behindSince ??= performance.now();
      await untilStormIsOver(stormAt, behindSince + MAIL_BEHIND_MS_MAX, closing.signal);
      if (closing.signal.aborted) break;
      try {
        const { again, atLatestMs } = await round();
        if (again) isAsked = true;
        else behindSince = undefined;
        if (atLatestMs !== undefined && !closing.signal.aborted) {
          clearTimeout(later);
          later = setTimeout(wake, atLatestMs);
          later.unref();
        }
      } catch (error) {
        // With Postgres away the sweep looks again.
        if (!isStoreUnavailable(error)) onFailure(error, undefined);
      }
    } while (isAsked && !closing.signal.aborted);
    underWay = undefined;
  };
  const wake = (): void => {
    if (closing.signal.aborted) return;
    isAsked = true;
    underWay ??= run();
  };
  return {
    wake,
    idle: async () => {
      while (underWay !== undefined) await underWay;
    },
    close: async () => {
      closing.abort();
      clearTimeout(later);
      await underWay;
    },
  };
}

async function untilStormIsOver(
  stormAt: () => number,
  atLatest: number,
  closing: AbortSignal,
): Promise<void> {
  while (!closing.aborted) {
    const now = performance.now();
    const waitMs = Math.min(stormAt() + MAIL_STORM_OVER_MS, atLatest) - now;
    if (waitMs <= 0) return;
    await sleep(Math.ceil(waitMs), undefined, { signal: closing, ref: false }).catch((error: unknown) => {
      if (!closing.aborted) throw error;
    });
  }
}
