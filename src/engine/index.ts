/** The door of engine: one batch of events, one transaction. */
export { isCalloutActive, switchThatHolds } from "./callout-standing.ts";
export { watchActiveRules } from "./active-rules.ts";
export type { ActiveRulesOptions, WatchedRules } from "./active-rules.ts";
export type { EngineCounters } from "./counters.ts";
export { createEngine } from "./create-engine.ts";
export type { EngineOptions, RunningEngine } from "./create-engine.ts";
export type { MailCounters, MailSettings, RetryOutcome } from "./mail/mail-types.ts";
export type { Mailroom } from "./mail/mailroom.ts";
export type { ActiveRules } from "./engine-parts.ts";
export { isRulesBehind } from "./rules-behind.ts";
export type * from "./types.ts";
