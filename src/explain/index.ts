/** The door of explain: why an alert did what it did, and what would have had to be different. Pure; knows no store. */
export { attributeAlone, type ExternalId, type KnownRecords } from "./attribute-alone.ts";
export { explainAlert } from "./explain-alert.ts";
export { explainAlone, type AloneExplanation } from "./explain-alone.ts";
export { missesOfMail } from "./explain-mail.ts";
export type { AlertExplanation, ExplainedRule, HandledAlert } from "./types.ts";
