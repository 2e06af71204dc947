/**
 * Mail in: taken, stored, decided right after, in order. What a door needs (`MailReceiver`), and the loop that decides
 * what is stored. Knows no socket and no rule.
 *
 *   receive -> read, mask, batch -> commit -> 250        wake -> claim -> decide -> commit -> claim ... until none waits
 */
import type { Instant } from "../../domain/index.ts";
import { MAIL_SWEEP_MS, foldText } from "../../domain/index.ts";
import type { MailboxIr } from "../../compiler/index.ts";
import { hasOversizedAttachment } from "../../mail/index.ts";
import type { MailReceiver } from "../../mail/index.ts";
import { isStoreUnavailable, retryMail } from "../../store/index.ts";
import type { ActiveRules, EngineParts } from "../engine-parts.ts";
import { findMailbox, inEdition } from "./find-mailbox.ts";
import { decideWaitingMail, type DecideMailParts } from "./decide-waiting-mail.ts";
import type { MailCounters, MailSettings, RetryOutcome } from "./mail-types.ts";
import { MailReceipts } from "./mail-receipts.ts";
import { RememberedMails } from "./remembered-mails.ts";
import { TagList } from "./tag-list.ts";

export interface Mailroom extends MailReceiver {
  /** Decides a failed or ignored mail again, after its cause was mended. */
  readonly retry: (id: string, at: Instant) => Promise<RetryOutcome>;
  readonly counters: () => MailCounters;
  /** An attachment above IEP-19's limit: whoever hands it in is told, and nothing is stored. */
  readonly hasOversizedAttachment: (raw: Uint8Array) => boolean;
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
  const deciding: DecideMailParts = { ...options, remembered, tags: new TagList(parts), counters };
  const pump = createPump(async () => await decideWaitingMail(deciding), onFailure);
  const receipts = new MailReceipts({ ...options, mailboxes, remembered, counters, wake: pump.wake });
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
        return { kind: "unavailable" };
      }
    },
    retry: async (id, at) => {
      const before = await parts.store.transaction(
        async (transaction) => await retryMail(transaction, { id, at }),
      );
      if (before === undefined) return { kind: "not-found" };
      if (before.state === "received" || before.state === "processed")
        return { kind: "wrong-state", state: before.state };
      if (!before.hasRaw) return { kind: "gone" };
      pump.wake();
      return { kind: "queued" };
    },
    hasOversizedAttachment,
    counters: () => ({ ...counters }),
    idle: pump.idle,
    close: async () => {
      clearInterval(sweep);
      await receipts.close();
      await pump.close();
    },
  };
}

interface Pump {
  readonly wake: () => void;
  readonly idle: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** One round under way at most, and one more asked for while it runs. A round says when to look again. */
function createPump(
  round: () => Promise<{ readonly again: boolean; readonly atLatestMs: number | undefined }>,
  onFailure: MailroomOptions["onFailure"],
): Pump {
  let underWay: Promise<void> | undefined;
  let isAsked = false;
  let isClosed = false;
  let later: NodeJS.Timeout | undefined;
  const run = async (): Promise<void> => {
    do {
      isAsked = false;
      try {
        const { again, atLatestMs } = await round();
        if (again) isAsked = true;
        if (atLatestMs !== undefined && !isClosed) {
          clearTimeout(later);
          later = setTimeout(wake, atLatestMs);
          later.unref();
        }
      } catch (error) {
        // With Postgres away the sweep looks again.
        if (!isStoreUnavailable(error)) onFailure(error, undefined);
      }
    } while (isAsked && !isClosed);
    underWay = undefined;
  };
  const wake = (): void => {
    if (isClosed) return;
    isAsked = true;
    underWay ??= run();
  };
  return {
    wake,
    idle: async () => {
      while (underWay !== undefined) await underWay;
    },
    close: async () => {
      isClosed = true;
      clearTimeout(later);
      await underWay;
    },
  };
}
