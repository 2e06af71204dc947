/** The door of ingest: wire formats -> IncomingAlert. The only room that parses what monitoring products send; knows no HTTP and no database. */
export { toIncomingAlert, type AlertContext, type NormalisedAlert } from "./alert-json.ts";
export { fromAlertmanager } from "./alertmanager.ts";
export { parseCsv, type CsvRow, type CsvTable } from "./csv.ts";
export { mendText } from "./mend-text.ts";
export { readExplainData, type ExplainData } from "./explain-data.ts";
export { fromOpsgenie, fromOpsgenieClose } from "./opsgenie.ts";
export { fromPagerDuty, routingKeyOf, type PagerDutyEvent } from "./pagerduty.ts";
export { isWithinDepth, readJson, tooDeep, type JsonBody } from "./read-json.ts";
export { refused, type FieldError, type Refusal, type RefusalCode } from "./refusal.ts";
export type { EarlierAlert, WireContext } from "./wire-format.ts";
