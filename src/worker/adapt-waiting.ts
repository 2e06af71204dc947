/**
 * Has what waits adapted to the rule set in force: at the start, when another set is put in force, once more a little
 * later (another server may have decided by the old one meanwhile), and slowly beside it.
 */
import type { Logger } from "pino";
import { MINUTE, RULES_POLL_MS, SECOND } from "../domain/index.ts";
import type { RunningEngine } from "../engine/index.ts";

export interface Adapting {
  /** Another set is in force. */
  swapped(): void;
  close(): Promise<void>;
}

const AGAIN_MS = RULES_POLL_MS + 5 * SECOND;
const SLOWLY_MS = 5 * MINUTE;

export function startAdapting(engine: Pick<RunningEngine, "adaptWaiting">, logger: Logger): Adapting {
  let isClosed = false;
  let timer: NodeJS.Timeout | undefined;
  let last: Promise<void> = Promise.resolve();
  const look = async (windowsChanged: boolean): Promise<void> => {
    if (isClosed) return;
    try {
      const adapted = await engine.adaptWaiting({ at: Date.now(), windowsChanged });
      if (Object.values(adapted).some((count) => count > 0))
        logger.info(adapted, "what waits was adapted to the rules in force");
    } catch (thrown) {
      logger.warn({ err: thrown }, "what waits could not be adapted to the rules in force; tries again");
    }
  };
  const lookNow = (windowsChanged: boolean, nextMs: number): void => {
    clearTimeout(timer);
    last = last.then(async () => await look(windowsChanged));
    void last.then(() => {
      if (isClosed) return;
      clearTimeout(timer);
      timer = setTimeout(() => lookNow(false, SLOWLY_MS), nextMs);
    });
  };
  lookNow(true, AGAIN_MS);
  return {
    swapped: () => lookNow(true, AGAIN_MS),
    async close() {
      isClosed = true;
      clearTimeout(timer);
      await last;
    },
  };
}
