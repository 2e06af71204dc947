/**
 * Ingest over HTTP, committed before the answer, one rule firing an alert: an embedded Postgres of its own with fsync on, one
 * server process, the load from a third process, all on this machine; against a bare `pg` insert loop on the same Postgres.
 * Bounded: about two minutes. `npm run bench ingest`.
 */
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { cpus, loadavg, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import pg from "pg";
import { migrate } from "../src/store/index.ts";
import { startEmbeddedPostgres } from "../src/supervisor/index.ts";
import type { LoadOrder, LoadResult } from "./ingest-load.ts";

const ROUNDS = 3;
const SECONDS = 5;
const WARM_UP_SECONDS = 3;
const START_TIMEOUT_MS = 20_000;

const RULES = `rule "Ticket for an alert"
  when alert received
  if alert.severity is "critical"
  then
    create ticket
      title = alert.title
      dedup within 5 minutes by alert.title
end
`;

const key = `tocsin_${randomBytes(24).toString("hex")}`;
const root = join(import.meta.dirname, "..");

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

async function startServer(
  databaseUrl: string,
  dataDir: string,
): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, [join(root, "src/cli/main.ts"), "serve"], {
    cwd: root,
    env: {
      ...process.env,
      DATABASE_URL: databaseUrl,
      TOCSIN_API_KEY: key,
      TOCSIN_HTTP_PORT: "0",
      TOCSIN_SMTP_PORT: "0",
      TOCSIN_RATE_PER_KEY: "0",
      TOCSIN_DATA_DIR: dataDir,
      // Nobody there: the bench is about ingest, and outbox rows are written all the same.
      TEMPORAL_ADDRESS: "127.0.0.1:9",
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const url = await new Promise<string>((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`the server did not start:\n${output}`)),
      START_TIMEOUT_MS,
    );
    const read = (chunk: Buffer): void => {
      output += chunk.toString("utf8");
      const found = /"url":"(http:[^"]+)"/u.exec(output)?.[1];
      if (found === undefined) return;
      clearTimeout(timer);
      resolve(found);
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.once("exit", (code) => reject(new Error(`the server ended with ${code}:\n${output}`)));
  });
  return { child, url };
}

async function load(port: number, order: Omit<LoadOrder, "port" | "key" | "run">): Promise<LoadResult> {
  const full: LoadOrder = { ...order, port, key, run: randomBytes(4).toString("hex") };
  const { stdout } = await promisify(execFile)(process.execPath, [
    join(root, "bench/ingest-load.ts"),
    JSON.stringify(full),
  ]);
  return JSON.parse(stdout) as LoadResult;
}

/** On a machine that others share this says more than the rate: processor time of the server process so far. */
async function cpuSeconds(port: number): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${port}/metrics`, {
    headers: { authorization: `Bearer ${key}` },
  });
  return Number(/^process_cpu_seconds_total ([\d.e+-]+)$/mu.exec(await answer.text())?.[1] ?? 0);
}

async function measure(
  port: number,
  name: string,
  order: Omit<LoadOrder, "port" | "key" | "run">,
): Promise<number> {
  const results: LoadResult[] = [];
  const cpuBefore = await cpuSeconds(port);
  for (let round = 0; round < ROUNDS; round++) results.push(await load(port, order));
  const cpuUsed = (await cpuSeconds(port)) - cpuBefore;
  const alerts = results.reduce((sum, result) => sum + result.alerts, 0);
  const rates = results.map((result) => result.alerts / result.seconds);
  const row = [
    name.padEnd(58),
    `${Math.round(median(rates)).toLocaleString("en")} alerts/s`.padStart(18),
    `p50 ${median(results.map((result) => result.p50Ms)).toFixed(1)} ms`.padStart(14),
    `p99 ${median(results.map((result) => result.p99Ms)).toFixed(1)} ms`.padStart(15),
    `${Math.round((cpuUsed / alerts) * 1e6)} us of the server's processor an alert`.padStart(44),
    `(rounds: ${rates.map((rate) => Math.round(rate)).join(", ")})`,
  ];
  const failed = results.reduce((sum, result) => sum + result.notOk, 0);
  console.log(`${row.join(" ")}${failed === 0 ? "" : `  ${failed} NOT 200`}`);
  return median(rates);
}

