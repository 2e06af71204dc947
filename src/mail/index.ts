/**
 * The door of mail: raw bytes to what they say, and the same bytes without a token's password. Knows no sockets, no database, no tickets.
 *
 * Order for who stores: `readMail(raw)`, then keep `maskToken(raw, [token.values.PW])` and never `raw`.
 */
export { hasOversizedAttachment } from "./mail-size.ts";
export { maskToken } from "./mask-token.ts";
export { readMail, readMailNow, type ReadMailOptions } from "./read-mail.ts";
export { samePassword } from "./same-password.ts";
export type * from "./types.ts";
