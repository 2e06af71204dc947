/**
 * Clocks of tickets at size: what they cost the worker and Temporal, how fast they are armed, and how late they fire when many
 * come due at once. Tickets by the real engine, workflows by the real relay and worker (a process of its own) on an embedded
 * Temporal with its file. Run with: npm run bench clocks; the full size: BENCH_CLOCKS=100000 npm run bench clocks
 *
 *   BENCH_CLOCKS  tickets whose time is weeks away   default 2,000
 *   BENCH_DUE     tickets that come due at one moment, while those wait   default a tenth
 */
import { fork, type ChildProcess } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { cpus, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { Client, Connection } from "@temporalio/client";
import { createRuleSets } from "../src/api/index.ts";
import { compileRuleSet } from "../src/compiler/index.ts";
import { createEngine, watchActiveRules } from "../src/engine/index.ts";
import { buildRunnableRules } from "../src/matcher/index.ts";
import { createIdSource, ensureOwnOrganization, migrate, openStore } from "../src/store/index.ts";
import { startEmbeddedPostgres, startTemporal } from "../src/supervisor/index.ts";
import { incoming } from "../test/engine/running-desk.ts";

const CLOCKS = Number(process.env["BENCH_CLOCKS"] ?? 2000);
const DUE = Number(process.env["BENCH_DUE"] ?? Math.ceil(CLOCKS / 10));
/** What two cores arm and fire a second at least: how far away the common moment is put. */
const PER_SECOND_MIN = 15;
const BATCH = 500;
const SETTLE_MS = 3000;

const RULES = `
rule "Ticket" when alert received then
  create ticket
    due in 30 days
    no dedup
end
rule "Overdue" when ticket overdue then add note "overdue" end
`;

const dataDir = mkdtempSync(join(tmpdir(), "tocsin-bench-clocks-"));
const postgres = await startEmbeddedPostgres({ dataDir, port: 0, durability: "none" });
const temporal = await startTemporal({ dataDir, port: 0, uiPort: "none" });
await migrate(postgres.url);
const store = openStore({ databaseUrl: postgres.url });
const compile = (files: readonly { path: string; text: string }[]): ReturnType<typeof compileRuleSet>["ir"] =>
  compileRuleSet(files).ir;
const ruleSets = createRuleSets(
  store,
  (files) => Promise.resolve({ ir: compile(files), diagnostics: [], isAnalysisGivenUp: false }),
  () => Promise.resolve(),
);
const published = await ruleSets.publish([{ path: "bench.rules", text: RULES }], {
  author: "bench",
  origin: "api",
});
if (published.kind !== "published") throw new Error("the rules of the bench have errors");
const rules = await watchActiveRules({ store, compile, build: buildRunnableRules });
const ownOrganization = await ensureOwnOrganization(store, "My Own MSP", createIdSource(), Date.now());
const engine = createEngine({ store, rules: rules.current, ownOrganization, notesPerWindow: 100 });
const connection = await Connection.connect({ address: temporal.address });
const client = new Client({ connection });
const worker = await startWorkerProcess();
const say = (line: string): void => void process.stdout.write(`${line}\n`);

say(
  `machine: ${cpus().length} x ${cpus()[0]?.model ?? "?"}, ${gib(totalmem())} GiB; node ${process.version}`,
);
say(`Temporal: ${temporal.cli.version}, on SQLite (WAL); Postgres 18, both on this machine`);
say(
  `at rest: worker ${mib(worker.rss())} MiB, Temporal ${mib(rssOf(temporal.child.identity.pid))} MiB, its file ${mib(fileSize())} MiB`,
);

const opening = performance.now();
for (let from = 0; from < CLOCKS; from += BATCH) {
  await Promise.all(
    Array.from({ length: Math.min(BATCH, CLOCKS - from) }, async (_, i) =>
      engine.ingest(incoming(Date.now(), { title: `Disk ${from + i}`, organization: undefined })),
    ),
  );
}
say(`opened ${CLOCKS} tickets in ${seconds(opening)} s`);
const arming = performance.now();
await untilArmed("armed");
const armedIn = performance.now() - arming - SETTLE_MS;
say(
  `armed all of them ${(armedIn / 1000).toFixed(1)} s later: ${(CLOCKS / (armedIn / 1000)).toFixed(0)} started a second`,
);
say(
  `while they wait: worker ${mib(worker.rss())} MiB (most ${mib(worker.most())}), Temporal ${mib(rssOf(temporal.child.identity.pid))} MiB, its file ${mib(fileSize())} MiB, ` +
    `${await running()} workflows run for ${CLOCKS} tickets`,
);

const moment = Date.now() + (DUE / PER_SECOND_MIN) * 1000 + 10_000;
const by = { kind: "staff", name: "bench" } as const;
for (let i = 0; i < DUE; i += 1) {
  await engine.openTicket({ title: `Due ${i}`, due_at: moment }, by, moment - 7_200_000);
}
await untilArmed("those to come due are armed");
say(`${DUE} more come due at one moment, in ${((moment - Date.now()) / 1000).toFixed(0)} s`);
await until(async () => (await lags()).length >= DUE, "all have fired");
const late = (await lags()).toSorted((a, b) => a - b);
const all = ((late.at(-1) ?? 0) / 1000).toFixed(1);
say(
  `fired late by: first ${late[0]} ms, p50 ${quantile(late, 0.5)} ms, p99 ${quantile(late, 0.99)} ms, last ${all} s: ${(DUE / Math.max(Number(all), 0.1)).toFixed(0)}/s`,
);
say(
  `after it: worker ${mib(worker.rss())} MiB (most ${mib(worker.most())}), Temporal's file ${mib(fileSize())} MiB`,
);

worker.child.kill("SIGTERM");
await engine.close();
await rules.close();
await store.close();
await connection.close();
await temporal.stop();
await postgres.stop();
rmSync(dataDir, { recursive: true, force: true });
process.exit(0);

async function startWorkerProcess(): Promise<{ child: ChildProcess; rss: () => number; most: () => number }> {
  const child = fork(new URL("../test/worker/worker-process.ts", import.meta.url), {
    env: { ...process.env, DATABASE_URL: postgres.url, TEMPORAL_ADDRESS: temporal.address },
  });
  await new Promise((resolve) => child.once("message", resolve));
  let most = 0;
  const rss = (): number => {
    const now = rssOf(child.pid);
    most = Math.max(most, now);
    return now;
  };
  setInterval(rss, 1000).unref();
  return { child, rss, most: () => most };
}

async function untilArmed(what: string): Promise<void> {
  await until(async () => {
    const [row] = await store.query<{ n: number }>({
      text: "select count(*) as n from outbox where done_at is null",
    });
    return row?.n === 0;
  }, what);
  // Started is not waiting yet: the worker still begins their timers.
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
}

async function lags(): Promise<readonly number[]> {
  const rows = await store.query<{ late: number }>({
    text: `select (extract(epoch from n.at - t.due_at) * 1000)::float8 as late from ticket_notes n join tickets t on t.id = n.ticket_id
      where n.text = 'overdue'`,
  });
  return rows.map(({ late: ms }) => Math.round(ms));
}

async function running(): Promise<number> {
  const { count } = await client.workflow.count(
    "WorkflowType = 'ticketClock' and ExecutionStatus = 'Running'",
  );
  return count;
}

async function until(holds: () => Promise<boolean>, what: string): Promise<void> {
  const deadline = Date.now() + Math.max(((CLOCKS + DUE) / 5) * 1000, 120_000);
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`not in time: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

/** Bytes resident. */
function rssOf(pid: number | undefined): number {
  try {
    return Number(/VmRSS:\s+(\d+)/u.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

function fileSize(): number {
  const folder = join(dataDir, "temporal");
  return readdirSync(folder).reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

function mib(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(0);
}

function gib(bytes: number): string {
  return (bytes / 2 ** 30).toFixed(1);
}

function seconds(from: number): string {
  return ((performance.now() - from) / 1000).toFixed(1);
}
