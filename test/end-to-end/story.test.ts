/** The story of the seeds, told by a whole Tocsin: alert, note, new ticket, completion, callout, restart, stop. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startHttpSink, type HttpSink } from "./http-sink.ts";
import { isAlive, RunningTocsin } from "./running-tocsin.ts";

const rules = (sinkPort: number): string => `
partner "Datto RMM"

category "RMM Alert"
  queue    = "Monitoring"
  priority = "Medium"
end

recipient "integrations"
  webhook "http://127.0.0.1:${sinkPort}/notices"
end

callout "Datto close"
  post "http://127.0.0.1:${sinkPort}/alert/{ticket.udf."Datto RMM Alert ID"}/resolve"
  auth bearer secret "datto_token"
  body json
    ticket = ticket.number
    status = "resolved"
  end
  only when ticket.udf."Datto RMM Alert ID" is not empty
  retry every 1 second up to 10 times
  notify "integrations" on failure
end

rule "Ticket for a new alert"
  when alert received
  if alert.severity at least "minor"
  then
    create ticket
      title    = alert.title
      category = "RMM Alert"
      priority = "Critical"
      dedup within 3 seconds by alert.title
end

rule "Tell Datto when we are done"
  when ticket.status changes to "Complete"
  then
    run callout "Datto close"
end

rule "Datto was not told"
  when callout failed
  then
    add note "Datto was not told after {callout.attempts} attempts: {callout.last_error}" internal
end
`;

const alert = {
  source: "Datto RMM",
  organization: "Acme",
  severity: "critical",
  title: "Das Gerät SRV-B hat die Stromversorgung verloren",
  alert_id: "8932",
};

describe("alerts in, tickets out, the monitoring product told", () => {
  let sink: HttpSink;
  let tocsin: RunningTocsin;

  beforeAll(async () => {
    sink = await startHttpSink();
    tocsin = await RunningTocsin.prepare(
      { "msp.rules": rules(sink.port) },
      { TOCSIN_SECRET_DATTO_TOKEN: "s3cret-token-value" },
    );
    await tocsin.start();
    await tocsin.request("POST", "/api/v1/organizations", { name: "Acme" });
  }, 180_000);

  afterAll(async () => {
    await tocsin?.dispose();
    await sink?.close();
  }, 60_000);

  const notesOf = async (number: string): Promise<{ text: string; by: { kind: string } }[]> =>
    (await tocsin.request("GET", `/api/v1/tickets/${number}`)).body.notes;

  it("opens a ticket by the rule, notes the repeat inside the window, opens a second after it", async () => {
    const first = await tocsin.request("POST", "/api/v1/alerts", alert);
    expect(first).toMatchObject({ status: 200, body: { outcome: "ticket_created" } });
    const number: string = first.body.ticket;
    expect(number).toMatch(/^T\d{8}\.0001$/);
    expect(first.body.firings).toMatchObject([
      { rule: "Ticket for a new alert", on: "alert received", file: "msp.rules", line: 25 },
    ]);

    const repeat = await tocsin.request("POST", "/api/v1/alerts", alert);
    expect(repeat.body).toMatchObject({ outcome: "note_added", ticket: number, repeat: 1 });
    expect(await notesOf(number)).toHaveLength(1);

    const ticket = await tocsin.request("GET", `/api/v1/tickets/${number}`);
    expect(ticket.body).toMatchObject({
      title: alert.title,
      priority: "Critical",
      queue: "Monitoring",
      organization: { name: "Acme" },
      created_by: { kind: "system", name: "Tocsin", rule: "Ticket for a new alert" },
      udf: { "Datto RMM Alert ID": "8932" },
      repeat_count: 1,
    });

    await new Promise((resolve) => setTimeout(resolve, 3_200));
    const third = await tocsin.request("POST", "/api/v1/alerts", alert);
    expect(third.body.outcome).toBe("ticket_created");
    expect(third.body.ticket).not.toBe(number);
  });

  it("tells the monitoring product until it takes it, the same call each time", async () => {
    const opened = await tocsin.request("POST", "/api/v1/alerts", {
      ...alert,
      title: "Disk full",
      alert_id: "77/ä",
    });
    const answers = [503, 500, 200];
    sink.requests.length = 0;
    sink.answer = (n) => answers[n - 1] ?? 200;
    const done = await tocsin.request("PATCH", `/api/v1/tickets/${opened.body.ticket}`, {
      status: "Complete",
    });
    expect(done.status).toBe(200);
    await tocsin.waitFor("the delivery succeeds", async () => {
      const { body } = await tocsin.request("GET", `/api/v1/deliveries?ticket=${opened.body.ticket}`);
      return body.items[0]?.state === "succeeded";
    });
    expect(sink.requests).toHaveLength(3);
    expect(new Set(sink.requests.map((request) => request.headers["webhook-id"])).size).toBe(1);
    expect(new Set(sink.requests.map((request) => request.body)).size).toBe(1);
    expect(sink.requests[0]).toMatchObject({ method: "POST", path: "/alert/77%2F%C3%A4/resolve" });
    expect(sink.requests[0]!.headers.authorization).toBe("Bearer s3cret-token-value");
    expect(JSON.parse(sink.requests[0]!.body)).toEqual({ ticket: opened.body.ticket, status: "resolved" });
    // Sixty seconds in a rule file, one here: counted from the end of the failed attempt, never earlier.
    expect(sink.requests[1]!.at - sink.requests[0]!.at).toBeGreaterThanOrEqual(1_000);
  });

  it("gives up after the last resend, says so on the ticket and to the recipient, and shows no secret", async () => {
    const opened = await tocsin.request("POST", "/api/v1/alerts", {
      ...alert,
      title: "Fan failed",
      alert_id: "78",
    });
    sink.requests.length = 0;
    sink.answer = (_, request) => (request.path === "/notices" ? 200 : 500);
    await tocsin.request("PATCH", `/api/v1/tickets/${opened.body.ticket}`, { status: "Complete" });
    await tocsin.waitFor(
      "the failure is told",
      async () => sink.requests.some((request) => request.path === "/notices"),
      60_000,
    );
    expect(sink.requests.filter((request) => request.path !== "/notices")).toHaveLength(11);
    const notes = await notesOf(opened.body.ticket);
    expect(notes.some((note) => note.text === "Datto was not told after 11 attempts: HTTP 500")).toBe(true);
    const deliveries = await tocsin.request("GET", `/api/v1/deliveries?ticket=${opened.body.ticket}`);
    expect(deliveries.body.items[0]).toMatchObject({ state: "failed", attempts: { length: 11 } });
    expect(JSON.stringify(deliveries.body)).not.toContain("s3cret-token-value");
    expect(tocsin.printed).not.toContain("s3cret-token-value");
  }, 90_000);

  it("goes on after a restart with everything there, and leaves no process behind when it stops", async () => {
    const before = await tocsin.request("GET", "/api/v1/tickets?limit=500");
    const processes = tocsin.processes();
    expect(await tocsin.stop()).toBe(0);
    expect(processes.filter(isAlive)).toEqual([]);
    await tocsin.start();
    const after = await tocsin.request("GET", "/api/v1/tickets?limit=500");
    expect(after.body).toEqual(before.body);
    const next = await tocsin.request("POST", "/api/v1/alerts", { ...alert, title: "After the restart" });
    expect(next.body.outcome).toBe("ticket_created");
  }, 180_000);
});
