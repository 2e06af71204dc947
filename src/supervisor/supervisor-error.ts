/** What the supervisor could not do, in one sentence with what to do about it. */
export type SupervisorErrorCode =
  | "port_taken"
  | "tool_missing"
  | "data_dir"
  | "postgres_failed"
  | "temporal_failed"
  | "program_failed"
  | "rules_invalid"
  | "already_running"
  | "stopped";

export class SupervisorError extends Error {
  override readonly name = "SupervisorError";
  readonly code: SupervisorErrorCode;
  readonly retryable: boolean;

  constructor(
    code: SupervisorErrorCode,
    message: string,
    options: ErrorOptions & { readonly retryable?: boolean } = {},
  ) {
    super(message, options);
    this.code = code;
    this.retryable = options.retryable ?? false;
  }
}
