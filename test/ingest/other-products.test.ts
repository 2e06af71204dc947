/** Payloads of other products become the alert that their tables say (contract.md 5). */
import { describe, expect, it } from "vitest";
import {
  fromAlertmanager,
  fromOpsgenie,
  fromOpsgenieClose,
  fromPagerDuty,
  type NormalisedAlert,
  type WireContext,
} from "../../src/ingest/index.ts";

const context: WireContext = {
  receivedAt: 0,
  oddBytes: false,
  levels: 32,
  source: undefined,
  organizationLabel: undefined,
};
const earlier = {
  source: "Checkmk",
  title: "Disk full",
  organization: "Acme",
  customerId: undefined,
  device: "SRV-B",
  deviceId: undefined,
};

function alertmanager(alert: unknown, more: Partial<WireContext> = {}): NormalisedAlert {
  const payload = fromAlertmanager({ version: "4", alerts: [alert] }, { ...context, ...more });
  if (payload.kind === "refused") return payload;
  return payload.alerts[0]!();
}

describe("Alertmanager", () => {
  const alert = {
    status: "firing",
    labels: {
      alertname: "HighLoad",
      severity: "page",
      instance: "web-1:9100",
      customer: "Acme",
      team: "ops",
    },
    annotations: { summary: "Load is high", runbook: "https://x.example" },
    startsAt: "2026-11-22T23:05:00.123456789Z",
    fingerprint: "abc",
    generatorURL: "http://prometheus",
  };

  it("takes summary, severity, instance, fingerprint, status and customer", () => {
    expect(alertmanager(alert)).toMatchObject({
      kind: "alert",
      alert: {
        source: "Alertmanager",
        title: "Load is high",
        severity: "critical",
        device: "web-1:9100",
        alertId: "abc",
        status: "firing",
        organization: "Acme",
        occurredAt: Date.parse("2026-11-22T23:05:00.123Z"),
        fields: { team: "ops", runbook: "https://x.example", generator_url: "http://prometheus" },
        warnings: [],
      },
    });
  });

  it("falls back to the alert's name for the title", () => {
    expect(alertmanager({ ...alert, annotations: {} })).toMatchObject({ alert: { title: "HighLoad" } });
  });

  it("prefers organization over customer over tenant", () => {
    const labels = { ...alert.labels, tenant: "T" };
    expect(alertmanager({ ...alert, labels: { ...labels, organization: "O" } })).toMatchObject({
      alert: { organization: "O" },
    });
    expect(alertmanager({ ...alert, labels })).toMatchObject({ alert: { organization: "Acme" } });
    expect(alertmanager({ ...alert, labels: { ...labels, customer: undefined } })).toMatchObject({
      alert: { organization: "T" },
    });
  });

  it("obeys ?source= and ?organization_label=", () => {
    expect(alertmanager(alert, { source: "Prom FRA", organizationLabel: "team" })).toMatchObject({
      alert: { source: "Prom FRA", organization: "ops" },
    });
  });

  it("names what the sender wrote when a member is wrong", () => {
    expect(alertmanager({ ...alert, annotations: {}, labels: {} })).toMatchObject({
      kind: "refused",
      errors: [{ path: "annotations.summary", message: "is missing" }],
    });
  });

  it("refuses a body without alerts", () => {
    expect(fromAlertmanager({ version: "4" }, context)).toMatchObject({
      kind: "refused",
      errors: [{ path: "alerts" }],
    });
    expect(fromAlertmanager([], context)).toMatchObject({ kind: "refused" });
  });
});

describe("PagerDuty", () => {
  const trigger = {
    routing_key: "k",
    event_action: "trigger",
    dedup_key: "d1",
    client: "Checkmk",
    payload: {
      summary: "Disk full",
      source: "SRV-B",
      severity: "critical",
      timestamp: "2026-11-22T23:05:00.000Z",
      component: "disk",
      custom_details: { organization: "Acme", free: 3 },
    },
  };

  it("takes a trigger", () => {
    const event = fromPagerDuty(trigger, context);
    expect(event).toMatchObject({ kind: "event", action: "trigger", dedupKey: "d1", source: "Checkmk" });
    expect(event.kind === "event" && event.read(undefined)).toMatchObject({
      alert: {
        source: "Checkmk",
        title: "Disk full",
        severity: "critical",
        device: "SRV-B",
        organization: "Acme",
        alertId: "d1",
        status: "firing",
        fields: { free: 3, component: "disk" },
        warnings: [],
      },
    });
  });

  it("makes a dedup key where a trigger has none", () => {
    const event = fromPagerDuty({ ...trigger, dedup_key: undefined }, context);
    expect(event).toMatchObject({ dedupKey: expect.stringMatching(/^[0-9a-f]{32}$/u) as string });
  });

  it("fills a resolve that has nothing but its key from the earlier alert", () => {
    const event = fromPagerDuty({ event_action: "resolve", dedup_key: "d1" }, context);
    expect(event.kind === "event" && event.read(earlier)).toMatchObject({
      alert: {
        source: "Checkmk",
        title: "Disk full",
        organization: "Acme",
        status: "resolved",
        alertId: "d1",
      },
    });
    expect(event.kind === "event" && event.read(undefined)).toMatchObject({
      alert: { source: "PagerDuty", title: "d1", status: "resolved" },
    });
  });

  it.each([
    ["another action", { event_action: "explode" }, "event_action"],
    ["no payload", { payload: undefined }, "payload"],
    ["a resolve without its key", { event_action: "resolve", dedup_key: undefined }, "dedup_key"],
    ["a key that is no text", { dedup_key: 5 }, "dedup_key"],
  ])("refuses %s", (_what, change, path) => {
    expect(fromPagerDuty({ ...trigger, ...change }, context)).toMatchObject({
      kind: "refused",
      errors: [{ path }],
    });
  });

  it("names payload.summary when it is missing", () => {
    const event = fromPagerDuty({ ...trigger, payload: { source: "x" } }, context);
    expect(event.kind === "event" && event.read(undefined)).toMatchObject({
      errors: [{ path: "payload.summary" }],
    });
  });
});

describe("Opsgenie", () => {
  it.each([
    ["P1", "critical"],
    ["P2", "major"],
    ["P3", "minor"],
    ["P4", "warning"],
    ["P5", "info"],
  ])("reads priority %s as severity %s", (priority, severity) => {
    expect(fromOpsgenie({ message: "m", priority }, context)).toMatchObject({ alert: { severity } });
  });

  it("takes message, alias, entity, tags, details and source", () => {
    const body = {
      message: "Disk full",
      alias: "a1",
      description: "C:",
      entity: "SRV-B",
      source: "Zabbix",
      tags: ["lab"],
      details: { organization: "Acme", region: "eu" },
      note: "hello",
    };
    expect(fromOpsgenie(body, context)).toMatchObject({
      alert: {
        source: "Zabbix",
        title: "Disk full",
        alertId: "a1",
        description: "C:",
        device: "SRV-B",
        organization: "Acme",
        tags: ["lab"],
        fields: { region: "eu", note: "hello" },
      },
    });
  });

  it("closes what the earlier alert of the alias opened", () => {
    expect(fromOpsgenieClose("a1", undefined, earlier, context)).toMatchObject({
      alert: {
        source: "Checkmk",
        title: "Disk full",
        organization: "Acme",
        alertId: "a1",
        status: "resolved",
      },
    });
  });

  it("names message when it is missing", () => {
    expect(fromOpsgenie({}, context)).toMatchObject({
      kind: "refused",
      errors: [{ path: "message", message: "is missing" }],
    });
  });
});
