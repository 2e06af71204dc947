/** Two installations, each with a database of its own, that were given the same namespace of Temporal by mistake. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Connection } from "@temporalio/client";
import pino from "pino";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { inspectNamespace } from "../../src/dispatch/index.ts";
import { selectInstallation } from "../../src/store/index.ts";
import { startTemporal, type EmbeddedTemporal } from "../../src/supervisor/index.ts";
import { startWorker, type RunningWorker } from "../../src/worker/index.ts";
import { openDesk, openSink, until, type Desk, type Sink } from "../workflows/desk.ts";

const NOTE = "tocsin-rules.installation";
const bin = fileURLToPath(new URL("../../bin/tocsin", import.meta.url));
const dataDir = mkdtempSync(join(tmpdir(), "tocsin-test-two-"));
let temporal: EmbeddedTemporal;
let connection: Connection;
let first: Desk;
let second: Desk;
let sink: Sink;
const workers: RunningWorker[] = [];

interface Line {
  readonly level: number;
  readonly msg: string;
  readonly code?: string;
}

/** As `tocsin worker` does, with the task queues that all installations have. */
async function start(desk: Desk): Promise<{ readonly worker: RunningWorker; readonly lines: Line[] }> {
  const lines: Line[] = [];
  const logger = pino(
    { level: "warn" },
    { write: (text: string) => void lines.push(JSON.parse(text) as Line) },
  );
  const worker = await startWorker(desk.config, logger);
  workers.push(worker);
  return { worker, lines };
}

async function note(value: string): Promise<void> {
  const updateInfo = { data: { [NOTE]: value } };
  await connection.workflowService.updateNamespace({ namespace: "default", updateInfo });
}

async function ownerFor(desk: Desk): Promise<string> {
  return (await inspectNamespace(desk.config.temporal, await selectInstallation(desk.store))).kind;
}

async function addDelivery(desk: Desk): Promise<string> {
  const ticket = await desk.addTicket();
  return await desk.addDelivery({ ticketId: ticket.id, request: { url: sink.url } });
}

const stateOf = async (desk: Desk, id: string): Promise<string> => (await desk.delivery(id)).state;

/** What its workers poll, as they tell it. */
async function polled(desk: Desk): Promise<readonly string[]> {
  const rows = await desk.store.query<{ queue: string }>({
    text: "select unnest(task_queues) as queue from workers where seen_at > now() - interval '15 seconds'",
  });
  return rows.map(({ queue }) => queue);
}

async function doctor(desk: Desk): Promise<{ readonly code: number; readonly text: string }> {
  const env = {
    ...process.env,
    DATABASE_URL: desk.config.databaseUrl,
    TEMPORAL_ADDRESS: temporal.address,
    TOCSIN_DATA_DIR: dataDir,
  };
  return await new Promise((resolve) => {
    execFile(process.execPath, [bin, "doctor"], { env }, (error, stdout) => {
      resolve({ code: typeof error?.code === "number" ? error.code : 0, text: stdout });
    });
  });
}

beforeAll(async () => {
  temporal = await startTemporal({ dataDir, port: 0, uiPort: "none", durability: "none" });
  const services = { postgresUrl: inject("postgresUrl"), temporalAddress: temporal.address };
  [first, second] = [await openDesk(services), await openDesk(services)];
  connection = await Connection.connect({ address: temporal.address });
  sink = await openSink(() => 200);
}, 90_000);
afterAll(async () => {
  await Promise.all(workers.map((worker) => worker.close().catch(() => undefined)));
  await connection?.close();
  await sink?.close();
  await first?.close();
  await second?.close();
  await temporal?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

describe("a namespace of Temporal", () => {
  it("is noted as that of the first installation whose worker comes, and its workers go on with it", async () => {
    expect(await ownerFor(first)).toBe("nobody");
    const { lines } = await start(first);
    const id = await addDelivery(first);
    await until(async () => (await stateOf(first, id)) === "succeeded", "it is sent");
    expect([await ownerFor(first), await ownerFor(second)]).toEqual(["ours", "another"]);
    await start(first);
    expect(lines.filter(({ code }) => code !== undefined)).toEqual([]);
  });

  it("refuses the workers of another: it says so with a code, tells nothing and takes no work", async () => {
    const { worker, lines } = await start(second);
    const id = await addDelivery(second);
    await until(() => lines.some(({ code }) => code === "temporal_taken"), "it says so");
    const said = lines.find(({ code }) => code === "temporal_taken");
    expect(said?.msg).toContain(await selectInstallation(first.store));
    expect(said?.msg).toContain("TEMPORAL_NAMESPACE");
    const others = await addDelivery(first);
    await until(async () => (await stateOf(first, others)) === "succeeded", "the first is not disturbed");
    expect(await second.delivery(id)).toMatchObject({ state: "pending", attempt_count: 0 });
    expect(await polled(second)).toEqual([]);
    // Once, although it asks again and again.
    await new Promise((resolve) => setTimeout(resolve, 6000));
    expect(lines.filter(({ code }) => code === "temporal_taken")).toHaveLength(1);
    await worker.close();
    workers.splice(workers.indexOf(worker), 1);
  }, 60_000);

  it("is told by `tocsin doctor`: WRONG for the one that is refused, fine for the other", async () => {
    const [ours, theirs] = [await doctor(first), await doctor(second)];
    expect(ours.text).toMatch(/ok {4}Temporal namespace: default, installation in_\w+: noted as ours/u);
    expect(theirs.text).toMatch(/WRONG Temporal namespace: temporal_taken: .*another Tocsin installation/u);
    expect(theirs.text).toContain("give each its own TEMPORAL_NAMESPACE");
    expect(theirs.code).toBe(1);
  }, 60_000);

  it("takes a database that was restored from a backup for the same installation", async () => {
    // As a restore leaves it: the same row in another database.
    await second.store.query({
      text: "insert into installation (id) values ($1) on conflict (one) do update set id = excluded.id",
      values: [await selectInstallation(first.store)],
    });
    expect(await ownerFor(second)).toBe("ours");
    await second.store.query({ text: "delete from installation" });
    expect(await ownerFor(second)).toBe("another");
  });

  it("that another took meanwhile is left by workers that run, which go on when it is theirs again", async () => {
    await until(async () => (await polled(first)).includes("tocsin-rules"), "they poll");
    await note("in_another 2026-11-22T10:00:00.000Z");
    await until(async () => (await polled(first)).length === 0, "they poll no more", 60_000);
    const left = await addDelivery(first);
    await new Promise((resolve) => setTimeout(resolve, 2000));
    expect(await first.delivery(left)).toMatchObject({ state: "pending", attempt_count: 0 });
    await note("");
    await until(async () => (await stateOf(first, left)) === "succeeded", "they go on", 60_000);
  }, 150_000);

  it("is handed over when the workers of the one are stopped and the note is emptied", async () => {
    await Promise.all(workers.splice(0).map((worker) => worker.close()));
    await note("");
    const id = await addDelivery(second);
    await start(second);
    await until(async () => (await stateOf(second, id)) === "succeeded", "the second works");
    expect([await ownerFor(first), await ownerFor(second)]).toEqual(["another", "ours"]);
  }, 90_000);
});
