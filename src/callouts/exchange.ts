/**
 * One HTTP exchange through the egress guard, with ky on undici: no redirects, no retries of its own, one time-out for
 * the whole call, the answer read to its start. Callouts and webhook notices both go through here.
 */
import ky from "ky";
import { fetch as undiciFetch, type Dispatcher } from "undici";
import { CALLOUT_RETRY_INTERVAL_MS_MAX, SECOND } from "../domain/index.ts";
import { readBounded, toResponseStart } from "./read-start.ts";
import { describeNetworkError, failure, type SendOutcome } from "./send-outcome.ts";

export interface Exchanger {
  readonly dispatcher: Dispatcher;
}

export interface ExchangeRequest {
  readonly method: string;
  readonly url: string;
  /** A text says which header cannot be sent. */
  readonly headers: Headers | string;
  readonly body: string | undefined;
  readonly timeoutMs: number;
  readonly rule: ExchangeRule;
  readonly mask: (text: string) => string;
  readonly signal: AbortSignal;
}

/** When an answer counts as success, and when trying again makes sense. */
export interface ExchangeRule {
  /** Empty: any 2xx. */
  readonly successStatuses: readonly number[];
  readonly retryOn4xx: boolean;
  readonly honourRetryAfter: boolean;
}

export async function exchange(exchanger: Exchanger, request: ExchangeRequest): Promise<SendOutcome> {
  if (typeof request.headers === "string") return failure(request.headers);
  if (request.signal.aborted) return { kind: "interrupted" };
  const timeout = AbortSignal.timeout(request.timeoutMs);
  const signal = AbortSignal.any([request.signal, timeout]);
  try {
    const response = await send(exchanger, request, request.headers, signal);
    const status = response.status;
    const text = await withinSignal(readBounded(response.body), signal);
    const responseStart = toResponseStart(request.mask(text));
    if (isSuccess(status, request.rule)) return { kind: "succeeded", status, responseStart };
    return {
      kind: "failed",
      status,
      error: `HTTP ${status}`,
      retry: request.rule.retryOn4xx || status < 400 || status > 499,
      retryAfterMs: request.rule.honourRetryAfter ? retryAfterMs(response.headers) : undefined,
      responseStart,
    };
  } catch (thrown) {
    if (request.signal.aborted) return { kind: "interrupted" };
    if (timeout.aborted) return failure(`no answer within ${request.timeoutMs / SECOND} s`);
    const { error, retry } = describeNetworkError(thrown);
    return failure(request.mask(error), retry);
  }
}

/** ky's Request is Node's own and undici's fetch knows only its own: hand over the parts. */
async function send(
  exchanger: Exchanger,
  { method, url, body }: ExchangeRequest,
  headers: Headers,
  signal: AbortSignal,
): Promise<Response> {
  return ky(url, {
    method,
    headers,
    ...(body === undefined || method === "GET" ? {} : { body }),
    redirect: "manual",
    throwHttpErrors: false,
    retry: 0,
    timeout: false,
    signal,
    fetch: async (request) => {
      const asked = request instanceof Request ? request : new Request(request);
      const response = await undiciFetch(asked.url, {
        method: asked.method,
        headers: [...asked.headers],
        body: body === undefined || method === "GET" ? null : body,
        redirect: "manual",
        signal,
        dispatcher: exchanger.dispatcher,
      });
      return response;
    },
  });
}

function isSuccess(status: number, rule: ExchangeRule): boolean {
  if (rule.successStatuses.length > 0) return rule.successStatuses.includes(status);
  return status >= 200 && status <= 299;
}

/** Seconds, or a date in one of HTTP's three forms (RFC 9110 5.6.7, 10.2.3); anything else is as if it were not there. */
function retryAfterMs(headers: Headers): number | undefined {
  const text = headers.get("retry-after")?.trim() ?? "";
  // Digits without end are infinite: as long as may be.
  const ms = /^\d+$/u.test(text) ? Number(text) * SECOND : parseHttpDate(text) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), CALLOUT_RETRY_INTERVAL_MS_MAX);
}

const HTTP_DATES = [
  /^\w{3}, \d{2} \w{3} \d{4} \d{2}:\d{2}:\d{2} GMT$/u,
  /^\w{6,9}, \d{2}-\w{3}-\d{2} \d{2}:\d{2}:\d{2} GMT$/u,
  /^\w{3} \w{3} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/u,
];

/** NaN for anything else: `Date.parse` alone reads "-5" as a day in May, and the last form as local time. */
function parseHttpDate(text: string): number {
  if (!HTTP_DATES.some((form) => form.test(text))) return Number.NaN;
  return Date.parse(text.endsWith("GMT") ? text : `${text} GMT`);
}

/** A body that hangs ends with the signal even where the stream does not notice. */
async function withinSignal<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let stop: (() => void) | undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = (): void => reject(signal.reason as Error);
    signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    if (stop !== undefined) signal.removeEventListener("abort", stop);
  }
}
