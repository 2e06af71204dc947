/** Mails as they were read at receipt, until they are decided a moment later: bounded, and only to spare reading twice. */
import type { ReadMail } from "../../mail/index.ts";

const REMEMBERED_MAX = 2000;
/** Larger ones are read again. */
const BYTES_MAX = 128 * 1024;

export class RememberedMails {
  readonly #reads = new Map<string, ReadMail>();

  /** Without the password, which is compared already. */
  remember(id: string, read: ReadMail, bytes: number): void {
    if (bytes > BYTES_MAX || this.#reads.size >= REMEMBERED_MAX) return;
    this.#reads.set(id, withoutPassword(read));
  }

  take(id: string): ReadMail | undefined {
    const read = this.#reads.get(id);
    this.#reads.delete(id);
    return read;
  }
}

function withoutPassword(read: ReadMail): ReadMail {
  if (read.token.kind !== "token") return read;
  const { PW: _, ...values } = read.token.token.values;
  return { ...read, token: { ...read.token, token: { ...read.token.token, values } } };
}
