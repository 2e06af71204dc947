/** The log of one process: JSON lines on standard output, which `up` keeps in the data folder. Never titles or bodies. */
import { pino, type Logger } from "pino";

export function openLogger(name: "up" | "server" | "worker"): Logger {
  // `up` speaks to a person on standard output, so what its parts log goes to standard error, and only when it matters.
  if (name === "up") return pino({ name, level: "warn" }, pino.destination({ fd: 2, sync: true }));
  return pino({ name, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination({ fd: 1, sync: false }));
}
