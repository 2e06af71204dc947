/** Mail in the database: as it came, what became of it, whom it is about. */
export {
  claimMails,
  lockWaitingMails,
  selectRawMail,
  selectRawMails,
  type WaitingMail,
} from "./claim-mails.ts";
export {
  failMail,
  finishMails,
  giveBackMails,
  postponeMail,
  retryMail,
  selectMailFacts,
  selectMailsOfTickets,
  type DecidedMail,
} from "./finish-mails.ts";
export { insertMails, mailLane, messageKey, type NewMail } from "./insert-mails.ts";
export { writeWork, type WorkEffect } from "./insert-work.ts";
export { selectDuplicates, selectTags } from "./select-duplicates.ts";
export { selectMailFindings, type AskingMail, type Findings } from "./select-mail-findings.ts";
