/** The door of callouts: sends one request safely and reads its outcome. Knows no ticket, no database, no Temporal. */
export { buildEgressPolicy } from "./egress-policy.ts";
export { exchange } from "./exchange.ts";
export type { Exchanger } from "./exchange.ts";
export { buildGuardedDispatcher } from "./guarded-dispatcher.ts";
export type { DispatcherOptions } from "./guarded-dispatcher.ts";
export { refusedAddress } from "./refused-address.ts";
export { buildHeaders } from "./headers.ts";
export { buildSecrets } from "./secrets.ts";
export { buildCalloutSender } from "./send-callout.ts";
export type { CalloutSender } from "./send-callout.ts";
export type { SendOutcome } from "./send-outcome.ts";
export { buildHostTurns, hostOf } from "./host-turns.ts";
export type { HostTurns } from "./host-turns.ts";
