/**
 * Mail in: taken, stored, decided right after, in order. What a door needs (`MailReceiver`), and the loop that decides
 * what is stored. Knows no socket and no rule.
 *
 *   receive -> read, mask, batch -> commit -> 250        wake -> claim -> decide -> commit -> claim ... until none waits
 */
import type { Instant } from "../../domain/index.ts";
import { MAIL_SWEEP_MS, foldText } from "../../domain/index.ts";
import type { MailboxIr } from "../../compiler/index.ts";
import type { MailReceiver } from "../../mail/index.ts";
import { giveBackMails, isStoreUnavailable, retryMail } from "../../store/index.ts";
import type { ActiveRules, EngineParts } from "../engine-parts.ts";
import { findMailbox, inEdition } from "./find-mailbox.ts";
import { decideWaitingMail, readLarge, type DecideMailParts } from "./decide-waiting-mail.ts";
import { MailReaders, MailUnreadable } from "./mail-readers.ts";
import type { MailCounters, MailSettings, RetryOutcome } from "./mail-types.ts";
import { MailReceipts } from "./mail-receipts.ts";
import { createPump } from "./pump.ts";
import { ReadAhead } from "./read-ahead.ts";
import { RememberedMails } from "./remembered-mails.ts";
import { TagList } from "./tag-list.ts";

export interface Mailroom extends MailReceiver {
  /** Decides a failed or ignored mail again, after its cause was mended. */
  readonly retry: (id: string, at: Instant) => Promise<RetryOutcome>;
  readonly counters: () => MailCounters;
  /** Resolves when nothing waits that may be decided now: for tests, and for stopping. */
  readonly idle: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface MailroomOptions extends MailSettings {
  readonly parts: EngineParts;
  readonly rules: () => ActiveRules | undefined;
  readonly onFailure: (error: unknown, mailId: string | undefined) => void;
}

export function createMailroom(options: MailroomOptions): Mailroom {
  const { parts, rules, onFailure } = options;
  const remembered = new RememberedMails();
  const counters: MailCounters = {
    received: 0,
    again: 0,
    processed: 0,
    ignored: 0,
    failed: 0,
    transactionMs: 0,
  };
  const mailboxes = (): readonly MailboxIr[] => inEdition(rules()?.rules.ir.mailboxes ?? [], options.edition);
  const readers = new MailReaders(options.readerLimits);
  const readAhead = createReadAhead(options, readers, () => pump.wake());
  const deciding: DecideMailParts = {
    ...options,
    readers,
    readAhead,
    remembered,
    tags: new TagList(parts),
    counters,
  };
  const pump = createPump({
    round: async () => await decideWaitingMail(deciding),
    stormAt: () => receipts.stormAt,
    onFailure,
  });
  const receipts = new MailReceipts({
    ...options,
    mailboxes,
    readers,
    remembered,
    counters,
    wake: pump.wake,
  });
  const sweep = setInterval(pump.wake, MAIL_SWEEP_MS);
  sweep.unref();
  pump.wake();
  return {
    mailboxOf: (address) => {
      const found = findMailbox(mailboxes(), address);
      if (found === undefined) return { state: "unknown", mailbox: undefined };
      return { state: found.active ? "active" : "inactive", mailbox: found.address };
    },
    receive: async (mail) => {
      const known = mailboxes().find(({ address }) => foldText(address) === foldText(mail.mailbox));
      if (known?.active !== true) return { kind: "no-mailbox" };
      try {
        return await receipts.add({ ...mail, mailbox: known.address });
      } catch (error) {
        if (!isStoreUnavailable(error)) onFailure(error, undefined);
        return { kind: error instanceof MailUnreadable ? "unreadable" : "unavailable" };
      }
    },
    retry: async (id, at) => await retry(parts, pump.wake, { id, at }),
    counters: () => ({ ...counters }),
    idle: pump.idle,
    close: async () => {
      clearInterval(sweep);
      readAhead.close();
      await readers.close();
      await receipts.close();
      await pump.close();
    },
  };
}

function createReadAhead(options: MailroomOptions, readers: MailReaders, wake: () => void): ReadAhead {
  const { parts, onFailure } = options;
  return new ReadAhead({
    read: async (mail) => await readLarge({ ...options, readers }, mail),
    giveBack: async ({ id }) => {
      await giveBackMails(parts.store, { ids: [id], nextAt: parts.now() });
      wake();
    },
    onFailure: (error, id) => {
      if (!isStoreUnavailable(error)) onFailure(error, id);
    },
  });
}

async function retry(
  { store }: EngineParts,
  wake: () => void,
  mail: { readonly id: string; readonly at: Instant },
): Promise<RetryOutcome> {
  const before = await store.transaction(async (transaction) => await retryMail(transaction, mail));
  if (before === undefined) return { kind: "not-found" };
  if (before.state === "received" || before.state === "processed")
    return { kind: "wrong-state", state: before.state };
  if (!before.hasRaw) return { kind: "gone" };
  wake();
  return { kind: "queued" };
}
