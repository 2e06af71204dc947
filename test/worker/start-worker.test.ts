/** A server and a worker as they run, over a real Postgres and Temporal: from a completed ticket to the receiver, and what follows. */
import { Client, Connection } from "@temporalio/client";
import pino from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startServer, type RunningServer } from "../../src/server/index.ts";
import { startWorker, type RunningWorker } from "../../src/worker/index.ts";
import { openDesk, openSink, until, type Desk, type Sink } from "../workflows/desk.ts";
import { services } from "../workflows/services.ts";

const KEY = "admin-key-of-this-test";
const PASSWORD = "correct horse battery";

let desk: Desk;
let server: RunningServer;
let worker: RunningWorker;
let sink: Sink;
let status = 503;

function rules(url: string): string {
  return `
category "RMM Alert"
  queue = "Monitoring"
end

recipient "integrations"
  webhook "${url}/notices"
end

callout "Datto close"
  post "${url}/alert/{ticket.number}/resolve"
  auth basic "tocsin" secret "datto_password"
  body json
    ticket = ticket.number
    note = "resolved"
  end
  retry every 1 second up to 2 times
  notify "integrations" on failure
end

rule "Ticket for a new alert"
  when alert received
  then
    create ticket
      title = alert.title
      category = "RMM Alert"
end

rule "Tell the monitoring product"
  when ticket completed
  then run callout "Datto close"
end

rule "Say so on the ticket"
  when callout failed
  then add note "callout {callout.name} failed after {callout.attempts}: {callout.last_error}"
end

rule "Say so too"
  when callout succeeded
  then add note "callout {callout.name} succeeded"
end
`;
}

async function call<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
  const response = await fetch(`${server.url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${KEY}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer = (await response.json()) as Answer;
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(answer)}`);
  return answer;
}

interface Delivery {
  readonly id: string;
  readonly state: string;
  readonly attempts: { readonly n: number; readonly error?: string; readonly response_start?: string }[];
}

async function completedTicket(
  title: string,
): Promise<{ readonly ticket: string; readonly delivery: Delivery }> {
  const { ticket } = await call<{ ticket: string }>("POST", "/api/v1/alerts", { source: "Datto RMM", title });
  await call("PATCH", `/api/v1/tickets/${ticket}`, { status: "Complete" });
  let delivery: Delivery | undefined;
  await until(
    async () => {
      const { items } = await call<{ items: Delivery[] }>("GET", `/api/v1/deliveries?ticket=${ticket}`);
      delivery = items[0];
      return delivery !== undefined && /succeeded|failed/u.test(delivery.state);
    },
    "the delivery ends",
    40_000,
  );
  return { ticket, delivery: delivery! };
}

async function notesOf(ticket: string): Promise<readonly string[]> {
  const { notes } = await call<{ notes: { text: string }[] }>("GET", `/api/v1/tickets/${ticket}`);
  return notes.map(({ text }) => text);
}

/** Every text in it, payloads included. */
function textsOf(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  if (value instanceof Uint8Array) return [Buffer.from(value).toString("utf8")];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsOf) : [];
}

beforeAll(async () => {
  sink = await openSink((_n, { path }) => (path === "/notices" ? 200 : status));
  desk = await openDesk(services(), {
    env: {
      TOCSIN_API_KEY: KEY,
      TOCSIN_HTTP_PORT: "0",
      TOCSIN_SMTP_PORT: "0",
      TOCSIN_SECRET_DATTO_PASSWORD: PASSWORD,
    },
  });
  const logger = pino({ level: process.env["TEST_LOG"] ?? "silent" });
  server = await startServer(desk.config, logger);
  worker = await startWorker(desk.config, logger);
  await call("POST", "/api/v1/rule-sets", { files: [{ path: "test.rules", text: rules(sink.url) }] });
}, 60_000);
afterAll(async () => {
  await worker.close();
  await server.close();
  await desk.close();
  await sink.close();
});

describe("server and worker", () => {
  it("call the monitoring product when a ticket is completed, and run the rules on success", async () => {
    status = 200;
    const { ticket, delivery } = await completedTicket("Disk full on SRV-A");
    expect(delivery).toMatchObject({ state: "succeeded", attempts: [{ n: 1 }] });
    const request = sink.requests.find(({ path }) => path === `/alert/${ticket}/resolve`);
    expect(JSON.parse(request!.body)).toEqual({ ticket, note: "resolved" });
    expect(request!.headers).toMatchObject({
      authorization: `Basic ${Buffer.from(`tocsin:${PASSWORD}`).toString("base64")}`,
      "webhook-id": delivery.id,
    });
    await until(
      async () => (await notesOf(ticket)).includes("callout Datto close succeeded"),
      "the rule runs",
    );
  }, 60_000);

  it("tell the recipients and run the rules when all attempts failed", async () => {
    status = 503;
    const { ticket, delivery } = await completedTicket("Disk full on SRV-B");
    expect(delivery).toMatchObject({ state: "failed" });
    expect(delivery.attempts.map(({ n, error }) => [n, error])).toEqual([
      [1, "HTTP 503"],
      [2, "HTTP 503"],
      [3, "HTTP 503"],
    ]);
    const note = "callout Datto close failed after 3: HTTP 503";
    await until(async () => (await notesOf(ticket)).includes(note), "the rule runs");
    await until(
      () => sink.requests.some(({ path, body }) => path === "/notices" && body.includes(ticket)),
      "the notice",
    );
    const notice = JSON.parse(
      sink.requests.find(({ path, body }) => path === "/notices" && body.includes(ticket))!.body,
    ) as object;
    expect(notice).toMatchObject({
      type: "tocsin.notification",
      recipient: "integrations",
      subject: `[${ticket}] callout "Datto close" failed`,
      text: expect.stringMatching(/^Callout "Datto close" failed for /u) as string,
      ticket: { number: ticket },
      callout: "Datto close",
    });
  }, 60_000);

  it("show the secret in no history, no table and no answer", async () => {
    status = 200;
    const { delivery } = await completedTicket("Disk full on SRV-C");
    const connection = await Connection.connect({ address: services().temporalAddress });
    const history = await new Client({ connection }).workflow
      .getHandle(`callout:${delivery.id}`)
      .fetchHistory();
    await connection.close();
    const rows = await desk.store.query({
      text: `select row_to_json(d) as d, (select json_agg(a) from delivery_attempts a where a.delivery_id = d.id) as a
        from deliveries d where id = $1`,
      values: [delivery.id],
    });
    const shown = [...textsOf(history), ...textsOf(rows), ...textsOf(delivery)].join("\n");
    expect(shown).toContain(delivery.id);
    expect(shown).not.toContain(PASSWORD);
    expect(shown).not.toContain(Buffer.from(`tocsin:${PASSWORD}`).toString("base64"));
  }, 60_000);

  it("say in /readyz that Temporal and a worker are there", async () => {
    await until(async () => {
      const ready = await call<{ temporal: string; worker: string }>("GET", "/readyz");
      return ready.temporal === "ok" && ready.worker === "ok";
    }, "both are ok");
  });
});
