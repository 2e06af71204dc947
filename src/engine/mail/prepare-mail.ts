/** What is done with a message before anything is kept: read, its size judged, its password masked. Pure: runs here or in a thread. */
import { hasOversizedAttachment, maskToken, readMailNow } from "../../mail/index.ts";
import type { ReadMail, ReadMailOptions } from "../../mail/index.ts";

export type PreparedMail =
  | { readonly kind: "prepared"; readonly read: ReadMail; readonly raw: Uint8Array }
  /** IEP-19. */
  | { readonly kind: "attachment-too-large" };

export function prepareMail(raw: Uint8Array, options: ReadMailOptions): PreparedMail {
  if (hasOversizedAttachment(raw)) return { kind: "attachment-too-large" };
  const read = readMailNow(raw, options);
  const password = read.token.kind === "token" ? read.token.token.values.PW : undefined;
  return { kind: "prepared", read, raw: maskToken(raw, password === undefined ? [] : [password]) };
}
