/** Holds, silences, maintenance and counts end to end: over HTTP, with a server and a worker, on a real Postgres and Temporal. */
import { Client, Connection } from "@temporalio/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startServer, type RunningServer } from "../../src/server/index.ts";
import { startWorker, type RunningWorker } from "../../src/worker/index.ts";
import { openDesk, silent, until, type Desk } from "./desk.ts";
import { services } from "./services.ts";

const KEY = "admin-key-of-this-test";

const RULES = `
rule "Stays down"
  when alert still firing after 3 seconds
  if alert.source is "Probe"
  then
    create ticket
      title = "Still: {alert.title}"
end

rule "Stays down long"
  when alert still firing after 1 hour
  if alert.source is "Slow probe"
  then
    create ticket
      title = "Long: {alert.title}"
end

rule "Backup is silent"
  when no alert for 3 seconds per alert.device
  if alert.source is "Backup"
  then
    create ticket
      title = "No backup of {alert.device.name or "?"}"
end

rule "Storm"
  when alert received
  if alert.source is "Mail gateway"
     and more than 3 alerts in 10 minutes per alert.device
  then
    create ticket
      title = "Storm on {alert.device.name or "?"}"
      dedup within 10 minutes by alert.device
end
`;

let desk: Desk;
let server: RunningServer;
let worker: RunningWorker;
let connection: Connection;
let client: Client;

interface AlertAnswer {
  readonly id: string;
  readonly outcome: string;
  readonly ticket?: string;
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
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return (text === "" ? undefined : JSON.parse(text)) as Answer;
}

const alert = async (source: string, title: string, more: object = {}): Promise<AlertAnswer> =>
  await call("POST", "/api/v1/alerts", { source, title, ...more });

async function titles(title: string): Promise<readonly string[]> {
  const query = new URLSearchParams({ title });
  const { items } = await call<{ items: { number: string }[] }>("GET", `/api/v1/tickets?${query}`);
  return items.map(({ number }) => number);
}

async function rows<Row extends object>(
  text: string,
  ...values: readonly unknown[]
): Promise<readonly Row[]> {
  return await desk.store.query<Row>({ text, values });
}

async function waitingIds(table: "holds" | "absences"): Promise<readonly string[]> {
  const found = await rows<{ id: string }>(`select id from ${table} where state = 'waiting' order by id`);
  return found.map(({ id }) => id);
}

async function isRunning(workflowId: string): Promise<boolean> {
  return await client.workflow
    .getHandle(workflowId)
    .describe()
    .then(
      ({ status }) => status.name === "RUNNING",
      () => false,
    );
}

beforeAll(async () => {
  desk = await openDesk(services(), { env: { TOCSIN_API_KEY: KEY, TOCSIN_HTTP_PORT: "0" } });
  server = await startServer(desk.config, silent);
  worker = await startWorker(desk.config, silent, { taskQueuePrefix: desk.prefix });
  connection = await Connection.connect({ address: services().temporalAddress });
  client = new Client({ connection });
  await call("POST", "/api/v1/rule-sets", { files: [{ path: "test.rules", text: RULES }] });
}, 60_000);
afterAll(async () => {
  await worker?.close();
  await server?.close();
  await connection?.close();
  await desk?.close();
});

describe("an alert that is held", () => {
  it("becomes a ticket when its time is up, with the latest alert, and says so", async () => {
    const first = await alert("Probe", "SRV-A is down", { alert_id: "a-1" });
    expect(first).toMatchObject({ outcome: "held", firings: [] });
    expect(await alert("Probe", "SRV-A is still down", { alert_id: "a-1" })).toMatchObject({
      outcome: "held",
    });
    const [id] = await waitingIds("holds");
    await until(() => isRunning(`held:${id}`), "its workflow runs");
    const result = (await client.workflow.getHandle(`held:${id}`).result()) as { ticket: string };
    expect(result).toMatchObject({
      state: "released",
      ticket: expect.stringMatching(/^T\d{8}\./u) as string,
    });
    expect(await titles("Still: SRV-A is still down")).toEqual([result.ticket]);
    const held = await rows<{ outcome: string; why: string; ticket_id: string | null }>(
      "select outcome, why, ticket_id from alerts where source = 'Probe' order by id desc limit 1",
    );
    expect(held).toMatchObject([{ outcome: "held", why: expect.stringContaining(result.ticket) as string }]);
    const ticket = await call<{ created_by: object }>("GET", `/api/v1/tickets/${result.ticket}`);
    expect(ticket.created_by).toMatchObject({ kind: "system", name: "Tocsin", rule: "Stays down" });
  }, 60_000);

  it("comes to nothing when it clears before, and its workflow ends", async () => {
    await alert("Slow probe", "SRV-B is down", { alert_id: "b-1" });
    const [id] = await waitingIds("holds");
    await until(() => isRunning(`held:${id}`), "its workflow runs");
    expect(await alert("Slow probe", "SRV-B is up", { alert_id: "b-1", status: "resolved" })).toMatchObject({
      outcome: "resolved",
    });
    expect(await client.workflow.getHandle(`held:${id}`).result()).toMatchObject({ state: "cleared" });
    expect(await titles("Long: SRV-B is down")).toEqual([]);
  }, 60_000);
});
