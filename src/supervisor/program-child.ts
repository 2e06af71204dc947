/**
 * The server and the worker as child processes. They say over their channel that they are ready, and end by themselves when the
 * channel closes. Knows that protocol; nothing of what they do.
 */
import { readFileSync } from "node:fs";
import { startChild, type RunningChild } from "./child-process.ts";
import { SupervisorError } from "./supervisor-error.ts";

/** What a child sends once it works. */
export interface ReadyMessage {
  readonly kind: "ready";
}

export interface ProgramOptions {
  readonly name: "server" | "worker";
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly logFile: string;
  readonly signal: AbortSignal;
}

const READY_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 5_000;
const LAST_LINES = 5;

/** Throws: SupervisorError (program_failed). */
export async function startProgram(options: ProgramOptions): Promise<RunningChild> {
  const child = await startChild({
    command: options.command,
    args: options.args,
    cwd: process.cwd(),
    env: options.env,
    logFile: options.logFile,
    stopSignal: "SIGTERM",
    withChannel: true,
  });
  const outcome = await Promise.race([
    new Promise<"ready">((resolve) => {
      child.process.on("message", (message: unknown) => {
        if (isReady(message)) resolve("ready");
      });
    }),
    child.exited.then(() => "ended" as const),
    late(options.signal),
  ]);
  if (outcome === "ready") return child;
  await child.stop(STOP_TIMEOUT_MS);
  const how = outcome === "ended" ? "ended at once" : `was not ready within ${READY_TIMEOUT_MS / 1000} s`;
  throw new SupervisorError(
    "program_failed",
    `The ${options.name} ${how}: see ${options.logFile}.${lastLines(options.logFile)}`,
    {
      retryable: true,
    },
  );
}

function late(signal: AbortSignal): Promise<"late"> {
  return new Promise((resolve) => {
    const finish = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", finish);
      resolve("late");
    };
    const timer = setTimeout(finish, READY_TIMEOUT_MS);
    timer.unref();
    signal.addEventListener("abort", finish);
    if (signal.aborted) finish();
  });
}

function isReady(message: unknown): message is ReadyMessage {
  return typeof message === "object" && message !== null && "kind" in message && message.kind === "ready";
}

function lastLines(file: string): string {
  try {
    const lines = readFileSync(file, "utf8").trimEnd().split("\n").slice(-LAST_LINES);
    return lines.map((line) => `\n  ${line.slice(0, 500)}`).join("");
  } catch {
    return "";
  }
}
