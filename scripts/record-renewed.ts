/**
 * Scenarios of record-histories.ts in which a workflow goes on as a new run. The first run's history is kept: its end, and what it
 * hands over. Knows no files.
 */
import type { ClockDesk } from "../test/worker/clock-desk.ts";
import { openSink, until } from "../test/workflows/desk.ts";

export interface RenewedRun {
  readonly workflowId: string;
  /** Of the run that went on as another. */
  readonly runId: string;
}

interface RenewedScenario {
  /** By the workflow's own limit, on a Temporal as it is. Else the server asks for it, after a few dozen events. */
  readonly isPatient: boolean;
  readonly run: (at: ClockDesk) => Promise<RenewedRun>;
}

/** More than a hundred batches of the workflow's five hundred. */
const TICKETS_TO_REARM = 50_050;

export const renewedScenarios: Readonly<Record<string, RenewedScenario>> = {
  "clock-after-100-looks": {
    isPatient: true,
    run: async (at) => {
      await at.publish('rule "open" when ticket open for 5 hours then add note "open" end');
      return await pushedUntilRenewed(at, `ticket:${await at.open()}`, "lookAgain");
    },
  },
  "absence-after-400-looks": {
    isPatient: true,
    run: async (at) => {
      await at.publish('rule "silent" when no alert for 1 hour per alert.source then create ticket end');
      await at.call("POST", "/alerts", { source: "Backup", title: "done" });
      return await pushedUntilRenewed(at, await at.waiting("absence"), "changed");
    },
  },
  "rearm-after-500-batches": {
    isPatient: true,
    run: async (at) => {
      await at.publish('rule "later" when ticket open for 2 hours then add note "open" end');
      await fillTickets(at, await at.open());
      await at.publish('rule "later" when ticket open for 3 hours then add note "open" end');
      const [row] = await at.desk.store.query<{ workflow_id: string }>({
        text: "select workflow_id from outbox where kind = 'rearm-tickets' order by id desc limit 1",
      });
      return await renewed(at, row?.workflow_id ?? "");
    },
  },
  "callout-renewed-while-paused": {
    isPatient: false,
    run: async (at) => {
      const sink = await openSink(() => 500);
      const id = await pausedDelivery(at, "paused", `${sink.url}/`);
      const run = await pushedUntilRenewed(at, `callout:${id}`, "lookAgain");
      await sink.close();
      return run;
    },
  },
  "replay-renewed": {
    isPatient: false,
    run: async (at) => {
      let status = 500;
      const sink = await openSink(() => status);
      await at.publish(`
        callout "fails" post "${sink.url}/" retry every 1 second up to 0 times end
        rule "tell" when ticket completed then run callout "fails" end`);
      for (let i = 0; i < 25; i += 1) await at.set(await at.open(), { status: "Complete" });
      const failed = async (): Promise<number> =>
        (await at.call<{ items: unknown[] }>("GET", "/deliveries?state=failed&limit=100")).items.length;
      await until(async () => (await failed()) === 25, "all failed", 120_000);
      status = 200;
      const since = new Date(Date.now() - 3_600_000).toISOString();
      const asked = { callout: "fails", since, per_second: 1 };
      const { workflow_id: id } = await at.call<{ workflow_id: string }>("POST", "/deliveries/replay", asked);
      const run = await renewed(at, id);
      await until(async () => (await statusOf(at, id)) === "COMPLETED", "it ends in its second run", 120_000);
      await sink.close();
      return run;
    },
  },
  "maintenance-renewed-while-deciding": {
    isPatient: false,
    run: async (at) => {
      await at.publish('rule "all" when alert received then create ticket end');
      const [from, to] = [-60_000, 3_600_000].map((ms) => new Date(Date.now() + ms).toISOString());
      const window = { name: "patching", sources: ["Patched"], from, to };
      const { id } = await at.call<{ id: string }>("POST", "/maintenance", window);
      for (let page = 0; page < 10; page += 1)
        await at.call(
          "POST",
          "/alerts",
          Array.from({ length: 100 }, (_, n) => ({
            source: "Patched",
            title: `SRV-${page * 100 + n} down`,
            alert_id: `m-${page * 100 + n}`,
          })),
        );
      const workflowId = await at.waiting("maintenance");
      await at.call("DELETE", `/maintenance/${id}`);
      return await renewed(at, workflowId);
    },
  },
};

