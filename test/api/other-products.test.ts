/** Alertmanager, PagerDuty and Opsgenie over HTTP: their keys, their answers, and tickets that resolve. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestServer, type TestServer } from "./test-server.ts";

const RULES = `
rule "Ticket"
  when alert received
  then
    create ticket
      title = alert.title
end
rule "Done"
  when alert resolved
  then
    complete ticket
end
`;

let server: TestServer;
let key = "";
beforeAll(async () => {
  server = await startTestServer({ rules: RULES });
  key = await server.keyOf("ingest");
});
afterAll(async () => {
  await server.close();
});

const post = async (path: string, body: unknown, headers: Record<string, string> = {}) =>
  await server.call("POST", `/api/v1/alerts${path}`, { body, headers });
const latest = async (query: string) =>
  (await server.admin("GET", `/api/v1/alerts?${query}&limit=1`)).json.items[0];
const ticketOf = async (number: string) => (await server.admin("GET", `/api/v1/tickets/${number}`)).json;

describe("Alertmanager", () => {
  const payload = (status: string) => ({
    version: "4",
    status,
    alerts: [
      {
        status,
        labels: { alertname: "HighLoad", severity: "page", instance: "web-1", tenant: "Acme" },
        annotations: { summary: "Load" },
        startsAt: "2026-11-22T23:05:00Z",
        fingerprint: "fp-1",
      },
      { status, labels: {}, annotations: {}, fingerprint: "fp-2" },
    ],
  });

  it("is answered 200 with a result an alert, and resolves what it opened", async () => {
    const bearer = { authorization: `Bearer ${key}` };
    const fired = await post("/alertmanager", payload("firing"), bearer);
    expect([fired.status, fired.json.results]).toMatchObject([
      200,
      [{ outcome: "ticket_created" }, { error: { code: "invalid_body" } }],
    ]);
    expect(await latest("source=Alertmanager")).toMatchObject({
      title: "Load",
      severity: "critical",
      alert_id: "fp-1",
      device: { asked: "web-1" },
      organization: { asked: "Acme" },
    });
    const resolved = await post("/alertmanager", payload("resolved"), bearer);
    expect(resolved.json.results[0]).toMatchObject({ outcome: "resolved" });
    expect((await ticketOf(fired.json.results[0].ticket)).status).toBe("Complete");
  });

  it("takes at most 1,000 alerts, and says what is no payload", async () => {
    const bearer = { authorization: `Bearer ${key}` };
    expect(
      (await post("/alertmanager", { alerts: Array.from({ length: 1001 }, () => ({})) }, bearer)).json.code,
    ).toBe("too_many_items");
    expect((await post("/alertmanager", { version: "4" }, bearer)).json).toMatchObject({
      code: "invalid_body",
      errors: [{ path: "alerts" }],
    });
    expect((await post("/alertmanager", {}, {})).status).toBe(401);
  });
});

describe("PagerDuty", () => {
  const event = (more: object = {}) => ({
    routing_key: key,
    event_action: "trigger",
    dedup_key: "pd-1",
    payload: { summary: "Disk", source: "SRV", severity: "critical" },
    ...more,
  });

  it("takes its key from the body, on both paths, and is answered as PagerDuty answers", async () => {
    for (const path of ["/pagerduty", "/pagerduty/v2/enqueue"]) {
      const { status, json } = await post(path, event());
      expect([status, json]).toEqual([
        202,
        { status: "success", message: "Event processed", dedup_key: "pd-1" },
      ]);
    }
    expect((await post("/pagerduty", event({ routing_key: "wrong" }))).status).toBe(401);
    expect((await post("/pagerduty", event({ routing_key: undefined }))).status).toBe(401);
    expect(
      (await post("/pagerduty", event({ routing_key: undefined }), { authorization: `Bearer ${key}` }))
        .status,
    ).toBe(202);
    const reader = await server.keyOf("read");
    expect((await post("/pagerduty", event({ routing_key: reader }))).status).toBe(403);
  });

  it("resolves by the key alone what its trigger opened", async () => {
    await post(
      "/pagerduty",
      event({
        dedup_key: "pd-2",
        client: "Checkmk",
        payload: {
          summary: "Net",
          source: "R1",
          severity: "error",
          custom_details: { organization: "Acme" },
        },
      }),
    );
    const opened = await latest("source=Checkmk");
    expect(
      (await post("/pagerduty", { routing_key: key, event_action: "acknowledge", dedup_key: "pd-2" })).status,
    ).toBe(202);
    expect((await ticketOf(opened.ticket)).status).toBe("New");
    expect(
      (await post("/pagerduty", { routing_key: key, event_action: "resolve", dedup_key: "pd-2" })).status,
    ).toBe(202);
    expect((await ticketOf(opened.ticket)).status).toBe("Complete");
  });

  it("says what is wrong and keeps it in the refused list", async () => {
    expect((await post("/pagerduty", event({ payload: { source: "x" } }))).json).toMatchObject({
      code: "invalid_body",
      errors: [{ path: "payload.summary" }],
    });
    expect((await latest("outcome=refused")).refusal.code).toBe("invalid_body");
    expect((await server.call("POST", "/api/v1/alerts/pagerduty", { raw: "{", key })).json.code).toBe(
      "invalid_json",
    );
  });

  it("obeys ?source=", async () => {
    await post("/pagerduty?source=Probe", event({ dedup_key: "pd-3" }));
    expect(await latest("source=Probe")).toMatchObject({ alert_id: "pd-3" });
  });
});

describe("Opsgenie", () => {
  it("takes a GenieKey, on both paths, is answered as Opsgenie answers, and closes by alias", async () => {
    const genie = { authorization: `GenieKey ${key}` };
    for (const [path, alias] of [
      ["/opsgenie", "og/1"],
      ["/opsgenie/v2/alerts", "og 2"],
    ] as const) {
      const made = await post(
        path,
        { message: `Down ${alias}`, alias, priority: "P1", details: { organization: "Acme" } },
        genie,
      );
      expect([made.status, made.json]).toEqual([
        202,
        {
          result: "Request will be processed",
          took: expect.any(Number),
          requestId: expect.stringMatching(/^al_/u),
        },
      ]);
      const opened = await server.admin("GET", `/api/v1/alerts/${made.json.requestId}`);
      expect(opened.json).toMatchObject({
        source: "Opsgenie",
        severity: "critical",
        alert_id: alias,
        outcome: "ticket_created",
      });
      const closed = await server.call(
        "POST",
        `/api/v1/alerts/opsgenie/v2/alerts/${encodeURIComponent(alias)}/close?identifierType=alias`,
        { headers: genie },
      );
      expect(closed.status).toBe(202);
      expect((await ticketOf(opened.json.ticket)).status).toBe("Complete");
    }
  });
});
