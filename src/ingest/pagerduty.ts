/** PagerDuty's Events API v2 (contract.md 5). A resolve carries its `dedup_key` and often nothing else. */
import { randomUUID } from "node:crypto";
import { IDENTIFIER_CHARACTERS_MAX, parseRfc3339 } from "../domain/index.ts";
import type { NormalisedAlert } from "./alert-json.ts";
import { invalidBody, type FieldError, type Refusal } from "./refusal.ts";
import {
  isObject,
  objectOrNone,
  readTranslated,
  type EarlierAlert,
  type Members,
  type WireContext,
} from "./wire-format.ts";

export interface PagerDutyEvent {
  readonly kind: "event";
  readonly action: "trigger" | "acknowledge" | "resolve";
  readonly dedupKey: string;
  /** `client` or `?source=`: undefined when the event does not say who sends it. */
  readonly source: string | undefined;
  /** For acknowledge and resolve the earlier alert of the same key fills what the event leaves out. */
  readonly read: (earlier: EarlierAlert | undefined) => NormalisedAlert;
}

/** The key that the body carries instead of a header. */
export function routingKeyOf(body: unknown): string | undefined {
  const key = isObject(body) ? body["routing_key"] : undefined;
  return typeof key === "string" && key !== "" ? key : undefined;
}

export function fromPagerDuty(body: unknown, context: WireContext): PagerDutyEvent | Refusal {
  if (!isObject(body))
    return invalidBody([{ path: "", message: "must be an event as PagerDuty's Events API v2 takes it" }]);
  const errors: FieldError[] = [];
  const action = body["event_action"];
  if (action !== "trigger" && action !== "acknowledge" && action !== "resolve")
    errors.push({ path: "event_action", message: 'must be "trigger", "acknowledge" or "resolve"' });
  const dedupKey = body["dedup_key"] ?? undefined;
  if (dedupKey !== undefined && !isKey(dedupKey))
    errors.push({
      path: "dedup_key",
      message: `must be a text of at most ${IDENTIFIER_CHARACTERS_MAX} characters`,
    });
  else if (dedupKey === undefined && action !== "trigger")
    errors.push({ path: "dedup_key", message: "is missing: it says which alert is meant" });
  if (action === "trigger" && !isObject(body["payload"]))
    errors.push({ path: "payload", message: "is missing: a trigger says what happened" });
  if (errors.length > 0) return invalidBody(errors);
  const key = typeof dedupKey === "string" ? dedupKey : randomUUID().replaceAll("-", "");
  const client = body["client"];
  return {
    kind: "event",
    action: action as PagerDutyEvent["action"],
    dedupKey: key,
    source: context.source ?? (typeof client === "string" && client.trim() !== "" ? client : undefined),
    read: (earlier) => readEvent(body, key, earlier, context),
  };
}

const PATHS = {
  source: "client",
  title: "payload.summary",
  severity: "payload.severity",
  device: "payload.source",
  alert_id: "dedup_key",
  organization: "payload.custom_details.organization",
};

function readEvent(
  body: Members,
  dedupKey: string,
  earlier: EarlierAlert | undefined,
  context: WireContext,
): NormalisedAlert {
  const payload = objectOrNone(body["payload"]);
  const details = objectOrNone(payload["custom_details"]);
  const { timestamp } = payload;
  const isTime = typeof timestamp === "string" && parseRfc3339(timestamp) !== undefined;
  const isTrigger = body["event_action"] === "trigger";
  const members = {
    source: context.source ?? body["client"] ?? earlier?.source ?? "PagerDuty",
    title: payload["summary"] ?? (isTrigger ? undefined : (earlier?.title ?? dedupKey)),
    severity: payload["severity"],
    status: body["event_action"] === "resolve" ? "resolved" : "firing",
    alert_id: dedupKey,
    organization: details[context.organizationLabel ?? "organization"] ?? earlier?.organization,
    customer_id: earlier?.customerId,
    device: payload["source"] ?? earlier?.device,
    device_id: earlier?.deviceId,
    occurred_at: isTime ? timestamp : undefined,
    fields: {
      ...details,
      ...(isObject(payload["custom_details"]) ? {} : { custom_details: payload["custom_details"] }),
      component: payload["component"],
      group: payload["group"],
      class: payload["class"],
      client_url: body["client_url"],
      links: body["links"],
      images: body["images"],
      ...(isTime ? {} : { timestamp }),
    },
  };
  return readTranslated(members, PATHS, context);
}

function isKey(value: unknown): boolean {
  return typeof value === "string" && value.trim() !== "" && value.length <= IDENTIFIER_CHARACTERS_MAX;
}
