/** `up` as a process of its own, so that a test can kill it: real Postgres and Temporal, a stand-in for server and worker. */
import { fileURLToPath } from "node:url";
import { loadConfig } from "../../src/config/index.ts";
import { runUp, SupervisorError } from "../../src/supervisor/index.ts";

const stop = new AbortController();
process.on("disconnect", () => stop.abort());
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => stop.abort());

try {
  process.exitCode = await runUp({
    config: loadConfig(),
    flags: {},
    program: {
      command: process.execPath,
      args: [fileURLToPath(new URL("./stand-in-program.mjs", import.meta.url))],
    },
    migrate: async () => undefined,
    publish: async () => ({ sentences: [], mayRun: true }),
    say: (line) => console.log(line),
    onReady: (places) => console.log(`READY ${JSON.stringify(places)}`),
    stopSignal: stop.signal,
  });
} catch (error) {
  if (!(error instanceof SupervisorError)) throw error;
  console.log(error.message);
  process.exitCode = 2;
}
// The channel would keep this process alive.
if (process.connected) process.disconnect();
