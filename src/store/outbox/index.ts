/** Operations on the outbox: what Temporal is still to be told. */
export { claimOutbox, markOutboxDone, postponeOutbox, pruneOutbox } from "./claim-outbox.ts";
export type { OutboxRow } from "./claim-outbox.ts";
export { insertDeliveries } from "./insert-deliveries.ts";
export { insertNotifications } from "./insert-notifications.ts";
export { insertOutbox } from "./insert-outbox.ts";
export type { OutboxEntry } from "./insert-outbox.ts";
