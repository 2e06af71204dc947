/** What `/metrics` tells of this process (Prometheus text). Labels are words of ours, never a customer's. */
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from "prom-client";
import type { AlertAnswer } from "../engine/index.ts";
import type { Backlog } from "../store/desk/index.ts";

export interface Measures {
  readonly registry: Registry;
  requestEnded(route: string, method: string, status: number, seconds: number): void;
  alertAnswered(answer: AlertAnswer): void;
  alertRefused(code: string): void;
  backlog(backlog: Backlog): void;
}

export function createMeasures(): Measures {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: "tocsin_http_request_seconds",
    help: "Requests by route, method and status",
    labelNames: ["route", "method", "status"],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [registry],
  });
  const alerts = new Counter({
    name: "tocsin_alerts_total",
    help: "Alerts that were taken, by outcome",
    labelNames: ["outcome"],
    registers: [registry],
  });
  const refused = new Counter({
    name: "tocsin_alerts_refused_total",
    help: "Alerts that were refused at the door, by the problem's code",
    labelNames: ["code"],
    registers: [registry],
  });
  const gauge = (name: string, help: string, labelNames: readonly string[] = []): Gauge =>
    new Gauge({ name, help, labelNames: [...labelNames], registers: [registry] });
  const outbox = gauge("tocsin_outbox_pending", "Outbox rows that Temporal has not taken yet");
  const deliveries = gauge("tocsin_deliveries", "Callout deliveries by state", ["state"]);
  const notifications = gauge("tocsin_notifications", "Notices by state", ["state"]);
  const disagreements = gauge(
    "tocsin_rule_disagreements",
    "Rules that index and json-rules-engine judged differently; such a rule did not act",
  );
  const unmapped = gauge(
    "tocsin_alerts_unmapped_last_hour",
    "Alerts of the last hour that named a customer nobody mapped",
  );
  return {
    registry,
    requestEnded: observer(requests),
    alertAnswered: (answer) => alerts.inc({ outcome: answer.outcome }),
    alertRefused: (code) => refused.inc({ code }),
    backlog: (backlog) => {
      outbox.set(backlog.outbox);
      disagreements.set(backlog.disagreements);
      unmapped.set(backlog.unmapped);
      deliveries.reset();
      notifications.reset();
      for (const [state, count] of Object.entries(backlog.deliveries)) deliveries.set({ state }, count);
      for (const [state, count] of Object.entries(backlog.notifications)) notifications.set({ state }, count);
    },
  };
}

/** prom-client hashes labels on every call; a child per label set costs nothing on the hot path. */
function observer(histogram: Histogram<"route" | "method" | "status">): Measures["requestEnded"] {
  const children = new Map<string, ReturnType<typeof histogram.labels>>();
  return (route, method, status, seconds) => {
    const key = `${method} ${route} ${status}`;
    let child = children.get(key);
    if (child === undefined) {
      child = histogram.labels({ route, method, status: String(status) });
      children.set(key, child);
    }
    child.observe(seconds);
  };
}
