/**
 * The answer to a mail (IEP-17, NT-1, ATES-18): success or failure by the mailbox's template, to the envelope sender,
 * never to automatic mail, a failure at most once in a while. Knows nothing of SMTP.
 */
import type { MailboxIr, TemplateIr } from "../../compiler/index.ts";
import { NO_BINDINGS, renderText } from "../../matcher/index.ts";
import { gaps } from "../field-value.ts";
import type { Handling } from "../handling.ts";
import { oneLine } from "../ticket-fields.ts";
import type { MailEvent } from "./mail-types.ts";
import { bareSnapshot } from "../../domain/index.ts";

/** After the rules: the ticket is told as they left it. */
export function answerMail(handling: Handling, event: MailEvent): void {
  const { mail } = handling;
  const mailbox = handling.ir.mailboxes?.find(({ address }) => address === event.mail.mailbox);
  if (mail?.result === undefined || mailbox === undefined) return;
  const { state } = mail.result;
  // What is ignored is never answered: private, automatic, looping, repeated without end.
  const name =
    state === "processed" ? mailbox.replySuccess : state === "failed" ? mailbox.replyFailure : undefined;
  const template = name === undefined ? undefined : handling.ir.templates.get(name);
  if (template === undefined) return;
  const unsent = whyNot(event, mailbox, state === "failed");
  const notice =
    unsent ?? `${state === "failed" ? "failure" : "success"} told to ${event.mail.envelopeFrom.trim()}`;
  mail.result = { ...mail.result, explanation: { ...mail.result.explanation, notice } };
  if (unsent !== undefined) return;
  send(handling, event, { mailbox, template });
  mail.toldFailure = state === "failed";
}

function whyNot({ mail, found }: MailEvent, mailbox: MailboxIr, isFailure: boolean): string | undefined {
  const to = mail.envelopeFrom.trim().toLowerCase();
  if (to === "") return "not told: the mail has no envelope sender";
  if (mail.read.automatic !== undefined) return "not told: the mail was written by a machine";
  if (to === mailbox.address.toLowerCase()) return "not told: the sender is the mailbox itself";
  if (isFailure && found.failureTold) return "not told: the sender was told a failure a short while ago";
  return undefined;
}

function send(
  handling: Handling,
  { mail }: MailEvent,
  { mailbox, template }: { readonly mailbox: MailboxIr; readonly template: TemplateIr },
): void {
  const ticketId = handling.mail?.result?.ticketId;
  const ticket = ticketId === undefined ? undefined : handling.desk.ticket(ticketId);
  const snapshot = { ...bareSnapshot("ticket-created", handling.at), ticket, mail: handling.mail?.facts };
  const context = { snapshot, bindings: NO_BINDINGS, now: handling.at, zone: handling.ir.zone };
  const subject = renderText(template.subject, context);
  const body = renderText(template.body, context);
  const where = `template "${template.name}"`;
  handling.warnings.push(...gaps([...subject.missing, ...body.missing], where));
  const { messageId, references } = mail.read;
  handling.desk.emit({
    kind: "notify",
    notification: {
      recipient: mail.envelopeFrom.trim(),
      channel: "email",
      to: mail.envelopeFrom.trim(),
      subject: oneLine(subject.text),
      body: body.text,
      ticketId: ticket?.id,
      rule: undefined,
      callout: undefined,
      at: handling.at,
      reply: {
        inReplyTo: messageId,
        references: messageId === undefined ? references : [...references, messageId],
        replyTo: mailbox.address,
      },
    },
  });
}
