/** Posts a notice as JSON (contract.md 4: `tocsin.notification`), through the same egress guard as callouts. */
import { buildHeaders, exchange, type Exchanger } from "../callouts/index.ts";
import { toRfc3339 } from "../domain/index.ts";
import type { Notice } from "./compose-mail.ts";
import type { NoticeOutcome } from "./notice-outcome.ts";

export async function sendWebhook(
  exchanger: Exchanger,
  notice: Notice,
  options: {
    readonly timeoutMs: number;
    readonly signal: AbortSignal;
    readonly at: number;
    readonly mask: (text: string) => string;
  },
): Promise<NoticeOutcome> {
  const outcome = await exchange(exchanger, {
    method: "POST",
    url: notice.to,
    headers: buildHeaders(
      [],
      [
        ["content-type", "application/json"],
        ["webhook-id", notice.id],
        ["webhook-timestamp", String(Math.floor(options.at / 1000))],
      ],
    ),
    body: toBody(notice),
    timeoutMs: options.timeoutMs,
    rule: { successStatuses: [], retryOn4xx: true, honourRetryAfter: false },
    mask: options.mask,
    signal: options.signal,
  });
  switch (outcome.kind) {
    case "succeeded":
      return { kind: "sent" };
    case "interrupted":
      return outcome;
    case "failed":
      return { kind: "failed", error: outcome.error, retry: outcome.retry };
  }
}

function toBody(notice: Notice): string {
  return JSON.stringify({
    type: "tocsin.notification",
    at: toRfc3339(notice.createdAt),
    recipient: notice.recipient,
    subject: notice.subject,
    text: notice.body,
    ticket: notice.ticket,
    rule: notice.rule,
    callout: notice.callout,
  });
}
