/**
 * Large mails that wait for their decision are read in a thread, one after another, while the others are decided; then they are given
 * back to be claimed. One message and what it says are in memory at a time. Knows no rule.
 *
 *   claimed, large -> begin -> [read ...] -> ready, given back -> claimed again -> take -> decided
 */
import { setTimeout as sleep } from "node:timers/promises";
import { MAIL_LEASE_MS } from "../../domain/index.ts";
import type { ReadMail } from "../../mail/index.ts";
import type { WaitingMail } from "../../store/index.ts";

export interface ReadAheadParts {
  /** What the mail says, or why that cannot be said. */
  readonly read: (mail: WaitingMail) => Promise<ReadMail | string>;
  /** Whoever claims it next may decide it. */
  readonly giveBack: (mail: WaitingMail) => Promise<void>;
  readonly onFailure: (error: unknown, mailId: string) => void;
}

interface Ready {
  readonly id: string;
  readonly outcome: ReadMail | string;
  readonly taken: () => void;
}

export class ReadAhead {
  readonly #parts: ReadAheadParts;
  readonly #waiting = new Map<string, WaitingMail>();
  #ready: Ready | undefined;
  #isRunning = false;
  readonly #closing = new AbortController();

  constructor(parts: ReadAheadParts) {
    this.#parts = parts;
  }

  begin(mail: WaitingMail): void {
    this.#waiting.set(mail.id, mail);
    if (!this.#isRunning) void this.#run();
  }

  take(id: string): ReadMail | string | undefined {
    if (this.#ready?.id !== id) return undefined;
    const { outcome, taken } = this.#ready;
    this.#ready = undefined;
    taken();
    return outcome;
  }

  close(): void {
    this.#closing.abort();
    this.#waiting.clear();
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    for (;;) {
      const [mail] = this.#waiting.values();
      if (mail === undefined || this.#closing.signal.aborted) break;
      try {
        await this.#readOne(mail);
      } catch (error) {
        // The claim runs out, and somebody reads it again.
        this.#parts.onFailure(error, mail.id);
      }
      this.#waiting.delete(mail.id);
    }
    this.#isRunning = false;
  }

  async #readOne(mail: WaitingMail): Promise<void> {
    const outcome = await this.#parts.read(mail);
    if (this.#closing.signal.aborted) return;
    const isTaken = new Promise<void>((resolve) => {
      this.#ready = { id: mail.id, outcome, taken: resolve };
    });
    this.#waiting.delete(mail.id);
    await this.#parts.giveBack(mail);
    // Another process may have been quicker: then nobody takes it here.
    const stop = new AbortController();
    await Promise.race([
      isTaken,
      sleep(MAIL_LEASE_MS, undefined, {
        signal: AbortSignal.any([stop.signal, this.#closing.signal]),
        ref: false,
      }),
    ]).catch((error: unknown) => {
      if (!this.#closing.signal.aborted) throw error;
    });
    stop.abort();
    this.#ready = undefined;
  }
}
