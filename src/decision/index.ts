/** The door of decision: (view, events, rules) -> effects. Pure. */
export { applyEffects, emptyDesk, viewOf, type MemoryDesk } from "./apply-effects.ts";
export { clockName, hasClocks, nextSchedules, ticketDeadlines, type TicketDeadline } from "./deadlines.ts";
export { isSettled, keepReceipts, receiptsKept, type KeptReceipts } from "./count-receipts.ts";
export { decide } from "./decide.ts";
export { dedupKeyOf, identityOf, onceKey, parseRecordKey, recordKey, type RecordAddress } from "./keys.ts";
export { endOfHold } from "./event-result.ts";
export { planNeeds } from "./plan-needs.ts";
export { breakerNotices, testDelivery } from "./steering.ts";
export {
  scheduledMoment,
  timedRulesOf,
  type ClockRule,
  type ScheduleRule,
  type ScheduleTimes,
  type TimedRules,
} from "./rule-times.ts";
export { attributeMail } from "./mail/attribute-mail.ts";
export { mailFacts } from "./mail/mail-facts.ts";
export {
  acceptedToken,
  duplicateQuestions,
  mailLockKeys,
  mailQuestions,
  senderOf,
} from "./mail/mail-questions.ts";
export type * from "./mail/mail-types.ts";
export { absencesOf, silence } from "./watch-silence.ts";
export type * from "./types.ts";
