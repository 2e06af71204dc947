/** Keeps the logs of the data folder bounded: a long one is set aside at the start, and one old one is kept. */
import { renameSync, statSync } from "node:fs";
import { join } from "node:path";

const LOG_BYTES_MAX = 16 * 1024 * 1024;

export function logFileIn(dataDir: string, name: string): string {
  return join(dataDir, "logs", `${name}.log`);
}

export function rotateLogs(dataDir: string, names: readonly string[]): void {
  for (const name of names) {
    const file = logFileIn(dataDir, name);
    const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
    if (size > LOG_BYTES_MAX) renameSync(file, `${file}.1`);
  }
}
