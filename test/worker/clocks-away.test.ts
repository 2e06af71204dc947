/** Clocks when things are away: Temporal gone and back, Temporal that lost everything, a workflow ended by hand, a worker killed while it fires. */
import { fork, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { startTemporal, type EmbeddedTemporal } from "../../src/supervisor/index.ts";
import { until } from "../workflows/desk.ts";
import { openClockDesk, pass, type ClockDesk } from "./clock-desk.ts";

const dataDir = mkdtempSync(join(tmpdir(), "tocsin-test-clocks-"));
let temporal: EmbeddedTemporal;
let at: ClockDesk;

async function start(port: number, durability: "full" | "none"): Promise<void> {
  temporal = await startTemporal({ dataDir, port, uiPort: "none", durability });
}

beforeAll(async () => {
  await start(0, "full");
  at = await openClockDesk(
    { postgresUrl: inject("postgresUrl"), temporalAddress: temporal.address },
    { withoutWorker: true },
  );
}, 90_000);
afterAll(async () => {
  await at?.close();
  await temporal?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const openFor = async (seconds: number): Promise<void> => {
  await at.publish(`rule "open" when ticket open for ${seconds} seconds then add note "open" end`);
};
const fires = async (number: string): Promise<void> => {
  await until(async () => (await at.notes(number)).length > 0, "it fires", 90_000);
};

async function forkWorker(): Promise<ChildProcess> {
  const child = fork(new URL("worker-process.ts", import.meta.url), {
    env: {
      ...process.env,
      DATABASE_URL: at.desk.config.databaseUrl,
      TEMPORAL_ADDRESS: temporal.address,
      WORKER_QUEUE_PREFIX: at.desk.prefix,
    },
  });
  await new Promise((resolve) => child.once("message", resolve));
  return child;
}

describe("the clock of a ticket", () => {
  it("fires once although the worker is killed while it fires", async () => {
    const child = await forkWorker();
    await openFor(6);
    const numbers = await Promise.all(Array.from({ length: 25 }, async () => await at.open()));
    const counts = async (): Promise<readonly number[]> => {
      const rows = await at.desk.store.query<{ n: number }>({
        text: `select (select count(*) from ticket_notes n where n.ticket_id = t.id)::int as n
          from tickets t where t.number = any($1)`,
        values: [numbers],
      });
      return rows.map(({ n }) => n);
    };
    await until(async () => (await counts()).some((n) => n > 0), "the first fires", 60_000);
    child.kill("SIGKILL");
    await at.addWorker();
    await until(async () => (await counts()).every((n) => n > 0), "all fire", 90_000);
    await pass(1000);
    expect(await counts()).toEqual(numbers.map(() => 1));
  }, 180_000);

  it("that came due while Temporal was away fires when it is back, as does one of a ticket opened meanwhile", async () => {
    await openFor(3);
    const before = await at.open();
    await until(async () => (await at.clock(before)) === "RUNNING", "it waits");
    await temporal.stop();
    const meanwhile = await at.open();
    await pass(4000);
    expect([await at.notes(before), await at.notes(meanwhile)]).toEqual([[], []]);
    await start(temporal.port, "full");
    await Promise.all([fires(before), fires(meanwhile)]);
    await pass(1000);
    expect([await at.notes(before), await at.notes(meanwhile)]).toEqual([["open"], ["open"]]);
  }, 180_000);

  it("that was ended by hand is started again when its time has passed", async () => {
    await openFor(3);
    const number = await at.open();
    await until(async () => (await at.clock(number)) === "RUNNING", "it waits");
    await at.client.workflow.getHandle(`ticket:${number}`).terminate("by hand");
    await pass(3000);
    await at.desk.store.query({
      text: "update ticket_clocks set due_at = due_at - interval '2 minutes' where due_at is not null",
    });
    const dispatch = await at.desk.openDispatch();
    await dispatch.reconcile();
    await fires(number);
  }, 120_000);

  it("and schedules are told to a Temporal that lost everything", async () => {
    await at.publish(`
rule "open" when ticket open for 12 seconds then add note "open" end
rule "check" when every sunday at 03:00 then create ticket title = "check" end`);
    const number = await at.open();
    await until(async () => (await at.clock(number)) === "RUNNING", "it waits");
    await temporal.stop();
    // In memory: the new one knows nothing.
    await start(temporal.port, "none");
    await fires(number);
    expect(await at.notes(number)).toEqual(["open"]);
    const [row] = await at.desk.store.query<{ key: string }>({ text: "select key from rule_schedules" });
    const handle = at.client.schedule.getHandle(`schedule:${row!.key}`);
    await until(
      async () =>
        await handle.describe().then(
          () => true,
          () => false,
        ),
      "the schedule is there",
      60_000,
    );
  }, 180_000);
});
