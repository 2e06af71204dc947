/** Operations on deliveries and their attempts. */
export { PAUSED_REASON, putOffDelivery, selectDeliveryTarget } from "./put-off-delivery.ts";
export type { DeliveryTarget } from "./put-off-delivery.ts";
export { beginAttempt } from "./begin-attempt.ts";
export type { BegunAttempt } from "./begin-attempt.ts";
export { finishDelivery } from "./finish-delivery.ts";
export { recordAttempt, selectAttempt } from "./record-attempt.ts";
export type { AttemptRecord } from "./record-attempt.ts";
export { selectStartableDeliveries, selectUnsettledDeliveries } from "./select-startable.ts";
export type { StartableDelivery } from "./select-startable.ts";
export { lockUndecidedDelivery, markDeliveryDecided } from "./decide-delivery.ts";
export type { UndecidedDelivery } from "./decide-delivery.ts";
export {
  closeBreaker,
  pauseOf,
  retryBreaker,
  selectBreakers,
  settleBreaker,
  wakeDeliveries,
  wakeNextPaused,
  type Breaker,
} from "./breakers.ts";
export {
  countFailedDeliveries,
  markTestDelivery,
  replayDelivery,
  replayFailedDeliveries,
  type ReplayOutcome,
} from "./replay-delivery.ts";
export { selectCalloutsUnderWay } from "./select-under-way.ts";
export { insertBulkReplay, selectBulkReplay } from "./bulk-replays.ts";
