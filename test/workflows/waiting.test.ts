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

rule "Maintained"
  when alert received
  if alert.source starts with "Patched"
  then
    create ticket
      title = "Maintained: {alert.title}"
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
  const query = new URLSearchParams({ title }).toString();
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
  desk = await openDesk(services(), {
    env: { TOCSIN_API_KEY: KEY, TOCSIN_HTTP_PORT: "0", TOCSIN_SMTP_PORT: "0" },
  });
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

describe("an admin", () => {
  it("releases a held alert at once by a signal, or drops it", async () => {
    await alert("Slow probe", "SRV-C is down", { alert_id: "c-1" });
    await alert("Slow probe", "SRV-D is down", { alert_id: "d-1" });
    const [first, second] = (await waitingIds("holds")).map((id) => client.workflow.getHandle(`held:${id}`));
    await until(
      async () => (await isRunning(first!.workflowId)) && (await isRunning(second!.workflowId)),
      "both run",
    );
    await first!.signal("releaseNow");
    await second!.signal("drop");
    expect(await first!.result()).toMatchObject({ state: "released" });
    expect(await second!.result()).toMatchObject({
      state: "dropped",
      why: expect.stringContaining("by hand") as string,
    });
    expect(await titles("Long: SRV-C is down")).toHaveLength(1);
    expect(await titles("Long: SRV-D is down")).toEqual([]);
    const [dropped] = await rows<{ why: string }>("select why from alerts where alert_id = 'd-1'");
    expect(dropped!.why).toContain("dropped by hand");
  }, 60_000);

  it("who sends a signal that is none disturbs nothing", async () => {
    await alert("Slow probe", "SRV-E is down", { alert_id: "e-1" });
    const [id] = await waitingIds("holds");
    const handle = client.workflow.getHandle(`held:${id}`);
    await until(() => isRunning(handle.workflowId), "it runs");
    await handle.signal("nonsense", { a: 1 });
    await handle.signal("changed", "nonsense");
    await handle.signal("changed");
    expect(await handle.query("state")).toMatchObject({ state: "held" });
    await handle.signal("drop", "nonsense");
    expect(await handle.result()).toMatchObject({ state: "dropped" });
  }, 60_000);
});

describe("a hold whose workflow was terminated by hand", () => {
  it("is not forgotten: after its time it is released all the same", async () => {
    await alert("Slow probe", "SRV-F is down", { alert_id: "f-1" });
    const [id] = await waitingIds("holds");
    await until(() => isRunning(`held:${id}`), "its workflow runs");
    await client.workflow.getHandle(`held:${id}`).terminate("by mistake");
    await rows("update holds set due_at = now() - interval '3 minutes' where id = $1", id);
    const dispatch = await desk.openDispatch();
    await dispatch.reconcile();
    await until(async () => (await titles("Long: SRV-F is down")).length === 1, "it is released");
    await dispatch.reconcile();
    const starts = await rows(
      "select from outbox where workflow_id = $1 and kind = 'start-hold'",
      `held:${id}`,
    );
    expect(starts).toHaveLength(2);
  }, 60_000);
});

describe("a silence", () => {
  it("is told once, after the last alert of its key, and armed again by the next", async () => {
    await alert("Backup", "backup done", { device: "SRV-A" });
    const [id] = await waitingIds("absences");
    const handle = client.workflow.getHandle(`absence:${id}`);
    await until(() => isRunning(handle.workflowId), "it is watched");
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await alert("Backup", "backup done again", { device: "SRV-A" });
    expect(await waitingIds("absences")).toEqual([id]);
    const seenAt = Date.now();
    expect(await handle.result()).toMatchObject({ state: "told" });
    expect(Date.now() - seenAt).toBeGreaterThan(2000);
    expect(await titles("No backup of SRV-A")).toHaveLength(1);
    expect(await waitingIds("absences")).toEqual([]);
    await alert("Backup", "backup done at last", { device: "SRV-A" });
    const [next] = await waitingIds("absences");
    expect(next).not.toBe(id);
    await until(() => isRunning(`absence:${next}`), "it is watched again");
    expect(await client.workflow.getHandle(`absence:${next}`).result()).toMatchObject({ state: "told" });
    expect(await titles("No backup of SRV-A")).toHaveLength(2);
  }, 60_000);

  it("is not waited for where a path of `per` is missing", async () => {
    await alert("Backup", "backup done");
    expect(await waitingIds("absences")).toEqual([]);
  });
});

describe("a count over time", () => {
  it("opens one ticket when a device sends more than the rule allows, whatever became of the alerts before", async () => {
    const outcomes: string[] = [];
    for (let n = 1; n <= 5; n += 1)
      outcomes.push((await alert("Mail gateway", `Queue ${n}`, { device: "MX-1" })).outcome);
    expect(outcomes).toEqual(["unmatched", "unmatched", "unmatched", "ticket_created", "note_added"]);
    expect((await alert("Mail gateway", "Queue", { device: "MX-2" })).outcome).toBe("unmatched");
  });
});

