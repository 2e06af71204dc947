/** Opsgenie's alert API: create and close (contract.md 5). A close carries the alert's alias and often nothing else. */
import type { NormalisedAlert } from "./alert-json.ts";
import { invalidBody } from "./refusal.ts";
import {
  isObject,
  objectOrNone,
  readTranslated,
  type EarlierAlert,
  type Members,
  type WireContext,
} from "./wire-format.ts";

const SEVERITY: ReadonlyMap<string, string> = new Map([
  ["P1", "critical"],
  ["P2", "major"],
  ["P3", "minor"],
  ["P4", "warning"],
  ["P5", "info"],
]);
/** What Opsgenie takes when none is given. */
const PRIORITY_DEFAULT = "P3";

const PATHS = {
  title: "message",
  severity: "priority",
  alert_id: "alias",
  device: "entity",
  organization: "details.organization",
};

export function fromOpsgenie(body: unknown, context: WireContext): NormalisedAlert {
  if (!isObject(body))
    return invalidBody([{ path: "", message: "must be an alert as Opsgenie's alert API takes it" }]);
  const { message, description, alias, entity, source, priority, tags, details, ...others } = body;
  const facts = objectOrNone(details);
  const members = {
    source: context.source ?? source ?? "Opsgenie",
    title: message,
    description,
    severity: severityOf(priority),
    alert_id: alias,
    organization: facts[context.organizationLabel ?? "organization"],
    device: entity,
    tags,
    fields: { ...facts, ...others },
  };
  return readTranslated(members, PATHS, context);
}

/** `source` in a close says who closes, not who alerted: it counts only where no earlier alert is known. */
export function fromOpsgenieClose(
  identifier: string,
  body: unknown,
  earlier: EarlierAlert | undefined,
  context: WireContext,
): NormalisedAlert {
  if (body !== undefined && !isObject(body))
    return invalidBody([{ path: "", message: "must be an object, or no body at all" }]);
  const given: Members = objectOrNone(body);
  const members = {
    source: context.source ?? earlier?.source ?? given["source"] ?? "Opsgenie",
    title: earlier?.title ?? identifier,
    status: "resolved",
    alert_id: identifier,
    organization: earlier?.organization,
    customer_id: earlier?.customerId,
    device: earlier?.device,
    device_id: earlier?.deviceId,
    fields: { user: given["user"], note: given["note"] },
  };
  return readTranslated(members, PATHS, context);
}

function severityOf(priority: unknown): unknown {
  if (priority === undefined || priority === null) return SEVERITY.get(PRIORITY_DEFAULT);
  return typeof priority === "string" ? (SEVERITY.get(priority.toUpperCase()) ?? priority) : priority;
}
