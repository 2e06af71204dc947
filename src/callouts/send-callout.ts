/** Sends one attempt of a callout: the stored request with its secrets filled in, one answer read to its start. Knows no ticket, no database. */
import type { CalloutRequest, DeliverySchedule } from "../decision/index.ts";
import { basicCredential, buildHeaders } from "./headers.ts";
import { needSecret, SecretUnusable, type Secrets } from "./secrets.ts";
import { failure, type SendOutcome } from "./send-outcome.ts";
import { exchange, type Exchanger } from "./exchange.ts";
import { signatureHeader, signingKey } from "./sign.ts";

export interface CalloutAttempt {
  /** The same on every attempt: receivers recognise a repetition by it. */
  readonly deliveryId: string;
  readonly request: CalloutRequest;
  readonly schedule: Pick<
    DeliverySchedule,
    "timeoutMs" | "successStatuses" | "retryOn4xx" | "honourRetryAfter"
  >;
  /** Of the attempt. Units: milliseconds since 1970 UTC. */
  readonly at: number;
  /** Cuts the call off: the outcome is then `interrupted`. */
  readonly signal: AbortSignal;
}

export interface CalloutSender {
  send(attempt: CalloutAttempt): Promise<SendOutcome>;
}

export function buildCalloutSender(exchanger: Exchanger, secrets: Secrets): CalloutSender {
  return {
    async send(attempt) {
      const { request, schedule } = attempt;
      let prepared: Prepared;
      try {
        prepared = prepare(attempt, secrets);
      } catch (thrown) {
        if (thrown instanceof SecretUnusable) return failure(thrown.message);
        throw thrown;
      }
      return exchange(exchanger, {
        method: request.method,
        url: request.url,
        headers: prepared.headers,
        body: request.body,
        timeoutMs: schedule.timeoutMs,
        rule: schedule,
        mask: (text) => prepared.secrets.mask(text),
        signal: attempt.signal,
      });
    },
  };
}

interface Prepared {
  readonly headers: Headers | string;
  readonly secrets: Secrets;
}

function prepare({ deliveryId, request, at }: CalloutAttempt, secrets: Secrets): Prepared {
  const { auth } = request;
  const timestamp = Math.floor(at / 1000);
  const own: [string, string][] = [
    ["webhook-id", deliveryId],
    ["webhook-timestamp", String(timestamp)],
  ];
  let masking = secrets;
  switch (auth.kind) {
    case "none":
      break;
    case "basic": {
      const user = typeof auth.user === "string" ? auth.user : needSecret(secrets, auth.user.secret);
      const password = needSecret(secrets, auth.password.secret);
      masking = secrets.withBasic(user, password);
      own.push(["authorization", basicCredential(user, password)]);
      break;
    }
    case "bearer":
      own.push(["authorization", `Bearer ${needSecret(secrets, auth.token.secret)}`]);
      break;
    case "header":
      own.push([auth.header, needSecret(secrets, auth.value.secret)]);
      break;
  }
  if (request.signWith.length > 0) {
    const keys = request.signWith.map((name) => signingKey(secrets, name));
    own.push([
      "webhook-signature",
      signatureHeader({ id: deliveryId, timestamp, body: request.body ?? "" }, keys),
    ]);
  }
  return { headers: buildHeaders(request.headers, own), secrets: masking };
}
