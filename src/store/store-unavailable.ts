/** Postgres is away, full or too slow: nothing was done, or it is not known; the caller may try again. Knows no SQL. */

/**
 * What is wrong, for whoever must mend it. `full` and `broken` are about its disk, `refused` about who may come in,
 * `exhausted` about connections and memory, `late` about our time limits.
 */
export type StoreTrouble = "unreachable" | "refused" | "full" | "broken" | "read-only" | "exhausted" | "late";

export class StoreUnavailable extends Error {
  override readonly name = "StoreUnavailable";
  readonly code = "unavailable";
  readonly retryable = true;
  readonly trouble: StoreTrouble;

  constructor(reason: string, cause?: unknown, trouble: StoreTrouble = "unreachable") {
    super(`Postgres is unavailable: ${reason}`, { cause });
    this.trouble = trouble;
  }
}

/** By code: a class from another copy of the module is the same failure. */
export function isStoreUnavailable(error: unknown): error is StoreUnavailable {
  return error instanceof Error && "code" in error && error.code === "unavailable";
}

/** Undefined for what has the same code and is not about Postgres: the engine takes nothing now. */
export function troubleOf(error: unknown): StoreTrouble | undefined {
  return error instanceof Error && "trouble" in error ? (error.trouble as StoreTrouble) : undefined;
}
