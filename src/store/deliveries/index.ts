/** Operations on deliveries and their attempts. */
export { beginAttempt, selectCalloutOfDelivery } from "./begin-attempt.ts";
export type { BegunAttempt } from "./begin-attempt.ts";
export { finishDelivery } from "./finish-delivery.ts";
export { recordAttempt, selectAttempt } from "./record-attempt.ts";
export type { AttemptRecord } from "./record-attempt.ts";
export { selectStartableDeliveries, selectUnsettledDeliveries } from "./select-startable.ts";
export type { StartableDelivery } from "./select-startable.ts";
export { lockUndecidedDelivery, markDeliveryDecided } from "./decide-delivery.ts";
export type { UndecidedDelivery } from "./decide-delivery.ts";