/** Sends a signal again and again, each when the one before was answered, until the workflow has gone on as a new run. */
async function pushedUntilRenewed(at: ClockDesk, workflowId: string, signal: string): Promise<RenewedRun> {
  const handle = at.client.workflow.getHandle(workflowId);
  await until(async () => (await statusOf(at, workflowId)) === "RUNNING", `${workflowId} runs`, 60_000);
  const { runId } = await handle.describe();
  for (;;) {
    await handle.signal(signal);
    await until(async () => await isIdle(at, workflowId), "it has looked", 60_000);
    if ((await handle.describe()).runId !== runId) return { workflowId, runId };
  }
}

/** No workflow task is under way. */
async function isIdle(at: ClockDesk, workflowId: string): Promise<boolean> {
  const { raw } = await at.client.workflow.getHandle(workflowId).describe();
  return raw.pendingWorkflowTask === null || raw.pendingWorkflowTask === undefined;
}

async function renewed(at: ClockDesk, workflowId: string): Promise<RenewedRun> {
  await until(async () => (await statusOf(at, workflowId)) !== undefined, `${workflowId} runs`, 60_000);
  const runId = await firstRunOf(at, workflowId);
  await until(
    async () => (await statusOf(at, workflowId, runId)) === "CONTINUED_AS_NEW",
    `${workflowId} has gone on as a new run`,
    10 * 60_000,
  );
  return { workflowId, runId };
}

async function firstRunOf(at: ClockDesk, workflowId: string): Promise<string> {
  const { events } = await at.client.workflow.getHandle(workflowId).fetchHistory();
  return events?.[0]?.workflowExecutionStartedEventAttributes?.firstExecutionRunId ?? "";
}

async function statusOf(at: ClockDesk, workflowId: string, runId?: string): Promise<string | undefined> {
  return await at.client.workflow
    .getHandle(workflowId, runId)
    .describe()
    .then(
      ({ status }) => status.name,
      () => undefined,
    );
}

/** Two deliveries fail, which pauses their callout; a third waits. */
export async function pausedDelivery(at: ClockDesk, callout: string, url: string): Promise<string> {
  await at.publish(`
    callout "${callout}" post "${url}" retry every 1 second up to 0 times pause after 2 failed deliveries end
    rule "tell" when ticket completed then run callout "${callout}" end`);
  const settled = async (wanted: (one: { state: string; reason?: string }) => boolean): Promise<string> => {
    const ticket = await at.open();
    await at.set(ticket, { status: "Complete" });
    let id = "";
    await until(async () => {
      const path = `/deliveries?ticket=${ticket}`;
      const { items } = await at.call<{ items: { id: string; state: string; reason?: string }[] }>(
        "GET",
        path,
      );
      id = items.find(wanted)?.id ?? "";
      return id !== "";
    }, "the delivery is as wanted");
    return id;
  };
  for (let i = 0; i < 2; i += 1) await settled(({ state }) => state === "failed");
  return await settled(({ reason }) => reason?.includes("paused") === true);
}

/** As many tickets as it takes, each like the one that was opened, with a clock like its. */
async function fillTickets(at: ClockDesk, number: string): Promise<void> {
  await until(async () => (await at.clock(number)) === "RUNNING", "its clock waits");
  const page = TICKETS_TO_REARM / 10;
  for (let from = 1; from <= TICKETS_TO_REARM; from += page) {
    const numbers = `generate_series(${from}, ${from + page - 1}) n`;
    for (const text of [
      `insert into tickets select (jsonb_populate_record(t, jsonb_build_object('id', t.id || n, 'number', t.number || lpad(n::text, 6, '0')))).*
        from tickets t, ${numbers} where t.number = $1`,
      `insert into ticket_clocks select (jsonb_populate_record(c, jsonb_build_object('ticket_id', c.ticket_id || n))).*
        from ticket_clocks c join tickets t on t.id = c.ticket_id, ${numbers} where t.number = $1`,
    ])
      await at.desk.store.query({ text, values: [number] });
  }
}
