/**
 * Maintenance (language.md 2): alerts in a window are recorded and suppressed; at its end the latest of each identity
 * that has not cleared is decided once, as if it had come then. Knows nothing of rules.
 */
import { windowAt } from "../calendar/index.ts";
import { foldName } from "../domain/index.ts";
import type { Alert, Instant } from "../domain/index.ts";
import type { MaintenanceIr } from "../compiler/index.ts";
import { raise } from "./change-ticket.ts";
import type { Handling } from "./handling.ts";
import { identityOf } from "./keys.ts";
import { alertReceived } from "./snapshots.ts";
import type { DeskEvent } from "./types.ts";

interface InForce {
  readonly name: string;
  /** The latest end of the windows that are in force. */
  readonly until: Instant;
}

function windowsOf({ ir, desk }: Handling): readonly MaintenanceIr[] {
  return desk.view.maintenance === undefined ? ir.maintenance : [...ir.maintenance, ...desk.view.maintenance];
}

/** Alerts are put off or were, so that their identity must be asked for. */
export function hasMaintenance(handling: Handling): boolean {
  return windowsOf(handling).length > 0;
}

export function inMaintenance(handling: Handling, alert: Alert, at: Instant): InForce | undefined {
  let found: InForce | undefined;
  for (const window of windowsOf(handling)) {
    if (!isAbout(window, alert)) continue;
    for (const times of window.times) {
      const span = windowAt(times, at);
      if (span === undefined || (found !== undefined && span.to <= found.until)) continue;
      found = { name: found?.name ?? window.name, until: span.to };
    }
  }
  return found;
}

/** Of one kind any, different kinds all, a kind that is not named everything. */
function isAbout({ organizations, devices, sources }: MaintenanceIr, alert: Alert): boolean {
  const has = (names: ReadonlySet<string>, name: string | undefined): boolean =>
    names.size === 0 || (name !== undefined && names.has(foldName(name)));
  return (
    has(organizations, alert.organization.name) &&
    has(devices, alert.device.name) &&
    has(sources, alert.source)
  );
}

/** Answers whether the alert was put off. One that is decided outside a window takes the place of what was put off. */
export function putOff(handling: Handling, alert: Alert): boolean {
  if (!hasMaintenance(handling)) return false;
  const window = inMaintenance(handling, alert, handling.at);
  const identity = identityOf(alert);
  if (window === undefined) {
    forget(handling, identity);
    return false;
  }
  handling.inMaintenance = window.name;
  handling.desk.time.defer({ identity, alert, until: window.until, window: window.name });
  return true;
}

export function forget(handling: Handling, identity: string): void {
  if (hasMaintenance(handling) && handling.desk.time.deferred(identity) !== undefined) {
    handling.desk.time.dropDeferred(identity);
  }
}

export function endMaintenance(
  handling: Handling,
  event: Extract<DeskEvent, { kind: "maintenance-ended" }>,
): void {
  const deferred = handling.desk.time.deferred(event.identity);
  if (deferred === undefined || deferred.until > event.at) return;
  const { alert, identity } = deferred;
  const next = inMaintenance(handling, alert, event.at);
  if (next !== undefined) {
    handling.desk.time.defer({ ...deferred, until: next.until, window: next.name });
    return;
  }
  handling.desk.time.dropDeferred(identity);
  handling.alert = alert;
  raise(handling, 0, [{ ...alertReceived(alert), at: event.at }]);
}
