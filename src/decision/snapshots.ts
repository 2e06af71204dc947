/** Snapshots that need nothing of the desk: an alert as it came. */
import { bareSnapshot, type Alert, type Snapshot } from "../domain/index.ts";

export function alertReceived(alert: Alert): Snapshot {
  return { ...bareSnapshot("alert-received", alert.receivedAt), alert };
}
