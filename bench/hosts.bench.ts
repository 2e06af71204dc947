/**
 * Whether a dead host starves the others: callouts to ten hosts on loopback at once, first all good, then one of them
 * hanging until its time-out. What the nine good ones need until all is delivered, and their slowest, must barely move.
 * Run with: npm run bench -- hosts
 */
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { startEmbeddedPostgres, startTemporal } from "../src/supervisor/index.ts";
import { installRuntime } from "../src/worker/runtime.ts";
import { openDesk, openSink, silent, until, type Desk, type Sink } from "../test/workflows/desk.ts";

const HOSTS = 10;
const EACH = Number(process.env["BENCH_DELIVERIES"] ?? 20);
const ROUNDS = Number(process.env["BENCH_ROUNDS"] ?? 3);
/** What an attempt at the hanging host costs its own deliveries. */
const TIMEOUT_MS = 15_000;

interface Measured {
  /** From the first start to the last of the nine hosts' deliveries. */
  readonly seconds: number;
  readonly p50: number;
  readonly p99: number;
}

const dataDir = mkdtempSync(join(tmpdir(), "tocsin-bench-hosts-"));
installRuntime(silent);
const postgres = await startEmbeddedPostgres({ dataDir, port: 0, durability: "none" });
const temporal = await startTemporal({ dataDir, port: 0, uiPort: "none" });
const good: Measured[] = [];
const starved: Measured[] = [];
// In turn, so that a machine that grows slower meanwhile does so for both. The first is thrown away.
await measure(false);
for (let round = 0; round < ROUNDS; round += 1) {
  good.push(await measure(false));
  starved.push(await measure(true));
}
report();
await temporal.stop();
await postgres.stop();
rmSync(dataDir, { recursive: true, force: true });

async function measure(isHanging: boolean): Promise<Measured> {
  const desk = await openDesk({ postgresUrl: postgres.url, temporalAddress: temporal.address });
  const arrived = new Map<string, number>();
  const sinks = await Promise.all(
    Array.from({ length: HOSTS }, (_, host) => openHost(isHanging && host === 0, arrived)),
  );
  const workers = desk.runWorkers();
  await workers.polling;
  const watched = await addAll(desk, sinks);
  const dispatch = await desk.openDispatch();
  const startedAt = performance.now();
  const relay = dispatch.startRelay();
  await until(() => watched.every((id) => arrived.has(id)), "the good hosts have all of theirs", 300_000);
  const seconds = (performance.now() - startedAt) / 1000;
  const waits = watched.map((id) => ((arrived.get(id) ?? 0) - startedAt) / 1000).toSorted((a, b) => a - b);
  await relay.close();
  for (const sink of sinks) await sink.close();
  await desk.close();
  return { seconds, p50: at(waits, 0.5), p99: at(waits, 0.99) };
}

async function openHost(isHanging: boolean, arrived: Map<string, number>): Promise<Sink> {
  return await openSink((_n, { headers }) => {
    if (isHanging) return "hang";
    arrived.set(String(headers["webhook-id"]), performance.now());
    return 200;
  });
}

/** To each host in turn. Gives the ids of those of the nine last hosts. */
async function addAll(desk: Desk, sinks: readonly Sink[]): Promise<readonly string[]> {
  const watched: string[] = [];
  for (let i = 0; i < EACH; i += 1) {
    for (const [host, { url }] of sinks.entries()) {
      const ticket = await desk.addTicket();
      const schedule = { timeoutMs: TIMEOUT_MS, retryEveryMs: 1000 };
      const id = await desk.addDelivery({
        ticketId: ticket.id,
        request: { url },
        schedule,
        callout: `host ${host}`,
      });
      if (host > 0) watched.push(id);
    }
  }
  return watched;
}

function at(sorted: readonly number[], share: number): number {
  return sorted[Math.min(Math.ceil(sorted.length * share), sorted.length) - 1] ?? 0;
}

function report(): void {
  const [before, after] = [good, starved].map((rounds) => ({
    seconds: median(rounds.map(({ seconds }) => seconds)),
    p50: median(rounds.map(({ p50 }) => p50)),
    p99: median(rounds.map(({ p99 }) => p99)),
  }));
  if (before === undefined || after === undefined) return;
  const line = (name: string, { seconds, p50, p99 }: Measured): string =>
    `${name} all ${seconds.toFixed(2)} s, p50 ${p50.toFixed(2)} s, p99 ${p99.toFixed(2)} s`;
  process.stdout.write(
    [
      `machine: ${cpus().length} x ${cpus()[0]?.model ?? "?"}; node ${process.version}; embedded Temporal ${temporal.cli.version}, embedded Postgres`,
      `${HOSTS} hosts, ${EACH} deliveries each at once, medians of ${ROUNDS} rounds; of the nine hosts that are good in both:`,
      line("ten good hosts:          ", before),
      line("one of ten never answers:", after),
      `ratio: all ${(after.seconds / before.seconds).toFixed(2)}, p99 ${(after.p99 / before.p99).toFixed(2)} (aim 1.15 or less)`,
      "",
    ].join("\n"),
  );
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
