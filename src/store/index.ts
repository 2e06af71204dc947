/** The door of store: the only room with pg. Operations take what they run on (`Queryable`); nobody outside writes SQL. */
export { migrate } from "./migrate.ts";
export type { Queryable, Statement, Transaction } from "./statement.ts";
export { openStore } from "./store.ts";
export type { Store, StoreOptions } from "./store.ts";
export { isStoreUnavailable, troubleOf, type StoreTrouble } from "./store-unavailable.ts";
export * from "./clocks/index.ts";
export * from "./deliveries/index.ts";
export * from "./mail/index.ts";
export * from "./notifications/index.ts";
export * from "./outbox/index.ts";
export {
  countOldFirings,
  deleteExpired,
  foldFirings,
  isSwept,
  newSweep,
  type Expiry,
} from "./retention/index.ts";
export * from "./waiting/index.ts";
export * from "./windows/index.ts";
// What a batch of the engine reads, locks and writes; one operation a file.
export { insertAlerts, type DecidedAlert } from "./alerts/insert-alerts.ts";
export { insertDisagreements, insertFirings } from "./alerts/insert-firings.ts";
export { linkAlerts, type AlertLink } from "./alerts/link-alerts.ts";
export { lockDedupKeys } from "./alerts/lock-dedup-keys.ts";
export { noteAlerts, type LateAnswer } from "./alerts/note-alerts.ts";
export { lockOnceKeys, updateOnceKeys, type OnceTicket } from "./alerts/once-keys.ts";
export {
  selectAttribution,
  type Attribution,
  type AttributionQuestion,
} from "./alerts/select-attribution.ts";
export { selectFirstAnswers, type FirstAnswer } from "./alerts/select-first-answers.ts";
export { selectLatestAlerts } from "./alerts/select-latest-alerts.ts";
export { takeDeliveries, type DeliveryClaim } from "./alerts/take-deliveries.ts";
export { countKeyDigest, deliveryKey } from "./digest.ts";
export { listenChannel } from "./listen-channel.ts";
export { createIdSource, type IdPrefix, type NewId } from "./new-id.ts";
export { CHANNELS, notifyChannel, type Channel } from "./notify-channel.ts";
export { ensureOwnOrganization } from "./records/ensure-own-organization.ts";
export { loadRecords, type LoadedRecord } from "./records/load-records.ts";
export { lockOrganizations } from "./records/lock-organizations.ts";
export { selectInstallation } from "./records/select-installation.ts";
export {
  insertHistory,
  insertNotes,
  insertTimeEntries,
  type HistoryLine,
  type NewNote,
  type NewTimeEntry,
} from "./tickets/insert-ticket-entries.ts";
export { insertTickets } from "./tickets/insert-tickets.ts";
export { leaseTicketNumbers, ticketNumber } from "./tickets/lease-ticket-numbers.ts";
export { loadTickets, type TicketQuestion } from "./tickets/load-tickets.ts";
export { readTicket } from "./tickets/read-ticket.ts";
export { selectTicketsOfIdentities } from "./tickets/select-tickets-of-identities.ts";
export { selectTicketId } from "./tickets/select-ticket-id.ts";
export { touchTickets, updateTickets } from "./tickets/update-tickets.ts";
export * from "./workers/index.ts";
