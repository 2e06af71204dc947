/** The bundle's entry: every workflow, and nothing that is not one. Bundled code knows domain and activity types only. */
export { absenceWatch } from "./absence-watch.ts";
export { calloutDelivery } from "./callout-delivery.ts";
export { dedupWindow } from "./dedup-window.ts";
export { heldAlert } from "./held-alert.ts";
export { maintenanceEnd } from "./maintenance-end.ts";
export { notificationDelivery } from "./notification-delivery.ts";
export { rearmTickets } from "./rearm-tickets.ts";
export { scheduledRule } from "./scheduled-rule.ts";
export { ticketClock } from "./ticket-clock.ts";
export { replayDeliveries } from "./replay-deliveries.ts";
