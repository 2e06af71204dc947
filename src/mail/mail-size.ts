/** IEP-19 for doors: whether a message holds a file that is too large, before it is taken. */
import { MAIL_ATTACHMENT_BYTES_MAX } from "../domain/index.ts";
import { hasOversizedPart } from "./mail-text.ts";
import { readMessageTree } from "./message-part.ts";

/** Decoded size, as the person sees it; a message that is smaller as a whole is not looked at. */
export function hasOversizedAttachment(raw: Uint8Array): boolean {
  return raw.length > MAIL_ATTACHMENT_BYTES_MAX && hasOversizedPart(readMessageTree(raw));
}
