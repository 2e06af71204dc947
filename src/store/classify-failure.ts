/** Says what a failure of Postgres or of the way to it means: gone, worth another try at once, or a mistake of ours. Opens nothing. */
import { StoreUnavailable } from "./store-unavailable.ts";

/** SQLSTATE classes and codes under which Postgres cannot serve now (PostgreSQL documentation, appendix A). */
const UNAVAILABLE_CLASSES: ReadonlySet<string> = new Set(["08", "53", "57", "58"]);
const UNAVAILABLE_CODES: ReadonlySet<string> = new Set([
  "25006", // read-only: a standby that was not promoted yet
  "28P01", // password
  "28000", // no pg_hba.conf entry
  "3D000", // no such database
  "55P03", // lock timeout
]);
/** Another try of the whole transaction may succeed at once. */
const RETRY_CODES: ReadonlySet<string> = new Set(["40001", "40P01"]);
const AWAY_CODES: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ECONNABORTED",
  "EPIPE",
  "ETIMEDOUT",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOENT",
]);
/** What pg and pg-pool throw without a code. */
const AWAY_MESSAGES =
  /Connection terminated|timeout exceeded when trying to connect|Query read timeout|not queryable|connection error|Client was closed|after calling end on the pool|server does not support SSL/u;

/** A unique constraint said no: the name of the constraint, else undefined. */
export function violatedConstraint(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error) || error.code !== "23505") return undefined;
  return "constraint" in error && typeof error.constraint === "string" ? error.constraint : "";
}

export function isWorthRetry(error: unknown): boolean {
  return error instanceof Error && "code" in error && RETRY_CODES.has(String(error.code));
}

/** The failure as callers know it: StoreUnavailable where Postgres cannot serve, else what came. */
export function toStoreFailure(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof StoreUnavailable) return error;
  if (error instanceof AggregateError && error.errors.length > 0) {
    const first: unknown = toStoreFailure(error.errors[0]);
    if (first instanceof StoreUnavailable) return first;
  }
  const code = "code" in error ? String(error.code) : "";
  const isAway =
    AWAY_CODES.has(code) ||
    UNAVAILABLE_CODES.has(code) ||
    (code.length === 5 && UNAVAILABLE_CLASSES.has(code.slice(0, 2))) ||
    AWAY_MESSAGES.test(error.message);
  return isAway
    ? new StoreUnavailable(code === "" ? error.message : `${code} ${error.message}`, error)
    : error;
}
