/**
 * Splits mails that are decided together into waves: what may concern the same thing is in different waves, in its order; the mails of
 * one wave cannot see each other, so they are looked up, decided and written together. Pure.
 *
 *   a1 b1 a2 c1 a3      ->      [a1 b1 c1] [a2] [a3]
 */
import type { MailboxIr, RuleSetIr } from "../../compiler/index.ts";
import { mailLockKeys, mailQuestions } from "../../decision/index.ts";
import type { MailToDecide } from "../../decision/index.ts";

export interface MailOfWave {
  readonly mail: MailToDecide;
  readonly mailbox: MailboxIr | undefined;
  readonly waiting: { readonly lane: string };
  readonly loopKey: string | undefined;
}

export function wavesOf<Mail extends MailOfWave>(
  mails: readonly Mail[],
  ir: RuleSetIr,
): readonly (readonly Mail[])[] {
  const waves: Mail[][] = [];
  /** By key: how many waves are over once the last mail that has it is decided. */
  const free = new Map<string, number>();
  for (const one of mails) {
    const keys = thingsOf(one, ir);
    const at = Math.max(0, ...keys.map((key) => free.get(key) ?? 0));
    (waves[at] ??= []).push(one);
    for (const key of keys) free.set(key, at + 1);
  }
  return waves;
}

/** Whatever a mail may read that another may have written, and the other way round. */
function thingsOf({ mail, mailbox, waiting, loopKey }: MailOfWave, ir: RuleSetIr): readonly string[] {
  const { messageId } = mail.read;
  const keys = [`lane ${waiting.lane}`];
  if (messageId !== undefined) keys.push(`message ${messageId}`);
  if (mailbox === undefined) return keys;
  const { sender, tokenEmail, numbers, messageIds } = mailQuestions(mail, mailbox);
  if (loopKey !== undefined) keys.push(`loop ${loopKey}`);
  // A token may make a contact of an address.
  for (const address of [sender, tokenEmail]) if (address !== undefined) keys.push(`address ${address}`);
  for (const { number } of numbers) keys.push(`number ${number}`);
  for (const id of messageIds) keys.push(`message ${id}`);
  for (const key of mailLockKeys(mail, mailbox, ir)) keys.push(`lock ${key}`);
  return keys;
}