/** What Postgres takes from `pg` when nobody decides anything: a row of the same bytes, one commit a statement. */
async function bareInsertLoop(
  databaseUrl: string,
  connections: number,
  rowsPerStatement: number,
): Promise<number> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: connections });
  // A connection that ends with Postgres, after the pool did.
  pool.on("error", () => undefined);
  await pool.query(
    "create table if not exists bare (id bigint generated always as identity primary key, alert jsonb not null)",
  );
  const alert = JSON.stringify({
    source: "Datto RMM",
    title: "x".repeat(40),
    description: "y".repeat(200),
    severity: "critical",
  });
  const rows = Array.from({ length: rowsPerStatement }, () => alert);
  const rates: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const until = performance.now() + 2000;
    const startedAt = performance.now();
    let count = 0;
    await Promise.all(
      Array.from({ length: connections }, async () => {
        while (performance.now() < until) {
          await pool.query({
            name: "bare",
            text: "insert into bare (alert) select unnest($1::jsonb[])",
            values: [rows],
          });
          count += rowsPerStatement;
        }
      }),
    );
    rates.push(count / ((performance.now() - startedAt) / 1000));
  }
  await pool.end();
  const name = `bare pg insert loop, ${connections} connections, ${rowsPerStatement} rows a commit`;
  console.log(
    `${name.padEnd(58)} ${`${Math.round(median(rates)).toLocaleString("en")} rows/s`.padStart(18)}`,
  );
  return median(rates);
}

function describeMachine(): void {
  const processor = cpus()[0]?.model ?? "unknown processor";
  const { version } = JSON.parse(readFileSync(join(root, "node_modules/pg/package.json"), "utf8")) as {
    version: string;
  };
  console.log(
    `${cpus().length} x ${processor}, ${Math.round(totalmem() / 2 ** 30)} GiB, load average ${loadavg()[0]?.toFixed(1)}; Node ${process.version}, pg ${version}`,
  );
}

const dataDir = mkdtempSync(join(tmpdir(), "tocsin-bench-"));
chmodSync(dataDir, 0o711);
const postgres = await startEmbeddedPostgres({ dataDir, port: 0 });
let server: ChildProcess | undefined;
try {
  describeMachine();
  await migrate(postgres.url);
  const started = await startServer(postgres.url, dataDir);
  server = started.child;
  const port = Number(new URL(started.url).port);
  const published = await fetch(`${started.url}/api/v1/rule-sets`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}` },
    body: JSON.stringify({ files: [{ path: "bench.rules", text: RULES }] }),
  });
  if (published.status !== 201) throw new Error(await published.text());
  await load(port, { connections: 64, seconds: WARM_UP_SECONDS, alertsPerRequest: 1, titles: 500 });
  const single = await measure(port, "one alert a request, 64 connections, 500 titles", {
    connections: 64,
    seconds: SECONDS,
    alertsPerRequest: 1,
    titles: 500,
  });
  await measure(port, "one alert a request, 64 connections, each its own title", {
    connections: 64,
    seconds: SECONDS,
    alertsPerRequest: 1,
    titles: 0,
  });
  await measure(port, "one alert a request, 1,000 requests/s, 500 titles", {
    connections: 64,
    seconds: SECONDS,
    alertsPerRequest: 1,
    titles: 500,
    pace: 1000,
  });
  const arrays = await measure(port, "arrays of 100, 8 connections, 500 titles", {
    connections: 8,
    seconds: SECONDS,
    alertsPerRequest: 100,
    titles: 500,
  });
  await measure(port, "arrays of 100, 8 connections, each its own title", {
    connections: 8,
    seconds: SECONDS,
    alertsPerRequest: 100,
    titles: 0,
  });
  const stopped = new Promise((resolve) => server?.once("exit", resolve));
  server.kill("SIGTERM");
  await Promise.race([stopped, sleep(START_TIMEOUT_MS)]);
  const bareSingle = await bareInsertLoop(postgres.url, 10, 1);
  const bareBatch = await bareInsertLoop(postgres.url, 2, 100);
  console.log(
    `of the bare loop: one alert a request ${(single / bareSingle).toFixed(2)}, arrays of 100 ${(arrays / bareBatch).toFixed(2)}`,
  );
} finally {
  server?.kill("SIGKILL");
  await postgres.stop();
  rmSync(dataDir, { recursive: true, force: true });
}
