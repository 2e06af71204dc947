/** Another rule set is in force than this process has loaded: it will have it in a moment, and the call is made again. */
export class RulesBehind extends Error {
  override readonly name = "RulesBehind";
  readonly code = "rules_behind";
  readonly retryable = true;
}
