/** The door of notify: one attempt at a notice by e-mail or webhook. Knows no database, no Temporal. */
export { composeMail } from "./compose-mail.ts";
export type { Notice } from "./compose-mail.ts";
export type { NoticeOutcome } from "./notice-outcome.ts";
export { buildNoticeSender } from "./send-notice.ts";
export type { NoticeSender } from "./send-notice.ts";
