/** One attempt at one notice, by its channel. */
import type { Exchanger } from "../callouts/index.ts";
import { composeMail, type Notice } from "./compose-mail.ts";
import type { NoticeOutcome } from "./notice-outcome.ts";
import { buildMailer } from "./send-mail.ts";
import { sendWebhook } from "./send-webhook.ts";

export interface NoticeAttempt {
  readonly channel: "email" | "webhook";
  readonly notice: Notice;
  readonly timeoutMs: number;
  readonly at: number;
  readonly signal: AbortSignal;
}

export interface NoticeSender {
  send(attempt: NoticeAttempt): Promise<NoticeOutcome>;
}

export function buildNoticeSender(options: {
  readonly smtpUrl: string | undefined;
  readonly mailFrom: string;
  readonly exchanger: Exchanger;
  readonly mask: (text: string) => string;
}): NoticeSender {
  const mailer = options.smtpUrl === undefined ? undefined : buildMailer(options.smtpUrl);
  return {
    async send({ channel, notice, timeoutMs, at, signal }) {
      // Known secret values are masked in all that is shown (contract.md 4, Callouts).
      const masked = { ...notice, subject: options.mask(notice.subject), body: options.mask(notice.body) };
      if (channel === "webhook")
        return await sendWebhook(options.exchanger, masked, { timeoutMs, signal, at, mask: options.mask });
      if (mailer === undefined) return { kind: "no-transport" };
      const mail = composeMail(masked, options.mailFrom);
      if (typeof mail === "string") return { kind: "failed", error: mail, retry: false };
      return await mailer.send(mail, { timeoutMs, signal });
    },
  };
}
