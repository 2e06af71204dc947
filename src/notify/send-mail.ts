/** Hands mail to the server of TOCSIN_SMTP_URL. One attempt, one time-out; knows no ticket. */
import { createTransport } from "nodemailer";
import type SMTPTransport from "nodemailer/lib/smtp-transport/index.js";
import type { Mail } from "./compose-mail.ts";
import type { NoticeOutcome } from "./notice-outcome.ts";

export interface Mailer {
  send(
    mail: Mail,
    options: { readonly timeoutMs: number; readonly signal: AbortSignal },
  ): Promise<NoticeOutcome>;
}

export function buildMailer(smtpUrl: string): Mailer {
  return {
    async send(mail, { timeoutMs, signal }) {
      if (signal.aborted) return { kind: "interrupted" };
      const transport = createTransport({
        url: smtpUrl,
        connectionTimeout: timeoutMs,
        greetingTimeout: timeoutMs,
        socketTimeout: timeoutMs,
        dnsTimeout: timeoutMs,
        disableFileAccess: true,
        disableUrlAccess: true,
      } as SMTPTransport.Options);
      const timeout = AbortSignal.timeout(timeoutMs);
      const stop = AbortSignal.any([signal, timeout]);
      try {
        await stopped(transport.sendMail({ ...mail, headers: { ...mail.headers } }), stop);
        return { kind: "sent" };
      } catch (thrown) {
        if (signal.aborted) return { kind: "interrupted" };
        if (timeout.aborted)
          return { kind: "failed", error: `no answer within ${timeoutMs / 1000} s`, retry: true };
        return { kind: "failed", ...describeSmtpError(thrown) };
      } finally {
        transport.close();
      }
    },
  };
}

async function stopped<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return await new Promise<T>((resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
    work.then(resolve, reject);
  });
}

/** 5yz answers are resent like all others: a full or misconfigured mail server is often mended within ten minutes. */
function describeSmtpError(thrown: unknown): { readonly error: string; readonly retry: boolean } {
  if (!(thrown instanceof Error)) return { error: "the mail server was not reached", retry: true };
  const code = "code" in thrown && typeof thrown.code === "string" ? thrown.code : "";
  const answer =
    "responseCode" in thrown && typeof thrown.responseCode === "number" ? thrown.responseCode : undefined;
  if (answer !== undefined) return { error: `the mail server answered ${answer}`, retry: true };
  const known = SMTP_ERRORS[code];
  return {
    error: known === undefined ? `the mail was not sent (${code || "unknown error"})` : `${known} (${code})`,
    retry: true,
  };
}

const SMTP_ERRORS: Readonly<Record<string, string>> = {
  ECONNECTION: "the mail server was not reached",
  ESOCKET: "the mail server was not reached",
  ETIMEDOUT: "the mail server did not answer in time",
  EDNS: "the mail server's name does not resolve",
  EAUTH: "the mail server did not accept the credentials",
  ETLS: "the mail server's certificate or TLS was not accepted",
  EENVELOPE: "the mail server did not accept the addresses",
};
