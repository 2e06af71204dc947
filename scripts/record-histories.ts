/**
 * Records the histories that test/replay holds workflow code against: each scenario runs on a real Temporal and a real
 * Postgres, started here, and its history is saved. Run after a change that running workflows are not meant to survive:
 *
 *   node_modules/.bin/node scripts/record-histories.ts [NAME...]
 */
import { fork } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { Client, Connection } from "@temporalio/client";
import { historyToJSON } from "@temporalio/common/lib/proto-utils.js";
import { startEmbeddedPostgres, startTemporal } from "../src/supervisor/index.ts";
import { openDesk, openSink, until, type Desk, type SinkAnswer } from "../test/workflows/desk.ts";
import type { Dispatch } from "../src/dispatch/index.ts";
import { impatientTemporal } from "../test/replay/impatient-temporal.ts";
import { openClockDesk, type ClockDesk } from "../test/worker/clock-desk.ts";
import { pausedDelivery, renewedScenarios } from "./record-renewed.ts";

const TARGET = new URL("../test/replay/", import.meta.url);

interface Stage {
  readonly desk: Desk;
  readonly dispatch: Dispatch;
}

/** Events after which the Temporal of `renewedScenarios` asks for a new run. */
const IMPATIENT_EVENTS_MAX = 60;
/** Histories of more events are kept packed. */
const PLAIN_EVENTS_MAX = 150;

/** Returns the id of the workflow whose history is kept. */
type Scenario = (stage: Stage) => Promise<string>;

const scenarios: Readonly<Record<string, Scenario>> = {
  "callout-succeeded": (stage) => deliver(stage, () => 200),
  "callout-retried": (stage) => deliver(stage, (n) => (n < 3 ? 503 : 200)),
  "callout-exhausted": (stage) => deliver(stage, () => 500, { resends: 10 }),
  "callout-refused": async ({ desk }) => {
    const ticket = await desk.addTicket();
    const id = await desk.addDelivery({ ticketId: ticket.id, request: { url: "http://169.254.169.254/" } });
    return await ended(desk, id);
  },
  "callout-retry-now": async (stage) =>
    await deliver(
      stage,
      (n) => (n < 2 ? 500 : 200),
      { retryEveryMs: 60_000 },
      async (id) => {
        await stage.dispatch.retryNow(id, 1);
      },
    ),
  "callout-given-up": async (stage) =>
    await deliver(
      stage,
      () => 500,
      { retryEveryMs: 60_000 },
      async (id) => {
        await stage.dispatch.giveUp(id);
      },
    ),
  "callout-begun-before": async ({ desk }) => {
    const ticket = await desk.addTicket();
    const sink = await openSink(() => 200);
    const schedule = { timeoutMs: 1000, retryEveryMs: 200 };
    const request = { url: sink.url };
    const id = await desk.addDelivery({ ticketId: ticket.id, request, schedule, hasOpenAttempt: true });
    const workflowId = await ended(desk, id);
    await sink.close();
    return workflowId;
  },
  "notification-retried": async ({ desk }) => {
    const sink = await openSink((n) => (n < 2 ? 500 : 200));
    const id = await desk.addNotice({ channel: "webhook", to: sink.url });
    await until(async () => (await desk.notice(id)).state !== "pending", "the notice is settled");
    await sink.close();
    return `notify:${id}`;
  },
  "notification-failed": async ({ desk }) => {
    const sink = await openSink(() => 500);
    const id = await desk.addNotice({ channel: "webhook", to: sink.url });
    await until(async () => (await desk.notice(id)).state !== "pending", "the notice is settled");
    await sink.close();
    return `notify:${id}`;
  },
  "callout-cancelled": async (stage) =>
    await deliver(
      stage,
      () => 500,
      { retryEveryMs: 60_000 },
      async (id) => {
        await client.workflow.getHandle(`callout:${id}`).cancel();
      },
    ),
  "notification-given-up": async ({ desk }) => {
    const sink = await openSink(() => 500);
    const id = await desk.addNotice({ channel: "webhook", to: sink.url });
    await until(() => sink.requests.length > 0, "the first attempt fails");
    await client.workflow.getHandle(`notify:${id}`).signal("giveUp");
    await until(async () => (await desk.notice(id)).state !== "pending", "the notice is settled");
    await sink.close();
    return `notify:${id}`;
  },
  "notification-cancelled": async ({ desk }) => {
    const sink = await openSink((n) => (n < 3 ? 500 : "hang"));
    const id = await desk.addNotice({ channel: "webhook", to: sink.url });
    await until(() => sink.requests.length > 0, "the first attempt fails");
    await client.workflow.getHandle(`notify:${id}`).cancel();
    await until(async () => (await desk.notice(id)).state !== "pending", "the notice is settled");
    await sink.close();
    return `notify:${id}`;
  },
  "window-time-is-up": async ({ desk }) => {
    const { number } = await desk.addTicket({ windowMs: 2000 });
    return `dedup:${number}`;
  },
  "window-ticket-completed": async ({ desk }) => {
    const { number } = await desk.addTicket({ windowMs: 300_000 });
    await new Promise((resolve) => setTimeout(resolve, 1000));
    await desk.store.query({
      text: `insert into outbox (lane, kind, workflow_id, payload) values (2, 'ticket-completed', $1, '{}')`,
      values: [`dedup:${number}`],
    });
    return `dedup:${number}`;
  },
  /** Last, since it changes the worker: one of its own is killed in the middle of the first attempt. */
  "callout-interrupted": async ({ desk }) => {
    await workers.close();
    const child = fork(new URL("../test/workflows/worker-process.ts", import.meta.url), {
      env: {
        ...process.env,
        WORKER_DATABASE_URL: desk.config.databaseUrl,
        WORKER_TEMPORAL_ADDRESS: desk.config.temporal.address,
        WORKER_QUEUE_PREFIX: desk.prefix,
      },
    });
    const ticket = await desk.addTicket();
    const sink = await openSink((n) => (n === 1 ? "hang" : 200));
    const schedule = { timeoutMs: 1000, retryEveryMs: 200 };
    const id = await desk.addDelivery({ ticketId: ticket.id, request: { url: sink.url }, schedule });
    await until(() => sink.requests.length === 1, "the first attempt is under way");
    child.kill("SIGKILL");
    await desk.runWorkers().polling;
    const workflowId = await ended(desk, id);
    await sink.close();
    return workflowId;
  },
};

