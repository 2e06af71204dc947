/** Snapshots that need nothing of the desk: an event with only its kind and moment, and an alert as it came. */
import type { Alert, Instant, Snapshot, TriggerKind } from "../domain/index.ts";

export function bareSnapshot(kind: TriggerKind, at: Instant): Snapshot {
  return {
    kind,
    at,
    alert: undefined,
    ticket: undefined,
    repeat: undefined,
    actor: undefined,
    changes: [],
    note: undefined,
    entry: undefined,
    callout: undefined,
    mail: undefined,
  };
}

export function alertReceived(alert: Alert): Snapshot {
  return { ...bareSnapshot("alert-received", alert.receivedAt), alert };
}
