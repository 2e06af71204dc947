/**
 * Callout deliveries per second to completion, over a bare one-activity workflow on the same Temporal server in the same
 * run (aim: 0.8 of it or more). A delivery is the whole of it: outbox row, claim, start, attempt begun in Postgres, HTTP,
 * outcome recorded, rules told, delivery ended. Run with: npm run bench -- callouts
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { Client, Connection } from "@temporalio/client";
import { bundleWorkflowCode, NativeConnection, Worker } from "@temporalio/worker";
import { startEmbeddedPostgres, startTemporal } from "../src/supervisor/index.ts";
import { openDesk, openSink, silent, until, type Desk } from "../test/workflows/desk.ts";
import { installRuntime } from "../src/worker/runtime.ts";

const DELIVERIES = Number(process.env["BENCH_DELIVERIES"] ?? 300);
const ROUNDS = Number(process.env["BENCH_ROUNDS"] ?? 3);
const IN_FLIGHT = 50;

const dataDir = mkdtempSync(join(tmpdir(), "tocsin-bench-callouts-"));
installRuntime(silent);
const postgres = await startEmbeddedPostgres({ dataDir, port: 0, durability: "none" });
const temporal = await startTemporal({ dataDir, port: 0, uiPort: "none" });
const connection = await Connection.connect({ address: temporal.address });
const client = new Client({ connection });
const desk = await openDesk({ postgresUrl: postgres.url, temporalAddress: temporal.address });
const sink = await openSink(() => 200);

const bare: number[] = [];
const deliveries: number[] = [];
for (let round = 0; round < ROUNDS; round += 1) {
  bare.push(await measureBare(round));
  deliveries.push(await measureDeliveries(desk));
}
report();

await sink.close();
await desk.close();
await connection.close();
await temporal.stop();
await postgres.stop();
rmSync(dataDir, { recursive: true, force: true });

async function measureBare(round: number): Promise<number> {
  const file = join(dataDir, "bare.js");
  writeFileSync(
    file,
    `import { proxyActivities } from "@temporalio/workflow";
     const { nothing } = proxyActivities({ startToCloseTimeout: 10000, retry: { maximumAttempts: 1 } });
     export async function bare() { return await nothing({}); }`,
  );
  const workflowBundle = await bundleWorkflowCode({
    logger: { log() {}, trace() {}, debug() {}, info() {}, warn() {}, error() {} },
    workflowsPath: file,
    webpackConfigHook: (config) => ({
      ...config,
      resolve: { ...config.resolve, modules: [join(import.meta.dirname, "../node_modules")] },
    }),
  });
  const taskQueue = `bare-${round}`;
  const native = await NativeConnection.connect({ address: temporal.address });
  const worker = await Worker.create({
    connection: native,
    taskQueue,
    workflowBundle,
    activities: { nothing: () => Promise.resolve({ kind: "succeeded" }) },
    maxConcurrentWorkflowTaskExecutions: 20,
    maxCachedWorkflows: 200,
  });
  const startedAt = performance.now();
  await worker.runUntil(async () => {
    let next = 0;
    const lane = async (): Promise<void> => {
      while (next < DELIVERIES) {
        next += 1;
        await client.workflow.execute("bare", { taskQueue, workflowId: `bare:${round}:${next}`, args: [] });
      }
    };
    await Promise.all(Array.from({ length: IN_FLIGHT }, lane));
  });
  const perSecond = DELIVERIES / ((performance.now() - startedAt) / 1000);
  await native.close();
  return perSecond;
}

async function measureDeliveries(on: Desk): Promise<number> {
  const workers = on.runWorkers();
  await workers.polling;
  const before = on.finished.length;
  for (let i = 0; i < DELIVERIES; i += 1) {
    const ticket = await on.addTicket();
    await on.addDelivery({ ticketId: ticket.id, request: { url: sink.url } });
  }
  const dispatch = await on.openDispatch();
  const startedAt = performance.now();
  const relay = dispatch.startRelay();
  await until(() => on.finished.length - before >= DELIVERIES, "all are delivered", 300_000);
  const perSecond = DELIVERIES / ((performance.now() - startedAt) / 1000);
  await relay.close();
  await workers.close();
  return perSecond;
}

function report(): void {
  const show = (values: readonly number[]): string => values.map((value) => value.toFixed(1)).join(", ");
  process.stdout.write(
    [
      `machine: ${cpus().length} x ${cpus()[0]?.model ?? "?"}; node ${process.version}; ${temporal.cli.path === "" ? "" : "embedded Temporal on SQLite, WAL"}`,
      `${DELIVERIES} a round, ${ROUNDS} rounds`,
      `bare one-activity workflow: median ${median(bare).toFixed(1)}/s (${show(bare)}), ${IN_FLIGHT} in flight`,
      `callout deliveries:         median ${median(deliveries).toFixed(1)}/s (${show(deliveries)})`,
      `ratio: ${(median(deliveries) / median(bare)).toFixed(2)} (aim 0.80)`,
      "",
    ].join("\n"),
  );
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