/** What waits for a time, with a server and a worker as they run. Returns the id of the workflow. */
const clockScenarios: Readonly<Record<string, (at: ClockDesk) => Promise<string>>> = {
  "clock-fired": async (at) => {
    await at.publish('rule "fired" when ticket open for 1 second then add note "open" end');
    return `ticket:${await at.open()}`;
  },
  "clock-slept-on": async (at) => {
    await at.publish('rule "idle" when ticket idle for 2 seconds then add note "idle" end');
    const number = await at.open();
    await new Promise((resolve) => setTimeout(resolve, 1000));
    await at.note(number, "I look at it");
    return `ticket:${number}`;
  },
  "clock-told-earlier": async (at) => {
    await at.publish('rule "due" when ticket due in 1 second then add note "due" end');
    const number = await at.open({ due_at: new Date(Date.now() + 3_600_000).toISOString() });
    await until(async () => (await at.clock(number)) === "RUNNING", "it waits");
    await at.set(number, { due_at: new Date(Date.now() + 3000).toISOString() });
    return `ticket:${number}`;
  },
  "schedule-ran": async (at) => {
    await at.publish('rule "check" when every sunday at 03:00 then create ticket title = "check" end');
    const key = async (): Promise<string | undefined> => {
      const [row] = await at.desk.store.query<{ key: string }>({
        text: "select key from rule_schedules where rule = 'check' and told_hash = hash",
      });
      return row?.key;
    };
    await until(async () => (await key()) !== undefined, "Temporal was told");
    const handle = at.client.schedule.getHandle(`schedule:${await key()}`);
    await handle.trigger();
    const started = async (): Promise<string | undefined> => {
      const { info } = await handle.describe();
      const recent = info.recentActions as unknown as { action: { workflow: { workflowId: string } } }[];
      return recent[0]?.action.workflow.workflowId;
    };
    await until(async () => (await started()) !== undefined, "it is started");
    return (await started()) ?? "";
  },
  "callout-put-off": async (at) => (await putOff(at)).workflowId,
  "replay-all": async (at) => {
    const { callout } = await putOff(at);
    const since = new Date(Date.now() - 3_600_000).toISOString();
    const asked = { callout, since, per_second: 1 };
    return (await at.call<{ workflow_id: string }>("POST", "/deliveries/replay", asked)).workflow_id;
  },
  "replay-stopped": async (at) => {
    const { callout } = await putOff(at);
    const since = new Date(Date.now() - 3_600_000).toISOString();
    const asked = { callout, since, per_second: 1 };
    const { workflow_id: id } = await at.call<{ workflow_id: string }>("POST", "/deliveries/replay", asked);
    await until(
      async () =>
        await at.client.workflow
          .getHandle(id)
          .signal("stop")
          .then(
            () => true,
            () => false,
          ),
      "it is stopped",
    );
    return id;
  },
  "rearm-told": async (at) => {
    await at.publish('rule "shorter" when ticket open for 2 hours then add note "open" end');
    await at.open();
    await at.publish('rule "shorter" when ticket open for 1 hour then add note "open" end');
    const [row] = await at.desk.store.query<{ workflow_id: string }>({
      text: "select workflow_id from outbox where kind = 'rearm-tickets' order by id desc limit 1",
    });
    return row?.workflow_id ?? "";
  },
};

