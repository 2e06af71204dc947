/** A whole worker in a process of its own: to be killed by a test, or measured by a bench. Settings come by the environment. */
import pino from "pino";
import { loadConfig } from "../../src/config/index.ts";
import { startWorker } from "../../src/worker/index.ts";

const taskQueuePrefix = process.env["WORKER_QUEUE_PREFIX"];
const worker = await startWorker(
  loadConfig({ env: process.env }),
  pino({ level: process.env["TEST_LOG"] ?? "error" }),
  taskQueuePrefix === undefined ? {} : { taskQueuePrefix },
);
process.send?.("started");
process.on("SIGTERM", () => {
  void worker.close().then(() => process.exit(0));
});
// Ends with the one that made it.
process.on("disconnect", () => process.exit(1));
