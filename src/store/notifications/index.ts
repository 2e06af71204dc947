/** Operations on notices. */
export { beginNotificationAttempt } from "./begin-attempt.ts";
export type { BegunNotification } from "./begin-attempt.ts";
export {
  finishNotification,
  recordNotificationAttempt,
  selectNotificationAttemptAt,
} from "./record-attempt.ts";
export {
  markWithoutTransport,
  selectPendingNotifications,
  selectStartableNotifications,
} from "./select-startable.ts";
export type { StartableNotification } from "./select-startable.ts";
