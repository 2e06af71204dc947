/** The log of one process: JSON lines on standard output, which `up` keeps in the data folder. Never titles or bodies. */
import { writeSync } from "node:fs";
import { pino, type DestinationStream, type Logger } from "pino";

const WAIT_FOR_READER_MS = 5;
const WAITS_MAX = 20;

export function openLogger(name: "up" | "server" | "worker"): Logger {
  // `up` speaks to a person on standard output, so what its parts log goes to standard error, and only when it matters.
  if (name === "up") return pino({ name, level: "warn" }, linesTo(2));
  return pino({ name, timestamp: pino.stdTimeFunctions.isoTime }, linesTo(1));
}

/**
 * A log that cannot be written, as on a full disk, ends nothing and hangs nothing: the line is lost, alerts are worth more.
 * Not pino's own destination, which raises an error that nobody catches and, at the exit, tries the same write for ever.
 */
function linesTo(fd: number): DestinationStream {
  return {
    write: (line) => {
      let rest = Buffer.from(line);
      for (let waits = 0; rest.length > 0;) {
        try {
          rest = rest.subarray(writeSync(fd, rest));
        } catch (error) {
          // A pipe whose reader is slow.
          const isBusy = error instanceof Error && "code" in error && error.code === "EAGAIN";
          if (!isBusy || ++waits > WAITS_MAX) return;
          Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, WAIT_FOR_READER_MS);
        }
      }
    },
  };
}
