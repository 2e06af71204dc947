/** The engine takes nothing now: too much waits, no rule set is in force, or it is closing. Nothing was done. */
export class EngineUnavailable extends Error {
  override readonly name = "EngineUnavailable";
  readonly code = "unavailable";
  readonly retryable = true;
}