/** Two deliveries fail, which pauses their callout; a third waits for that, until an admin activates it. */
async function putOff(at: ClockDesk): Promise<{ readonly workflowId: string; readonly callout: string }> {
  let status = 500;
  const sink = await openSink(() => status);
  // Of its own, so that a later scenario does not find this one's failures.
  const callout = `paused ${sink.port}`;
  const id = await pausedDelivery(at, callout, `${sink.url}/`);
  await new Promise((resolve) => setTimeout(resolve, 500));
  status = 200;
  await at.call("POST", `/callouts/${encodeURIComponent(callout)}/activate`);
  return { workflowId: `callout:${id}`, callout };
}

const send = async (at: ClockDesk, alert: object): Promise<void> =>
  void (await at.call("POST", "/alerts", { source: "Probe", title: "down", alert_id: "1", ...alert }));

/** What waits because of alerts, likewise. */
const waitingScenarios: Readonly<Record<string, (at: ClockDesk) => Promise<string>>> = {
  "hold-released": async (at) => {
    await at.publish('rule "stays" when alert still firing after 3 seconds then create ticket end');
    await send(at, {});
    return await at.waiting("hold");
  },
  "hold-cleared": async (at) => {
    await at.publish('rule "stays" when alert still firing after 1 hour then create ticket end');
    await send(at, { alert_id: "2" });
    const id = await at.waiting("hold");
    await send(at, { alert_id: "2", status: "resolved" });
    return id;
  },
  "hold-released-now": async (at) => {
    await at.publish('rule "stays" when alert still firing after 1 hour then create ticket end');
    await send(at, { alert_id: "3" });
    const id = await at.waiting("hold");
    await at.client.workflow.getHandle(id).signal("changed");
    await new Promise((resolve) => setTimeout(resolve, 1000));
    await at.client.workflow.getHandle(id).signal("releaseNow");
    return id;
  },
  "hold-dropped": async (at) => {
    await at.publish('rule "stays" when alert still firing after 1 hour then create ticket end');
    await send(at, { alert_id: "4" });
    const id = await at.waiting("hold");
    await at.client.workflow.getHandle(id).signal("drop");
    return id;
  },
  "absence-told-after-a-further-alert": async (at) => {
    await at.publish('rule "silent" when no alert for 3 seconds per alert.source then create ticket end');
    await send(at, { source: "Backup" });
    const id = await at.waiting("absence");
    await new Promise((resolve) => setTimeout(resolve, 1000));
    await send(at, { source: "Backup" });
    return id;
  },
  "absence-dropped": async (at) => {
    await at.publish('rule "silent" when no alert for 1 hour per alert.source then create ticket end');
    await send(at, { source: "Backup 2" });
    const id = await at.waiting("absence");
    await at.publish('rule "other" when alert received then create ticket end');
    return id;
  },
  "maintenance-ended": async (at) => {
    const [from, to] = [-60_000, 3000].map((ms) => new Date(Date.now() + ms).toISOString());
    await at.call("POST", "/maintenance", { name: "patching", sources: ["Patched"], from, to });
    await send(at, { source: "Patched" });
    return await at.waiting("maintenance");
  },
  "maintenance-deleted": async (at) => {
    const [from, to] = [-60_000, 3_600_000].map((ms) => new Date(Date.now() + ms).toISOString());
    const window = { name: "patching", sources: ["Patched 2"], from, to };
    const { id } = await at.call<{ id: string }>("POST", "/maintenance", window);
    await send(at, { source: "Patched 2" });
    const workflowId = await at.waiting("maintenance");
    await at.call("DELETE", `/maintenance/${id}`);
    return workflowId;
  },
};

