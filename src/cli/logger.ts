/** The log of one process: JSON lines on standard output, which `up` keeps in the data folder. Never titles or bodies. */
import { pino, type Logger } from "pino";
import { LOG_UNWRITTEN_CHARACTERS_MAX } from "../domain/index.ts";

/** A log that cannot be written, as on a full disk, ends nothing: alerts are worth more than lines about them. */
export function openLogger(name: "up" | "server" | "worker"): Logger {
  // `up` speaks to a person on standard output, so what its parts log goes to standard error, and only when it matters.
  const target =
    name === "up"
      ? pino.destination({ fd: 2, sync: true })
      : pino.destination({ fd: 1, sync: false, maxLength: LOG_UNWRITTEN_CHARACTERS_MAX });
  target.on("error", () => undefined);
  if (name === "up") return pino({ name, level: "warn" }, target);
  return pino({ name, timestamp: pino.stdTimeFunctions.isoTime }, target);
}
