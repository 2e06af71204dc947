/** What `/metrics` tells of this process (Prometheus text). Labels are words of ours, never a customer's. */
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from "prom-client";
import type { EngineCounters, MailCounters } from "../engine/index.ts";
import type { Backlog } from "../store/desk/index.ts";

export interface Measures {
  readonly registry: Registry;
  requestEnded(route: string, method: string, status: number, seconds: number): void;
  alertRefused(code: string): void;
  /** What is read when somebody asks. */
  update(counters: EngineCounters, backlog: Backlog, mail?: MailCounters): void;
}

/** What the SMTP door counts. */
export interface DoorCounters {
  readonly taken: number;
  readonly refused: Readonly<Record<string, number>>;
  readonly connections: number;
}

export function createMeasures(smtp?: () => DoorCounters): Measures {
  const registry = openRegistry(smtp);
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
  const mails = new Counter({
    name: "tocsin_mail_total",
    help: "Mail by what became of it; `received` and `again` (the same Message-ID) were counted at the door",
    labelNames: ["state"],
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
  const count = (name: string, help: string): Counter => new Counter({ name, help, registers: [registry] });
  const fromEngine = {
    alertsFailed: count("tocsin_alerts_failed_total", "Alerts that failed by a mistake of ours"),
    unmappedOrganizations: count(
      "tocsin_alerts_unmapped_total",
      "Alerts that named a customer nobody mapped",
    ),
    disagreements: count(
      "tocsin_rule_disagreements_total",
      "Rules that index and json-rules-engine judged differently; such a rule did not act",
    ),
    batches: count("tocsin_batches_total", "Transactions that decided alerts"),
    batchedAlerts: count("tocsin_batched_alerts_total", "Alerts decided in them"),
    ticketsOpened: count("tocsin_tickets_opened_total", "Tickets that were opened"),
    deliveriesStarted: count("tocsin_deliveries_started_total", "Callout deliveries that were started"),
  } as const;
  const queued = gauge("tocsin_alerts_waiting", "Alerts that wait for a transaction now");
  return {
    registry,
    requestEnded: observer(requests),
    alertRefused: (code) => refused.inc({ code }),
    update: (counters, backlog, mail) => {
      countMails(mails, mail);
      alerts.reset();
      for (const [outcome, n] of Object.entries(counters.alertsByOutcome)) alerts.inc({ outcome }, n);
      for (const [name, counter] of Object.entries(fromEngine)) {
        counter.reset();
        counter.inc(counters[name as keyof typeof fromEngine]);
      }
      queued.set(counters.queued);
      outbox.set(backlog.outbox);
      deliveries.reset();
      notifications.reset();
      for (const [state, n] of Object.entries(backlog.deliveries)) deliveries.set({ state }, n);
      for (const [state, n] of Object.entries(backlog.notifications)) notifications.set({ state }, n);
    },
  };
}

function countMails(counter: Counter<"state">, mail: MailCounters | undefined): void {
  counter.reset();
  for (const state of ["received", "again", "processed", "ignored", "failed"] as const)
    counter.inc({ state }, mail?.[state] ?? 0);
}

function openRegistry(smtp: (() => DoorCounters) | undefined): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  if (smtp !== undefined) measureSmtp(registry, smtp);
  return registry;
}

function measureSmtp(registry: Registry, smtp: () => DoorCounters): void {
  const registers = [registry];
  void new Gauge({
    name: "tocsin_smtp_connections",
    help: "SMTP connections that are open now",
    registers,
    collect() {
      this.set(smtp().connections);
    },
  });
  void new Counter({
    name: "tocsin_smtp_taken_total",
    help: "Messages that were answered with 250",
    registers,
    collect() {
      this.reset();
      this.inc(smtp().taken);
    },
  });
  void new Counter({
    name: "tocsin_smtp_refused_total",
    help: "Refusals over SMTP by reply code",
    labelNames: ["reply"],
    registers,
    collect() {
      this.reset();
      for (const [reply, n] of Object.entries(smtp().refused)) this.inc({ reply }, n);
    },
  });
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
