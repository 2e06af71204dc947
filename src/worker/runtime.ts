/** Temporal's native runtime, once a process: its logs go through ours, and signals stay ours. */
import { makeTelemetryFilterString, Runtime, type LogMetadata } from "@temporalio/worker";
import type { Logger } from "pino";

let isInstalled = false;

export function installRuntime(logger: Logger): void {
  if (isInstalled) return;
  isInstalled = true;
  Runtime.install({
    shutdownSignals: [],
    logger: {
      log: (level, message, meta) => write(logger, level, message, meta),
      trace: (message, meta) => write(logger, "TRACE", message, meta),
      debug: (message, meta) => write(logger, "DEBUG", message, meta),
      info: (message, meta) => write(logger, "INFO", message, meta),
      warn: (message, meta) => write(logger, "WARN", message, meta),
      error: (message, meta) => write(logger, "ERROR", message, meta),
    },
    telemetryOptions: {
      logging: { filter: makeTelemetryFilterString({ core: "WARN", other: "ERROR" }), forward: {} },
    },
  });
}

/** The SDK's own news are details to us. */
function write(logger: Logger, level: string, message: string, meta: LogMetadata | undefined): void {
  const facts = { sdk: meta ?? {} };
  if (level === "ERROR") logger.error(facts, message);
  else if (level === "WARN") logger.warn(facts, message);
  else logger.debug(facts, message);
}
