/** What became of one request: an expected outcome, not an exception. Words for the admin; never a stack, never a secret. */

export type SendOutcome =
  | { readonly kind: "succeeded"; readonly status: number; readonly responseStart: string }
  | {
      readonly kind: "failed";
      readonly status: number | undefined;
      readonly error: string;
      /** False: trying again is pointless by policy (egress) or by the rule file (4xx). */
      readonly retry: boolean;
      /** What the receiver asked for with Retry-After; undefined when not asked or not honoured. */
      readonly retryAfterMs: number | undefined;
      readonly responseStart: string | undefined;
    }
  /** The caller's signal cut it off. */
  | { readonly kind: "interrupted" };

export function failure(error: string, retry = true): SendOutcome {
  return {
    kind: "failed",
    status: undefined,
    error,
    retry,
    retryAfterMs: undefined,
    responseStart: undefined,
  };
}

/** The sentence for what the network or TLS said; walks the causes, since fetch wraps them. */
export function describeNetworkError(thrown: unknown): { readonly error: string; readonly retry: boolean } {
  for (const cause of causesOf(thrown)) {
    const code = "code" in cause && typeof cause.code === "string" ? cause.code : "";
    // The fetch standard closes ports of other protocols; no waiting opens them.
    if (cause.message === "bad port") return { error: "the port is one that HTTP may not use", retry: false };
    if (code === "egress_refused") return { error: cause.message, retry: false };
    const known = NETWORK_ERRORS[code];
    if (known !== undefined) return { error: `${known} (${code})`, retry: true };
    if (/CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS|ERR_SSL|EPROTO/u.test(code))
      return { error: `the certificate or TLS was not accepted (${code})`, retry: true };
  }
  const last = causesOf(thrown).at(-1);
  return { error: `the request failed: ${last?.message ?? "unknown error"}`.slice(0, 300), retry: true };
}

const NETWORK_ERRORS: Readonly<Record<string, string>> = {
  ENOTFOUND: "the host does not resolve",
  EAI_AGAIN: "the host does not resolve",
  EAI_FAIL: "the host does not resolve",
  ENODATA: "the host does not resolve",
  ECONNREFUSED: "the connection was refused",
  ECONNRESET: "the connection was reset",
  EPIPE: "the connection was closed",
  ETIMEDOUT: "the connection timed out",
  EHOSTUNREACH: "the host is not reachable",
  ENETUNREACH: "the network is not reachable",
  EADDRNOTAVAIL: "the host is not reachable",
  UND_ERR_CONNECT_TIMEOUT: "the connection timed out",
  UND_ERR_HEADERS_TIMEOUT: "no answer in time",
  UND_ERR_BODY_TIMEOUT: "no answer in time",
  UND_ERR_SOCKET: "the connection was closed before an answer",
  UND_ERR_HEADERS_OVERFLOW: "the answer's headers are too large",
  HPE_HEADER_OVERFLOW: "the answer's headers are too large",
  HPE_INVALID_CONSTANT: "the answer is not HTTP",
};

const CAUSES_MAX = 8;

function causesOf(thrown: unknown): readonly Error[] {
  const causes: Error[] = [];
  const open: unknown[] = [thrown];
  while (open.length > 0 && causes.length < CAUSES_MAX) {
    const next = open.shift();
    if (!(next instanceof Error)) continue;
    causes.push(next);
    // Several addresses tried: the first one's error speaks for all.
    if (next instanceof AggregateError) open.push(...next.errors);
    open.push(next.cause);
  }
  return causes;
}
