/** The worker of bench/clocks.bench.ts in a process of its own, so that its memory can be told from the bench's. */
import pino from "pino";
import { loadConfig } from "../src/config/index.ts";
import { startWorker } from "../src/worker/index.ts";

const worker = await startWorker(loadConfig({ env: process.env }), pino({ level: "warn" }));
process.send?.("started");
process.on("SIGTERM", () => {
  void worker.close().then(() => process.exit(0));
});
process.on("disconnect", () => process.exit(1));
