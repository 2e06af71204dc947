/**
 * What a count over time costs: alerts a second and processor time an alert (engine and Postgres) without a counting rule,
 * with one over many keys, over four keys that everybody hits, and with two engines at once on those four. Every round
 * measures all of them in turn, so that each stands beside a baseline of the same minute; the table has the medians.
 * Bounded: about three minutes. `npm run bench counts`; `node bench/counts.bench.ts [rows]` fills `alerts` beforehand.
 */
import { execFile } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { cpus, loadavg, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import { migrate } from "../src/store/index.ts";
import { startEmbeddedPostgres } from "../src/supervisor/index.ts";
import type { CountsOrder, CountsResult } from "./counts-load.ts";

const ROUNDS = 3;
const SECONDS = 4;
/** Starting Node, compiling the rules, warming up. */
const START_MS = 3_500;
const TICKS_PER_SECOND = 100;

interface Case {
  readonly name: string;
  readonly processes: number;
  readonly keys: number;
  readonly threshold?: number;
}

const CASES: readonly Case[] = [
  { name: "no count", processes: 1, keys: 100_000 },
  { name: "more than 20 in 5 minutes, 100,000 keys", processes: 1, keys: 100_000, threshold: 20 },
  { name: "more than 20 in 5 minutes, 4 keys", processes: 1, keys: 4, threshold: 20 },
  { name: "more than 1,000 in 5 minutes, 4 keys", processes: 1, keys: 4, threshold: 1_000 },
  { name: "more than 10,000 in 5 minutes, 4 keys", processes: 1, keys: 4, threshold: 10_000 },
  { name: "two engines, no count", processes: 2, keys: 100_000 },
  { name: "two engines, more than 20 in 5 minutes, 4 keys", processes: 2, keys: 4, threshold: 20 },
];

interface Figures {
  readonly perSecond: number;
  readonly engineMicroseconds: number;
  readonly postgresMicroseconds: number;
  readonly alertsPerBatch: number;
  readonly turnedAway: number;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/** Of the server and all its backends, also those that ended. Linux only: elsewhere 0. */
function postgresCpuSeconds(postmaster: number): number {
  let ticks = 0;
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/u.test(name))) {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      const fields = stat
        .slice(stat.lastIndexOf(")") + 2)
        .split(" ")
        .map(Number);
      const isServer = Number(pid) === postmaster;
      if (!isServer && fields[1] !== postmaster) continue;
      const own = (fields[11] ?? 0) + (fields[12] ?? 0);
      ticks += own + (isServer ? (fields[13] ?? 0) + (fields[14] ?? 0) : 0);
    } catch {
      // Ended meanwhile; its time is in the server's.
    }
  }
  return ticks / TICKS_PER_SECOND;
}

async function runProcess(order: CountsOrder): Promise<CountsResult> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    join(import.meta.dirname, "counts-load.ts"),
    JSON.stringify(order),
  ]);
  return JSON.parse(stdout) as CountsResult;
}

async function measure(databaseUrl: string, postmaster: number, one: Case, run: string): Promise<Figures> {
  const startAt = Date.now() + START_MS;
  const results = Array.from({ length: one.processes }, async () => {
    const { keys, threshold } = one;
    const order = { databaseUrl, seconds: SECONDS, keys, run, startAt };
    return await runProcess(threshold === undefined ? order : { ...order, threshold });
  });
  await new Promise((resolve) => setTimeout(resolve, startAt - Date.now()));
  const cpuBefore = postgresCpuSeconds(postmaster);
  const done = await Promise.all(results);
  const postgresCpu = postgresCpuSeconds(postmaster) - cpuBefore;
  const alerts = done.reduce((sum, result) => sum + result.alerts, 0);
  return {
    perSecond: done.reduce((sum, result) => sum + result.alerts / result.seconds, 0),
    engineMicroseconds: (done.reduce((sum, result) => sum + result.cpuSeconds, 0) / alerts) * 1e6,
    postgresMicroseconds: (postgresCpu / alerts) * 1e6,
    alertsPerBatch: median(done.map((result) => result.alertsPerBatch)),
    turnedAway: done.reduce((sum, result) => sum + result.turnedAway, 0),
  };
}

/** A desk that is not new: what a statement costs must not depend on how much is kept. */
async function fillAlerts(databaseUrl: string, rows: number): Promise<void> {
  if (rows === 0) return;
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query(
    `insert into alerts (id, received_at, source, title, status, members, outcome, why, rule_set)
     select 'al_' || lpad(n::text, 26, '0'), now() - interval '1 day', 'Datto RMM', 'old ' || n, 'firing', '{}', 'unmatched', 'no rule', 1
     from generate_series(1, $1::int) n`,
    [rows],
  );
  await client.query(
    `insert into alert_counts (key, times, expires_at) select sha256(n::text::bytea), '{1}', now() + interval '1 day' from generate_series(1, $1::int) n`,
    [rows],
  );
  await client.query("vacuum analyze");
  await client.end();
}

function describe(): void {
  const { version } = JSON.parse(
    readFileSync(join(import.meta.dirname, "../node_modules/pg/package.json"), "utf8"),
  ) as { version: string };
  console.log(
    `${cpus().length} x ${cpus()[0]?.model}, ${Math.round(totalmem() / 2 ** 30)} GiB, load average before ${loadavg()[0]?.toFixed(1)}; Node ${process.version}, pg ${version}, fsync on`,
  );
  console.log(
    `arrays of 100, 8 under way an engine, one ticket rule and 99 others; medians of ${ROUNDS} x ${SECONDS} s`,
  );
}

function report(name: string, rounds: readonly Figures[], baselines: readonly Figures[]): void {
  const ratio = median(rounds.map((one, i) => one.perSecond / (baselines[i]?.perSecond ?? NaN)));
  const turnedAway = rounds.reduce((sum, one) => sum + one.turnedAway, 0);
  const pick = (key: keyof Figures): string =>
    Math.round(median(rounds.map((one) => one[key]))).toLocaleString("en");
  console.log(
    [
      name.padEnd(48),
      `${pick("perSecond").padStart(6)} alerts/s (${ratio.toFixed(2)} of no count)`,
      `${pick("engineMicroseconds").padStart(4)} us engine + ${pick("postgresMicroseconds").padStart(4)} us Postgres an alert`,
      `${pick("alertsPerBatch").padStart(4)} a batch`,
      ...(turnedAway === 0 ? [] : [`${turnedAway} arrays turned away`]),
    ].join("  "),
  );
}

const dataDir = mkdtempSync(join(tmpdir(), "tocsin-bench-"));
chmodSync(dataDir, 0o711);
const postgres = await startEmbeddedPostgres({ dataDir, port: 0 });
try {
  describe();
  await migrate(postgres.url);
  await fillAlerts(postgres.url, Number(process.argv[2] ?? 0));
  const figures = CASES.map((): Figures[] => []);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [i, one] of CASES.entries()) {
      figures[i]?.push(await measure(postgres.url, postgres.child.identity.pid, one, `r${round}c${i}`));
    }
  }
  for (const [i, one] of CASES.entries()) report(one.name, figures[i] ?? [], figures[0] ?? []);
} finally {
  await postgres.stop();
  rmSync(dataDir, { recursive: true, force: true });
}
