/** Prometheus Alertmanager's webhook, version 4 (contract.md 5). Labels and annotations are kept as fields. */
import { parseRfc3339 } from "../domain/index.ts";
import type { NormalisedAlert } from "./alert-json.ts";
import { invalidBody, type Refusal } from "./refusal.ts";
import {
  firstGiven,
  isObject,
  objectOrNone,
  readTranslated,
  type Members,
  type WireContext,
} from "./wire-format.ts";

export function fromAlertmanager(
  body: unknown,
  context: WireContext,
): { readonly kind: "alerts"; readonly alerts: readonly (() => NormalisedAlert)[] } | Refusal {
  if (!isObject(body))
    return invalidBody([{ path: "", message: "must be an object as Alertmanager sends it" }]);
  const { alerts } = body;
  if (!Array.isArray(alerts)) return invalidBody([{ path: "alerts", message: "must be a list of alerts" }]);
  return { kind: "alerts", alerts: alerts.map((alert: unknown) => () => fromOne(alert, context)) };
}

const PATHS = {
  title: "annotations.summary",
  severity: "labels.severity",
  device: "labels.instance",
  alert_id: "fingerprint",
  organization: "labels.organization",
};

function fromOne(alert: unknown, context: WireContext): NormalisedAlert {
  if (!isObject(alert)) return invalidBody([{ path: "", message: "an alert is a JSON object" }]);
  const labels = objectOrNone(alert["labels"]);
  const annotations = objectOrNone(alert["annotations"]);
  const startsAt = alert["startsAt"];
  const members = {
    source: context.source ?? "Alertmanager",
    title: firstGiven(annotations["summary"], labels["alertname"]),
    description: annotations["description"],
    severity: labels["severity"] === "page" ? "critical" : labels["severity"],
    status: alert["status"],
    alert_id: alert["fingerprint"],
    organization: organizationOf(labels, context.organizationLabel),
    device: labels["instance"],
    occurred_at: typeof startsAt === "string" && parseRfc3339(startsAt) !== undefined ? startsAt : undefined,
    fields: { ...labels, ...without(annotations, labels), generator_url: alert["generatorURL"] },
  };
  return readTranslated(members, PATHS, context);
}

function organizationOf(labels: Members, label: string | undefined): unknown {
  if (label !== undefined) return labels[label];
  return firstGiven(labels["organization"], labels["customer"], labels["tenant"]);
}

function without(members: Members, taken: Members): Members {
  return Object.fromEntries(Object.entries(members).filter(([name]) => !Object.hasOwn(taken, name)));
}
