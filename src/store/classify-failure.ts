/** Says what a failure of Postgres or of the way to it means: gone, worth another try at once, or a mistake of ours. Opens nothing. */
import { StoreUnavailable, type StoreTrouble } from "./store-unavailable.ts";

/** SQLSTATE codes, and below their classes, under which Postgres cannot serve now (PostgreSQL documentation, appendix A). */
const TROUBLE_BY_CODE: ReadonlyMap<string, StoreTrouble> = new Map([
  ["25006", "read-only"], // a standby that was not promoted yet
  ["28P01", "refused"], // password
  ["28000", "refused"], // no pg_hba.conf entry
  ["3D000", "refused"], // no such database
  ["53100", "full"],
  ["55P03", "late"], // lock timeout
  ["57014", "late"], // statement timeout
  ["58030", "broken"], // input or output failed
  ["58P01", "broken"], // a file is gone
]);
const TROUBLE_BY_CLASS: ReadonlyMap<string, StoreTrouble> = new Map([
  ["08", "unreachable"],
  ["53", "exhausted"],
  ["57", "unreachable"],
  ["58", "broken"],
]);
/** Whatever the code: a quota has none of its own, and a write-ahead log without room is a PANIC. */
const FULL_MESSAGES = /No space left on device|Disk quota exceeded/u;
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
  const trouble = findTrouble(code, error.message);
  if (trouble === undefined) return error;
  return new StoreUnavailable(code === "" ? error.message : `${code} ${error.message}`, error, trouble);
}

function findTrouble(code: string, message: string): StoreTrouble | undefined {
  if (FULL_MESSAGES.test(message)) return "full";
  if (AWAY_CODES.has(code) || AWAY_MESSAGES.test(message)) return "unreachable";
  return (
    TROUBLE_BY_CODE.get(code) ?? (code.length === 5 ? TROUBLE_BY_CLASS.get(code.slice(0, 2)) : undefined)
  );
}
