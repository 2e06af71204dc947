/**
 * Takes mails and stores them, many in one transaction: answered when it has committed. A mail is read here already,
 * because its password is compared and masked before anything is kept (ATES-3). Decides nothing else.
 */
import {
  MAIL_KEPT_CHARACTERS_MAX,
  MAIL_RECEIVE_BATCH_BYTES_MAX,
  MAIL_RECEIVE_BATCH_MAX,
  MAIL_STORM_MIN,
  MAIL_WAITING_BYTES_MAX,
} from "../../domain/index.ts";
import type { MailboxIr } from "../../compiler/index.ts";
import { senderOf } from "../../decision/index.ts";
import type { ArrivedMail, MailReceipt, ReadMail } from "../../mail/index.ts";
import { insertMails, isStoreUnavailable, mailLane, messageKey } from "../../store/index.ts";
import type { NewMail } from "../../store/index.ts";
import type { EngineParts } from "../engine-parts.ts";
import { EngineUnavailable } from "../engine-unavailable.ts";
import type { MailReaders } from "./mail-readers.ts";
import type { MailCounters, MailSettings } from "./mail-types.ts";
import type { RememberedMails } from "./remembered-mails.ts";
import { hashPassword, isAcceptedPassword } from "./token-password.ts";

export interface MailReceiptParts extends MailSettings {
  readonly parts: EngineParts;
  readonly mailboxes: () => readonly MailboxIr[];
  readonly readers: MailReaders;
  readonly remembered: RememberedMails;
  readonly counters: MailCounters;
  readonly wake: () => void;
}

interface Waiting {
  readonly mail: NewMail;
  readonly read: ReadMail;
  readonly resolve: (receipt: MailReceipt) => void;
  readonly reject: (error: unknown) => void;
}

/** While one commits the next fills: two keep the disk busy without splitting what could go together. */
const UNDER_WAY_MAX = 2;

export class MailReceipts {
  readonly #parts: MailReceiptParts;
  #waiting: Waiting[] = [];
  #waitingBytes = 0;
  #underWay = 0;
  /** Taken and not answered yet. */
  #inHand = 0;
  #stormAt = -Infinity;
  #isClosed = false;
  #onIdle: (() => void) | undefined;

  constructor(parts: MailReceiptParts) {
    this.#parts = parts;
  }

