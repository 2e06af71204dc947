/**
 * What a crash leaves of PostgreSQL: a pid file, and perhaps a server that still runs on our database folder.
 * Knows the pid file's form; kills nothing that is not verified to be a server on that very folder.
 */
import { readFileSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { commandLineOf, identify, waitUntilGone } from "./process-identity.ts";
import { SupervisorError } from "./supervisor-error.ts";

export interface PidFile {
  readonly pid: number;
  readonly dataDir: string;
  /** Line 8: `starting`, `ready`, `stopping`. */
  readonly status: string;
}

const FAST_STOP_MS = 10_000;
const HARD_STOP_MS = 5_000;

export function readPidFile(database: string): PidFile | undefined {
  try {
    const lines = readFileSync(pidFile(database), "utf8").split("\n");
    const pid = Number(lines[0]);
    if (!Number.isInteger(pid) || pid === 0) return undefined;
    return { pid: Math.abs(pid), dataDir: lines[1] ?? "", status: (lines[7] ?? "").trim() };
  } catch {
    return undefined;
  }
}

/** Stops a server that still runs on this folder. Throws: SupervisorError (data_dir) when it does not go. */
export async function stopOrphanedPostgres(
  database: string,
  onNotice: (sentence: string) => void,
): Promise<void> {
  const file = readPidFile(database);
  if (file === undefined || !isServerOn(file.pid, database)) return;
  const identity = identify(file.pid);
  if (identity === undefined) return;
  onNotice(`A PostgreSQL of this data folder still runs from before (pid ${file.pid}); it is stopped first.`);
  for (const [signal, waitMs] of [
    ["SIGINT", FAST_STOP_MS],
    ["SIGQUIT", HARD_STOP_MS],
  ] as const) {
    process.kill(file.pid, signal);
    if (await waitUntilGone(identity, waitMs)) return;
  }
  throw new SupervisorError(
    "data_dir",
    `A PostgreSQL (pid ${file.pid}) holds ${database} and does not stop: end it, then start again.`,
  );
}

/**
 * A pid in the file that now belongs to some other program, or to a dead server for which no init has waited, would keep the server from starting. The file is not removed, since
 * its line 7 is how the server finds backends of the killed one that still live; it gets our own pid, which the server ignores
 * because it is its parent's.
 */
export function clearStalePidFile(database: string): void {
  const file = readPidFile(database);
  if (file === undefined || !isPidInUse(file.pid) || isServerOn(file.pid, database)) return;
  const text = readFileSync(pidFile(database), "utf8");
  writeFileSync(pidFile(database), text.replace(/^-?\d+/u, String(process.pid)));
}

/** As the server itself asks: a zombie counts. */
function isPidInUse(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

function isServerOn(pid: number, database: string): boolean {
  const commandLine = commandLineOf(pid);
  return (
    /postgres/u.test(commandLine) &&
    (commandLine.includes(database) || commandLine.includes(realPath(database)))
  );
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function pidFile(database: string): string {
  return join(database, "postmaster.pid");
}
