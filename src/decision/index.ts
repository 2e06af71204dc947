/** The door of decision: (view, events, rules) -> effects. Pure. */
export { applyEffects, emptyDesk, viewOf, type MemoryDesk } from "./apply-effects.ts";
export { nextSchedules, ticketDeadlines, type TicketDeadline } from "./deadlines.ts";
export { decide } from "./decide.ts";
export { dedupKeyOf, identityOf, onceKey, parseRecordKey, recordKey, type RecordAddress } from "./keys.ts";
export { planNeeds } from "./plan-needs.ts";
export type * from "./types.ts";
