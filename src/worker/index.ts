/** The door of worker: one process that runs workflows and activities and carries the outbox to Temporal. */
export { startWorker } from "./start-worker.ts";
export type { RunningWorker } from "./start-worker.ts";