describe("the end of maintenance", () => {
  const window = async (source: string, ms: number): Promise<{ readonly id: string }> =>
    await call("POST", "/api/v1/maintenance", {
      name: `Patching ${source}`,
      sources: [source],
      from: new Date(Date.now() - 60_000).toISOString(),
      to: new Date(Date.now() + ms).toISOString(),
    });

  it("decides once what still fires: the latest of each identity, not what has cleared", async () => {
    await window("Patched", 3000);
    expect(await alert("Patched", "SRV-A rebooting", { alert_id: "1" })).toMatchObject({
      outcome: "suppressed",
    });
    await alert("Patched", "SRV-A down", { alert_id: "1" });
    const cleared = await alert("Patched", "SRV-B down", { alert_id: "2" });
    await alert("Patched", "SRV-B up", { alert_id: "2", status: "resolved" });
    await until(async () => (await titles("Maintained: SRV-A down")).length === 1, "it is decided");
    expect(await titles("Maintained: SRV-A rebooting")).toEqual([]);
    expect(await titles("Maintained: SRV-B down")).toEqual([]);
    await until(async () => (await rows("select from maintenance_ends")).length === 0, "the end is over");
    expect(await rows("select from deferred_alerts")).toEqual([]);
    const [late] = await rows<{ why: string }>("select why from alerts where title = 'SRV-A down'");
    expect(late!.why).toMatch(
      /^suppressed by maintenance "Patching Patched"; decided at \S+Z: T\d{8}\.\d+ was opened$/u,
    );
    expect(cleared.outcome).toBe("suppressed");
  }, 60_000);

  it("comes at once when the window is deleted", async () => {
    const { id } = await window("Patched for long", 3_600_000);
    await alert("Patched for long", "SRV-C down", { alert_id: "3" });
    const [end] = await rows<{ id: string }>("select id from maintenance_ends");
    await until(() => isRunning(`maintenance:${end!.id}`), "its workflow waits");
    await call("DELETE", `/api/v1/maintenance/${id}`);
    expect(await client.workflow.getHandle(`maintenance:${end!.id}`).result()).toEqual({
      alerts: 1,
      tickets: 1,
      putOffAgain: 0,
    });
    expect(await titles("Maintained: SRV-C down")).toHaveLength(1);
  }, 60_000);

  it("of more alerts than one transaction takes decides each of them", async () => {
    const { id } = await window("Patched en masse", 3_600_000);
    const many = Array.from({ length: 120 }, (_, n) => ({
      source: "Patched en masse",
      title: `SRV-${n} down`,
      alert_id: `m-${n}`,
    }));
    await call("POST", "/api/v1/alerts", many);
    const [end] = await rows<{ id: string }>("select id from maintenance_ends");
    await call("DELETE", `/api/v1/maintenance/${id}`);
    await until(async () => (await rows("select from maintenance_ends")).length === 0, "the end is over");
    expect(await client.workflow.getHandle(`maintenance:${end!.id}`).result()).toMatchObject({
      tickets: 120,
    });
    expect(await rows("select from tickets where source = 'Patched en masse'")).toHaveLength(120);
  }, 60_000);
});

describe("another rule set, put in force while timers run,", () => {
  const publish = async (text: string): Promise<void> => {
    await call("POST", "/api/v1/rule-sets", { files: [{ path: "test.rules", text }] });
  };

  it("counts a changed wait from the alert's beginning, drops what waits for rules that went or became inactive", async () => {
    const more = `
rule "Waits" when alert still firing after 1 hour if alert.source is "W1" then create ticket title = "W1" end
rule "Leaves" when alert still firing after 1 hour if alert.source is "W2" then create ticket title = "W2" end
rule "Stops" when no alert for 1 hour per alert.device if alert.source is "W3" then create ticket title = "W3" end
rule "Sleeps" when no alert for 1 hour per alert.device if alert.source is "W4" then create ticket title = "W4" end
`;
    await publish(RULES + more);
    for (const source of ["W1", "W2", "W3", "W4"]) await alert(source, `of ${source}`, { device: source });
    const [waits, leaves] = await waitingIds("holds");
    const [stops, sleeps] = await waitingIds("absences");
    for (const id of [`held:${waits}`, `held:${leaves}`, `absence:${stops}`, `absence:${sleeps}`])
      await until(() => isRunning(id), `${id} runs`);
    await publish(
      `${RULES}
rule "Waits" when alert still firing after 2 seconds if alert.source is "W1" then create ticket title = "W1" end
inactive rule "Stops" when no alert for 1 hour per alert.device if alert.source is "W3" then create ticket title = "W3" end
rule "Sleeps" when no alert for 2 seconds per alert.device if alert.source is "W4" then create ticket title = "W4" end
`,
    );
    const result = async (id: string): Promise<unknown> => await client.workflow.getHandle(id).result();
    expect(await result(`held:${waits}`)).toMatchObject({
      state: "released",
      ticket: expect.any(String) as string,
    });
    expect(await result(`held:${leaves}`)).toMatchObject({ state: "dropped" });
    expect(await result(`absence:${stops}`)).toMatchObject({ state: "dropped" });
    expect(await result(`absence:${sleeps}`)).toMatchObject({ state: "told" });
    expect(
      await Promise.all(["W1", "W2", "W3", "W4"].map(async (title) => (await titles(title)).length)),
    ).toEqual([1, 0, 0, 1]);
    const [dropped] = await rows<{ why: string }>("select why from alerts where source = 'W2'");
    expect(dropped!.why).toContain("its rule left the rule set");
  }, 60_000);

  it("with a new rule on a silence arms it by alerts from before, but tells no silence that was over", async () => {
    await alert("Old backup", "backup done", { device: "SRV-NEW" });
    await alert("Old backup", "backup done", { device: "SRV-OLD" });
    await rows(
      "update alerts set received_at = received_at - interval '1 day' where source = 'Old backup' and members->'device'->>'name' = 'SRV-OLD'",
    );
    await publish(`${RULES}
rule "New" when no alert for 5 seconds per alert.device if alert.source is "Old backup" then create ticket title = "none from {alert.device.name or "?"}" end
`);
    await until(async () => (await titles("none from SRV-NEW")).length === 1, "the silence is told");
    expect(await titles("none from SRV-OLD")).toEqual([]);
  }, 60_000);
});
