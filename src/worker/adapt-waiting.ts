/**
 * Has what waits adapted to the rule set in force: at the start, when another set is put in force, once more a little
 * later (another server may have decided by the old one meanwhile), and slowly beside it.
 */
import type { Logger } from "pino";
import { MINUTE, RULES_POLL_MS, SECOND } from "../domain/index.ts";
import { isRulesBehind, type RunningEngine } from "../engine/index.ts";

export interface Adapting {
  /** Another set is in force. */
  swapped(): void;
  close(): Promise<void>;
}

const AGAIN_MS = RULES_POLL_MS + 5 * SECOND;
const SLOWLY_MS = 5 * MINUTE;
/** By so much an alert may have been received before the set was put in force that a lagging server then decided. */
const DECIDED_BEFORE_MS = 10 * SECOND;

interface Look {
  readonly windowsChanged: boolean;
  readonly seenSince?: number;
}

export function startAdapting(engine: Pick<RunningEngine, "adaptWaiting">, logger: Logger): Adapting {
  let isClosed = false;
  let timer: NodeJS.Timeout | undefined;
  let last: Promise<void> = Promise.resolve();
  /** Whether all was looked at. */
  const look = async ({ windowsChanged, seenSince }: Look): Promise<boolean> => {
    if (isClosed) return false;
    try {
      const adapted = await engine.adaptWaiting({
        at: Date.now(),
        windowsChanged,
        ...(seenSince === undefined ? {} : { seenSince }),
      });
      if (Object.values(adapted).some((count) => count > 0))
        logger.info(adapted, "what waits was adapted to the rules in force");
      return true;
    } catch (thrown) {
      // Yet another set is in force: this process hears of it, and looks then.
      if (isRulesBehind(thrown)) return false;
      logger.warn({ err: thrown }, "what waits could not be adapted to the rules in force; tries again");
      return false;
    }
  };
  const lookNow = (asked: Look, goOn: (isDone: boolean) => void): void => {
    clearTimeout(timer);
    last = last.then(async () => {
      const isDone = await look(asked);
      if (isClosed) return;
      clearTimeout(timer);
      goOn(isDone);
    });
  };
  /** Since the first swap that was not looked at again yet. */
  let seenSince: number | undefined;
  const lookSlowly = (): void => {
    timer = setTimeout(() => lookNow({ windowsChanged: false }, lookSlowly), SLOWLY_MS);
  };
  const lookAgain = (): void => {
    timer = setTimeout(() => {
      const since = seenSince;
      lookNow({ windowsChanged: true, ...(since === undefined ? {} : { seenSince: since }) }, (isDone) => {
        if (!isDone) return lookAgain();
        if (seenSince === since) seenSince = undefined;
        lookSlowly();
      });
    }, AGAIN_MS);
  };
  const swapped = (): void => {
    seenSince ??= Date.now() - DECIDED_BEFORE_MS;
    lookNow({ windowsChanged: true }, lookAgain);
  };
  swapped();
  return {
    swapped,
    async close() {
      isClosed = true;
      clearTimeout(timer);
      await last;
    },
  };
}
