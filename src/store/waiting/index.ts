/** What waits because of alerts: holds, silences, alerts put off by maintenance, receipts that are counted. */
export {
  armAbsences,
  endAbsences,
  explainAbsence,
  loadAbsences,
  selectAbsence,
  type AbsenceFacts,
  type ArmedAbsence,
  type EndedAbsence,
} from "./absences.ts";
export {
  moveAbsences,
  moveHolds,
  forgetArmedRules,
  rememberArmedRules,
  selectArmedRules,
  selectFiringAlerts,
  selectStrayAbsences,
  selectStrayHolds,
  selectToldAbsences,
  type RuleText,
  type StrayHold,
} from "./adapt.ts";
export {
  addAlertCounts,
  lockAlertCounts,
  readAlertCounts,
  writeAlertCounts,
  type AddedTimes,
  type CountedTimes,
} from "./alert-counts.ts";
export {
  closeAllMaintenanceEnds,
  closeMaintenanceEnd,
  deleteMaintenanceEnd,
  forgetDeferred,
  loadDeferred,
  putOffAlerts,
  selectDeferredOf,
  selectMaintenanceEnd,
  type MaintenanceEndFacts,
  type PutOff,
} from "./deferred-alerts.ts";
export {
  endHolds,
  explainHold,
  hastenHold,
  keepHolds,
  loadHolds,
  selectHold,
  type EndedHold,
  type HoldFacts,
  type KeptHold,
} from "./holds.ts";
export { restartWaiting } from "./restart-waiting.ts";
export { selectMaintenance } from "./maintenance-windows.ts";
