/**
 * Which mailboxes take mail, and which of them an address means: without case, sub-addresses (`alerts+x@...`) are the mailbox's.
 * Pure.
 */
import type { MailboxIr } from "../../compiler/index.ts";
import { MAILBOXES_ACTIVE_BASIC_MAX } from "../../domain/index.ts";

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

/**
 * IEP-13: a set that was published in the advanced edition and has too many active mailboxes for the basic one takes mail
 * for none of them, until one is left; the mailbox for token mail stays.
 */
export function inEdition(
  mailboxes: readonly MailboxIr[],
  edition: "advanced" | "basic",
): readonly MailboxIr[] {
  if (edition === "advanced") return mailboxes;
  const ates = mailboxes.find(({ active, tokenPassword }) => active && tokenPassword !== undefined);
  const custom = mailboxes.filter((one) => one.active && one !== ates);
  if (custom.length <= MAILBOXES_ACTIVE_BASIC_MAX) return mailboxes;
  return mailboxes.map((one) => (one === ates ? one : { ...one, active: false }));
}
