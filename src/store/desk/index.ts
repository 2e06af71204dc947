/** The desk's door in store: what the API lists and edits. Alerts' and tickets' changes go through the engine. */
export {
  selectAlert,
  selectAlertAsDecided,
  selectAlerts,
  selectLatestByAlertId,
  type AlertFilter,
  type AlertRow,
  type FiringRow,
} from "./alerts.ts";
export {
  selectDeliveries,
  selectDelivery,
  selectDeliveryBefore,
  selectNotifications,
  type DeliveryFilter,
  type DeliveryRow,
  type NotificationFilter,
  type NotificationRow,
} from "./deliveries.ts";
export {
  insertKey,
  keyExists,
  revokeKey,
  selectKeys,
  selectLiveKey,
  type KeyActor,
  type KeyRole,
  type KeyRow,
  type NewKey,
  type StoredKey,
} from "./keys.ts";
export { selectFiringCounts, selectRulesFiredSince, type FiringCount } from "./firing-counts.ts";
export { newId } from "./ids.ts";
export {
  deleteMaintenanceWindow,
  insertMaintenanceWindow,
  selectMaintenanceWindow,
  selectMaintenanceWindows,
  type MaintenanceRow,
} from "./maintenance.ts";
export { mailExists, selectMail, selectMails, type MailFilter, type MailRow } from "./mails.ts";
export {
  CONTACTS,
  DEVICES,
  ORGANIZATIONS,
  RESOURCES,
  type ContactRow,
  type DeviceRow,
  type External,
  type OrganizationRow,
  type ResourceRow,
} from "./record-kinds.ts";
export {
  changeRecord,
  createRecord,
  deleteRecord,
  importRecords,
  selectByIdOrName,
  selectRecord,
  selectRecords,
  type DeleteOutcome,
  type RecordKind,
  type SaveOutcome,
} from "./records.ts";
export {
  insertRefusedAlerts,
  selectRefusedAlert,
  selectRefusedAlerts,
  type RefusedAlert,
  type RefusedRow,
} from "./refused-alerts.ts";
export { selectRuleSetBefore } from "./rule-audit.ts";
export {
  activateRuleSet,
  publishRuleSet,
  selectHashPublishedByUp,
  selectNumberInForce,
  selectRuleSet,
  selectRuleSetFiles,
  selectRuleSets,
  selectUdfs,
  type DeclaredUdf,
  type NewRuleSet,
  type RuleFile,
  type RuleSetRow,
  type SetInForce,
  type UdfRow,
} from "./rule-sets.ts";
export { selectCalloutSwitches, switchCallout, type CalloutSwitch } from "./callout-switches.ts";
export { selectAudit, type AuditRow } from "./audit.ts";
export { insertAudit, readiness, selectBacklog, type Backlog } from "./running.ts";
export { selectWaiting, type WaitingRow } from "./waiting.ts";
export { sortablePart, type Db, type Page, type PageRequest } from "./sql.ts";
export {
  selectTicket,
  selectTicketDetails,
  selectTickets,
  ticketExists,
  type NamedReference,
  type TicketDetails,
  type TicketFilter,
  type TicketRow,
} from "./tickets.ts";
export {
  addWorkNote,
  addWorkTime,
  changeWork,
  createProject,
  createTask,
  selectWork,
  selectWorkDetails,
  selectWorkItem,
  type ProjectRow,
  type TaskRow,
  type WorkChange,
  type WorkKind,
} from "./work.ts";
