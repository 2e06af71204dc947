/** `tocsin serve` and `tocsin worker`: one process each, until asked to stop. Knows their doors; nothing of their work. */
import type { Logger } from "pino";
import { loadConfig, type Config } from "../config/index.ts";
import { SHUTDOWN_MS_MAX } from "../domain/index.ts";
import { keepAdminKey, type ReadyMessage } from "../supervisor/index.ts";
import { UsageError } from "./exit-code.ts";
import { openLogger } from "./logger.ts";
import { prepareDatabase } from "./prepare-database.ts";
import { listenForStop, untilAborted } from "./stop-request.ts";
import { complain } from "./terminal.ts";

const WORKER_PATIENCE_MS = 10_000;

interface Running {
  close(): Promise<void>;
}

export async function serve(): Promise<number> {
  const config = withDatabase("serve", loadConfig());
  return await run("server", async (logger) => {
    const { key, isNew, file } = keepAdminKey(config.dataDir, config.apiKey);
    if (isNew) complain(`Admin key, shown this once and kept in ${file ?? "admin.key"}: ${key}`);
    const { startServer } = await import("../server/index.ts");
    await prepareDatabase(config.databaseUrl, config);
    const server = await startServer({ ...config, apiKey: key }, logger);
    logger.info({ url: server.url, smtp: server.smtp }, "server is ready");
    return server;
  });
}

export async function work(): Promise<number> {
  const config = withDatabase("worker", loadConfig());
  if (config.temporal.address === undefined) {
    throw new UsageError(
      "TEMPORAL_ADDRESS is not set: `tocsin worker` needs a Temporal server; `tocsin up` brings its own.",
    );
  }
  return await run("worker", async (logger) => {
    const { startWorker } = await import("../worker/index.ts");
    await prepareDatabase(config.databaseUrl, config);
    const worker = await startWorker(config, logger);
    logger.info("worker is ready");
    return worker;
  });
}

function withDatabase(command: string, config: Config): Config & { readonly databaseUrl: string } {
  const { databaseUrl } = config;
  if (databaseUrl !== undefined) return { ...config, databaseUrl };
  throw new UsageError(
    `DATABASE_URL is not set: \`tocsin ${command}\` needs a PostgreSQL server; \`tocsin up\` brings its own.`,
  );
}

async function run(name: "server" | "worker", start: (logger: Logger) => Promise<Running>): Promise<number> {
  const stopSignal = listenForStop();
  const logger = openLogger(name);
  stopSignal.addEventListener("abort", () => {
    logger.info(`${name} stops`);
    // Whatever hangs, whoever asked has waited long enough.
    setTimeout(() => process.exit(1), SHUTDOWN_MS_MAX).unref();
  });
  const starting = start(logger);
  const ready: ReadyMessage = { kind: "ready" };
  const sayReady = (): void => {
    process.send?.(ready, undefined, undefined, () => undefined);
  };
  // A worker waits as long as Temporal is away; that is a state in which all else works, not a start that failed.
  const patience = name === "worker" ? setTimeout(sayReady, WORKER_PATIENCE_MS) : undefined;
  const outcome = await Promise.race([starting, untilAborted(stopSignal)]).finally(() =>
    clearTimeout(patience),
  );
  if (outcome === undefined) return 0;
  sayReady();
  await untilAborted(stopSignal);
  await outcome.close();
  return 0;
}
