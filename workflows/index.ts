/** The bundle's entry: every workflow, and nothing that is not one. Bundled code knows domain and activity types only. */
export { calloutDelivery } from "./callout-delivery.ts";
export { dedupWindow } from "./dedup-window.ts";
export { notificationDelivery } from "./notification-delivery.ts";