async function deliver(
  { desk }: Stage,
  answer: (n: number) => SinkAnswer,
  schedule: Parameters<Desk["addDelivery"]>[0]["schedule"] = {},
  meanwhile?: (id: string) => Promise<void>,
): Promise<string> {
  const sink = await openSink(answer);
  const ticket = await desk.addTicket();
  const id = await desk.addDelivery({ ticketId: ticket.id, request: { url: sink.url }, schedule });
  if (meanwhile !== undefined) {
    await until(async () => (await desk.delivery(id)).state === "waiting", "the first attempt fails");
    await new Promise((resolve) => setTimeout(resolve, 500));
    await meanwhile(id);
  }
  const workflowId = await ended(desk, id);
  await sink.close();
  return workflowId;
}

async function ended(desk: Desk, id: string): Promise<string> {
  await until(
    async () => /succeeded|failed|given_up|skipped/u.test((await desk.delivery(id)).state),
    `${id} ends`,
    60_000,
  );
  return `callout:${id}`;
}

/** Who ran it, on which machine, says nothing about the code. */
function withoutMachine(json: string): string {
  return json
    .replaceAll(/("(?:identity|workerInstanceKey)": )"[^"]*"/gu, '$1"recorded"')
    .replaceAll(/\d+@[\w.-]+?(?=-t[0-9a-f]{8}-|")/gu, "recorded");
}

const dataDir = mkdtempSync(join(tmpdir(), "tocsin-record-"));
const postgres = await startEmbeddedPostgres({ dataDir, port: 0, durability: "none" });
const temporal = await startTemporal({ dataDir, port: 0, uiPort: "none", durability: "none" });
const desk = await openDesk({ postgresUrl: postgres.url, temporalAddress: temporal.address });
const dispatch = await desk.openDispatch();
const relay = dispatch.startRelay();
const workers = desk.runWorkers();
await workers.polling;
const connection = await Connection.connect({ address: temporal.address });
const client = new Client({ connection });

const wanted = process.argv.slice(2);
const isWanted = ([name]: readonly [string, unknown]): boolean =>
  wanted.length === 0 || wanted.includes(name);

for (const [name, run] of Object.entries(scenarios).filter(isWanted))
  await record(name, await run({ desk, dispatch }));
const clocks = await openClockDesk({ postgresUrl: postgres.url, temporalAddress: temporal.address });
for (const [name, run] of Object.entries({ ...clockScenarios, ...waitingScenarios }).filter(isWanted))
  await record(name, await run(clocks));
await clocks.close();
await recordRenewed();

/** Each on a Temporal that asks for new runs early; some go on as new by limits of their own. */
async function recordRenewed(): Promise<void> {
  const wantedHere = Object.entries(renewedScenarios).filter(isWanted);
  if (wantedHere.length === 0) return;
  const folder = mkdtempSync(join(tmpdir(), "tocsin-record-"));
  for (const [name, { isPatient, run }] of wantedHere) {
    const impatient = isPatient
      ? undefined
      : await startTemporal({
          dataDir: folder,
          port: 0,
          uiPort: "none",
          durability: "none",
          cliPath: await impatientTemporal(folder, IMPATIENT_EVENTS_MAX),
        });
    const { address } = impatient ?? temporal;
    const at = await openClockDesk({ postgresUrl: postgres.url, temporalAddress: address });
    const { workflowId, runId } = await run(at);
    await record(name, workflowId, { from: at.client, runId });
    await at.close();
    await impatient?.stop();
  }
  rmSync(folder, { recursive: true, force: true });
}

async function record(
  name: string,
  workflowId: string,
  { from = client, runId }: { readonly from?: Client; readonly runId?: string } = {},
): Promise<void> {
  const handle = from.workflow.getHandle(workflowId, runId);
  await until(
    async () =>
      await handle.describe().then(
        ({ status }) => status.name !== "RUNNING",
        () => false,
      ),
    name,
    10 * 60_000,
  );
  const text = withoutMachine(historyToJSON(await handle.fetchHistory()));
  const parsed = JSON.parse(text) as { events: unknown[] };
  const { length } = parsed.events;
  if (length > PLAIN_EVENTS_MAX)
    writeFileSync(new URL(`${name}.json.gz`, TARGET), gzipSync(JSON.stringify(parsed), { level: 9 }));
  else writeFileSync(new URL(`${name}.json`, TARGET), `${text}\n`);
  process.stdout.write(`${name}: ${length} events\n`);
}

await connection.close();
await relay.close();
await desk.close();
await temporal.stop();
await postgres.stop();
rmSync(dataDir, { recursive: true, force: true });
