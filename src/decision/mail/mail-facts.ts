/** What rules read of a mail (`mail.*`), bounded: it is kept with the mail for later conditions. Knows no ticket. */
import { MAIL_ADDRESSES_MAX, MAIL_KEPT_CHARACTERS_MAX } from "../../domain/index.ts";
import type { MailFacts } from "../../domain/index.ts";
import { cutText } from "../ticket-fields.ts";
import { senderOf } from "./mail-questions.ts";
import type { MailToDecide } from "./mail-types.ts";

export function mailFacts({ read, mailbox, envelopeFrom }: MailToDecide): MailFacts {
  const addresses = [...read.to, ...read.cc].slice(0, MAIL_ADDRESSES_MAX).map(({ address }) => kept(address));
  return {
    from: kept(senderOf(read) ?? envelopeFrom),
    to: [...new Set(addresses)],
    subject: kept(read.subject),
    mailbox,
    authenticated: read.authentication?.passed === true,
    headers: Object.fromEntries(Object.entries(read.headers).map(([name, value]) => [name, kept(value)])),
  };
}

function kept(text: string): string {
  return cutText(text, MAIL_KEPT_CHARACTERS_MAX);
}