  /** Throws: StoreUnavailable, EngineUnavailable, MailUnreadable; then nothing of the mail is kept. */
  async add(arrived: ArrivedMail): Promise<MailReceipt> {
    if (this.#isClosed) throw new EngineUnavailable("the engine is closing");
    if (this.#waitingBytes + arrived.raw.length > MAIL_WAITING_BYTES_MAX)
      throw new EngineUnavailable("too much mail waits already");
    this.#waitingBytes += arrived.raw.length;
    this.#inHand += 1;
    if (this.#inHand >= MAIL_STORM_MIN) this.#stormAt = performance.now();
    try {
      const prepared = await this.#prepare(arrived);
      if (prepared === undefined) return { kind: "attachment-too-large" };
      const { mail, read } = prepared;
      return await new Promise<MailReceipt>((resolve, reject) => {
        this.#waiting.push({ mail, read, resolve, reject });
        setImmediate(() => this.#flush());
      });
    } finally {
      this.#waitingBytes -= arrived.raw.length;
      this.#inHand -= 1;
      if (this.#inHand === 0) this.#onIdle?.();
    }
  }

  /** When so many were in hand at once for the last time; units: those of `performance.now()`. */
  get stormAt(): number {
    return this.#stormAt;
  }

  /** Resolves when what was taken is answered. */
  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#inHand === 0) return;
    await new Promise<void>((resolve) => {
      this.#onIdle = resolve;
    });
  }

  /** Undefined: an attachment is too large. */
  async #prepare(
    arrived: ArrivedMail,
  ): Promise<{ readonly mail: NewMail; readonly read: ReadMail } | undefined> {
    const { parts, mailboxes, readers, trustedAuthserv, mailFrom } = this.#parts;
    const known = mailboxes();
    const prepared = await readers.prepare(arrived.raw, {
      trustedAuthserv,
      envelopeFrom: arrived.envelopeFrom,
      ownAddresses: ownAddresses(known, mailFrom),
    });
    if (prepared.kind === "attachment-too-large") return undefined;
    const { read, raw } = prepared;
    const isForTokens = known.some(
      (one) => one.address === arrived.mailbox && one.tokenPassword !== undefined,
    );
    const password = read.token.kind === "token" ? read.token.token.values.PW : undefined;
    const accepted =
      isForTokens && read.token.kind === "token"
        ? isAcceptedPassword(password, known, this.#parts)
        : undefined;
    const mail: NewMail = {
      id: parts.newId("ml", arrived.receivedAt),
      mailbox: arrived.mailbox,
      messageId: cut(read.messageId),
      // Of what was sent, before a password was masked: a new password is another mail.
      messageKey: messageKey(read.messageId, arrived.raw),
      lane: mailLane(arrived.mailbox, arrived.envelopeFrom),
      receivedAt: arrived.receivedAt,
      envelopeFrom: cut(arrived.envelopeFrom) ?? "",
      envelopeTo: arrived.envelopeTo.map((address) => cut(address) ?? ""),
      peer: arrived.peer,
      sender: cut(senderOf(read)),
      subject: cut(read.subject) ?? "",
      tokenAccepted: accepted,
      tokenHash: accepted === false && password !== undefined ? await hashPassword(password) : undefined,
      raw,
    };
    return { mail, read };
  }

  #flush(): void {
    while (this.#waiting.length > 0 && this.#underWay < UNDER_WAY_MAX) {
      const batch = this.#waiting.splice(0, this.#batchLength());
      this.#underWay += 1;
      void this.#store(batch).finally(() => {
        this.#underWay -= 1;
        this.#flush();
      });
    }
  }

  #batchLength(): number {
    let bytes = 0;
    for (const [i, { mail }] of this.#waiting.entries()) {
      bytes += mail.raw.length;
      if (i > 0 && (i >= MAIL_RECEIVE_BATCH_MAX || bytes > MAIL_RECEIVE_BATCH_BYTES_MAX)) return i;
    }
    return this.#waiting.length;
  }

  /** A batch fails as a whole; where Postgres is there, halves find the mail that it is about. */
  async #store(batch: readonly Waiting[]): Promise<void> {
    const { parts, remembered, counters, wake } = this.#parts;
    try {
      const stored = await parts.store.transaction(
        async (transaction) =>
          await insertMails(
            transaction,
            batch.map(({ mail }) => mail),
          ),
      );
      for (const { mail, read, resolve } of batch) {
        const id = stored.get(mail.id) ?? mail.id;
        const again = id !== mail.id;
        if (again) counters.again += 1;
        else {
          counters.received += 1;
          remembered.remember(id, read, mail.raw.length);
        }
        resolve({ kind: "stored", id, again });
      }
      wake();
    } catch (error) {
      if (isStoreUnavailable(error) || batch.length === 1) {
        for (const { reject } of batch) reject(error);
        return;
      }
      const middle = Math.ceil(batch.length / 2);
      await this.#store(batch.slice(0, middle));
      await this.#store(batch.slice(middle));
    }
  }
}

/** Mail from these comes from ourselves. */
export function ownAddresses(mailboxes: readonly MailboxIr[], mailFrom: string): readonly string[] {
  const sender = /<([^<>]+)>\s*$/u.exec(mailFrom)?.[1] ?? mailFrom.trim();
  return [...mailboxes.map(({ address }) => address), sender];
}

/** NUL is nothing that Postgres keeps; the length is bounded like everything. */
function cut(text: string | undefined): string | undefined {
  return text?.replaceAll("\u0000", "\ufffd").slice(0, MAIL_KEPT_CHARACTERS_MAX).toWellFormed();
}
