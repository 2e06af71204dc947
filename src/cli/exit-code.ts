/** Exit codes of every command (contract.md 2), and which error means which. */
import { CommanderError } from "commander";
import { ConfigError } from "../config/index.ts";
import { SupervisorError } from "../supervisor/index.ts";

export const FINE = 0;
export const FOUND_SOMETHING = 1;
export const USED_WRONGLY = 2;

/** The person typed something that cannot be done; the message says what and what to do. */
export class UsageError extends Error {
  override readonly name = "UsageError";
  readonly code = "used_wrongly";
  readonly retryable = false;
}

/** Undefined: a bug, which deserves its stack. */
export function exitCodeOf(error: unknown): number | undefined {
  if (error instanceof UsageError || error instanceof ConfigError) return USED_WRONGLY;
  if (error instanceof CommanderError) return error.exitCode === 0 ? FINE : USED_WRONGLY;
  if (error instanceof SupervisorError) return isInTheWay(error) ? FOUND_SOMETHING : USED_WRONGLY;
  return undefined;
}

/** Not a wrong setting: something here is broken, and the log says more. */
function isInTheWay(error: SupervisorError): boolean {
  return ["postgres_failed", "temporal_failed", "program_failed", "rules_invalid"].includes(error.code);
}
