/** Which mailbox an address means: without case, sub-addresses (`alerts+x@...`) are the mailbox's. Pure. */
import type { MailboxIr } from "../../compiler/index.ts";

export function findMailbox(mailboxes: readonly MailboxIr[], address: string): MailboxIr | undefined {
  const wanted = address.trim().toLowerCase();
  const same = mailboxes.find((one) => one.address.toLowerCase() === wanted);
  if (same !== undefined) return same;
  const at = wanted.lastIndexOf("@");
  const plus = wanted.indexOf("+");
  if (plus <= 0 || plus > at) return undefined;
  const plain = wanted.slice(0, plus) + wanted.slice(at);
  return mailboxes.find((one) => one.address.toLowerCase() === plain);
}
