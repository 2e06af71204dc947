/** Problem documents (RFC 9457 with `code`), exactly the codes of contract.md 3. Thrown inside the api room, written by one place. */
import type { FieldError, Refusal } from "../ingest/index.ts";
import { troubleOf, type StoreTrouble } from "../store/index.ts";

export const PROBLEM_STATUS = {
  invalid_json: 400,
  invalid_body: 400,
  too_deep: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  wrong_state: 409,
  still_referenced: 409,
  version_conflict: 412,
  body_too_large: 413,
  too_many_items: 413,
  unknown_reference: 422,
  rule_set_invalid: 422,
  rate_limited: 429,
  unavailable: 503,
  internal: 500,
} as const;

export type ProblemCode = keyof typeof PROBLEM_STATUS;

const TITLES: Readonly<Record<ProblemCode, string>> = {
  invalid_json: "The body is not JSON",
  invalid_body: "The request is not what this call takes",
  too_deep: "The body nests too deep",
  unauthorized: "A key is needed",
  forbidden: "This key may not do this",
  not_found: "There is no such thing",
  wrong_state: "The present state does not allow this",
  still_referenced: "Something still refers to it",
  version_conflict: "Somebody changed it meanwhile",
  body_too_large: "The body is too large",
  too_many_items: "Too many items at once",
  unknown_reference: "A value names something that does not exist",
  rule_set_invalid: "The rule set has errors",
  rate_limited: "Too many requests",
  unavailable: "Not available at the moment",
  internal: "Something went wrong on our side",
};

export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: ProblemCode;
  readonly detail: string;
  readonly [extension: string]: unknown;
}

/** `internal` is the answer to a bug of ours: no input leads there by design, and it tells nothing of the inside. */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly code: ProblemCode;
  readonly status: number;
  readonly extensions: Readonly<Record<string, unknown>>;
  /** Seconds for `Retry-After`. */
  readonly retryAfter: number | undefined;

  constructor(
    code: ProblemCode,
    detail: string,
    extensions: Readonly<Record<string, unknown>> = {},
    retryAfter?: number,
  ) {
    super(detail);
    this.code = code;
    this.status = PROBLEM_STATUS[code];
    this.extensions = extensions;
    this.retryAfter = retryAfter;
  }

  toDocument(): ProblemDocument {
    return {
      type: "about:blank",
      title: TITLES[this.code],
      status: this.status,
      code: this.code,
      detail: this.message,
      ...this.extensions,
    };
  }
}

export function invalidBody(errors: readonly FieldError[]): Problem {
  const first = errors[0];
  const place = first === undefined || first.path === "" ? "the request" : `\`${first.path}\``;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : "";
  return new Problem("invalid_body", `${place}: ${first?.message ?? "is wrong"}${more}`, { errors });
}

export function fromRefusal(refusal: Refusal): Problem {
  const extensions = refusal.code === "invalid_body" ? { errors: refusal.errors } : {};
  return new Problem(refusal.code, refusal.detail, extensions);
}

export const notFound = (what: string): Problem => new Problem("not_found", what);

const SEND_AGAIN = "nothing was changed, please send again";
/** One sentence's beginning for whoever sends, and for whoever reads /readyz at three in the morning. */
export const TROUBLES: Readonly<Record<StoreTrouble, string>> = {
  unreachable: "the database cannot be reached",
  refused: "the database does not let this server in",
  full: "the disk of the database is full",
  broken: "the database cannot read or write its files",
  "read-only": "the database takes no writes (a standby?)",
  exhausted: "the database has no connections or memory left",
  late: "the database did not answer in time",
};
const RETRY_AFTER_SECONDS = 2;
/** Room is made by people. */
const RETRY_AFTER_FULL_SECONDS = 10;

export function unavailable(detail = `${TROUBLES.unreachable}; ${SEND_AGAIN}`): Problem {
  return new Problem("unavailable", detail, {}, RETRY_AFTER_SECONDS);
}

/** For a failure with the code `unavailable`: of the store, or of an engine that takes nothing now and says why. */
export function fromUnavailable(error: Error): Problem {
  const trouble = troubleOf(error);
  const detail = `${trouble === undefined ? error.message : TROUBLES[trouble]}; ${SEND_AGAIN}`;
  return new Problem("unavailable", detail, {}, retryAfter(trouble));
}

export function retryAfter(trouble: StoreTrouble | undefined): number {
  return trouble === "full" ? RETRY_AFTER_FULL_SECONDS : RETRY_AFTER_SECONDS;
}
