/** What a mail can be and become, in words that store, decision and answers share. Knows nothing of how it is read. */

/** `X-Loop` of our own mail: what writes it and what looks for it agree here. */
export const LOOP_MARK = "tocsin";

export type MailState = "received" | "processed" | "ignored" | "failed";

/** IEP-2: the six objects. */
export type MailObject =
  "ticket" | "ticket note" | "ticket time entry" | "project note" | "task note" | "task time entry";

/** What duplicates are found by (DUP-3); each within one organization (DUP-2). */
export type DuplicateKey = "alert id" | "ticket id" | "ticket number";
