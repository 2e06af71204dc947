/** Postgres is away, full or too slow: nothing was done, or it is not known; the caller may try again. Knows no SQL. */
export class StoreUnavailable extends Error {
  override readonly name = "StoreUnavailable";
  readonly code = "unavailable";
  readonly retryable = true;

  constructor(reason: string, cause?: unknown) {
    super(`Postgres is unavailable: ${reason}`, { cause });
  }
}

/** By code: a class from another copy of the module is the same failure. */
export function isStoreUnavailable(error: unknown): error is StoreUnavailable {
  return error instanceof Error && "code" in error && error.code === "unavailable";
}
