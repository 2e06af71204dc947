/** What the mailroom is given and what it tells. Types only. */
import type { ReaderLimits } from "./mail-readers.ts";

export interface MailSettings {
  /** TOCSIN_TRUSTED_AUTHSERV */
  readonly trustedAuthserv: string | undefined;
  /** TOCSIN_MAIL_EDITION */
  readonly edition: "advanced" | "basic";
  /** Sender of our notices (TOCSIN_MAIL_FROM): mail from it is a loop. */
  readonly mailFrom: string;
  /** Value of `secret "name"`, asked at the moment of comparing. */
  readonly secretValue: (name: string) => string | undefined;
  /** Others than those of limits.ts: for tests that cannot wait. */
  readonly readerLimits?: Partial<ReaderLimits>;
}

export interface MailCounters {
  received: number;
  /** The same Message-ID in the same mailbox. */
  again: number;
  processed: number;
  ignored: number;
  failed: number;
  transactionMs: number;
}

export type RetryOutcome =
  | { readonly kind: "queued" }
  | { readonly kind: "not-found" }
  | { readonly kind: "wrong-state"; readonly state: string }
  /** Its raw message is kept no longer. */
  | { readonly kind: "gone" };
