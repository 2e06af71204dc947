/** The door of callouts: sends one request safely and reads its outcome. Knows no ticket, no database, no Temporal. */
export { buildEgressPolicy, unreadableEntries } from "./egress-policy.ts";
export type { EgressDecision, EgressPolicy, EgressTarget } from "./egress-policy.ts";
export { exchange } from "./exchange.ts";
export type { Exchanger, ExchangeRequest, ExchangeRule } from "./exchange.ts";
export { buildGuardedDispatcher, EgressRefused } from "./guarded-dispatcher.ts";
export type { DispatcherOptions, Resolve } from "./guarded-dispatcher.ts";
export { buildHeaders } from "./headers.ts";
export { buildSecrets, SecretMissing } from "./secrets.ts";
export type { Secrets } from "./secrets.ts";
export { buildCalloutSender } from "./send-callout.ts";
export type { CalloutAttempt, CalloutSender } from "./send-callout.ts";
export type { SendOutcome } from "./send-outcome.ts";
