/** Tells in Postgres, every few seconds, that this worker lives: what `/readyz` looks at. */
import type { Logger } from "pino";
import { SECOND } from "../domain/index.ts";
import { createIdSource, forgetWorker, recordWorker, type Store } from "../store/index.ts";

const BEAT_MS = 5 * SECOND;

export function startHeartbeat(
  store: Store,
  taskQueues: () => readonly string[],
  logger: Logger,
): { close(): Promise<void> } {
  const startedAt = Date.now();
  const id = createIdSource()("wk", startedAt);
  let last: Promise<void> = Promise.resolve();
  const tellUntold = (thrown: unknown): void => {
    logger.debug({ err: thrown }, "the worker could not tell whether it lives");
  };
  const beat = (): void => {
    last = recordWorker(store, { id, startedAt, taskQueues: taskQueues() }).catch(tellUntold);
  };
  beat();
  const timer = setInterval(beat, BEAT_MS);
  return {
    async close() {
      clearInterval(timer);
      await last;
      await forgetWorker(store, id).catch(tellUntold);
    },
  };
}
