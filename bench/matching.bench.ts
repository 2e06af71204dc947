/**
 * Matching at 100, 1,000 and 10,000 rules: the index against json-rules-engine and a list of closures, in one process on
 * one thread. Every engine must give the same rules before it is timed. `node bench/matching.bench.ts [rules ...]`
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { buildRunnableRules } from "../src/matcher/index.ts";
import { matchByReference } from "../src/matcher/reference-matcher.ts";
import { SEED, flatAlerts, ruleSpecs, toSnapshot } from "./corpus.ts";
import type { FlatAlert } from "./corpus.ts";
import { matchClosures, matchEngine, toClosure, toEngine, toRuleSet } from "./matching-engines.ts";
import type { Closure } from "./matching-engines.ts";
import type { Snapshot } from "../src/domain/index.ts";

const EVENTS = 20_000;
const RUNS = 7;
/** Events of one run of the slow engines: they take the same time for each. */
const engineEvents = (rules: number): number => Math.max(3, Math.round(20_000 / rules));
const closureEvents = (rules: number): number => Math.min(EVENTS, Math.round(4_000_000 / rules));
const ORACLE_EVENTS = 1000;

interface Row {
  readonly rules: number;
  readonly engine: string;
  readonly medianUs: number;
  readonly lowUs: number;
  readonly highUs: number;
  readonly events: number;
  readonly buildMs: number;
  readonly matchesPerEvent: number;
}

const rows: Row[] = [];
const sizes = process.argv
  .slice(2)
  .map(Number)
  .filter((size) => size > 0);
printHead();
const flat = flatAlerts(EVENTS);
const snapshots = flat.map(toSnapshot);
for (const size of sizes.length > 0 ? sizes : [100, 1_000, 10_000]) await benchSize(size);
writeCsv();

async function benchSize(size: number): Promise<void> {
  const specs = ruleSpecs(size);
  const ir = toRuleSet(specs);
  const before = heapBytes();
  const ours = timed(() => buildRunnableRules(ir));
  const bytes = heapBytes() - before;
  const closures = timed(() => specs.map(toClosure));
  const engine = timed(() => toEngine(specs));
  const matches = await checkOracle(size, {
    match: (index) => ours.result.match(snapshots[index] as Snapshot).map(({ rule }) => rule.index),
    reference: (index) => matchByReference(ir, snapshots[index] as Snapshot).map(({ rule }) => rule.index),
    closures: closures.result,
    engine: (alert) => matchEngine(engine.result, alert),
  });
  const common = { rules: size, matchesPerEvent: matches };
  const index = measure(EVENTS, (at) => ours.result.match(snapshots[at] as Snapshot).length);
  const list = measure(
    closureEvents(size),
    (at) => matchClosures(closures.result, flat[at] as FlatAlert).length,
  );
  const engineRuns = await measureEngine(engineEvents(size), (at) =>
    matchEngine(engine.result, flat[at] as FlatAlert),
  );
  rows.push(
    { ...common, engine: "tocsin index", ...index, buildMs: ours.ms },
    { ...common, engine: "closures", ...list, buildMs: closures.ms },
    { ...common, engine: "json-rules-engine", ...engineRuns, buildMs: engine.ms },
  );
  const confirmUs = await measureConfirm(size, ours.result);
  printSize(size, bytes, confirmUs);
}

interface Oracle {
  readonly match: (index: number) => readonly number[];
  readonly reference: (index: number) => readonly number[];
  readonly closures: readonly Closure[];
  readonly engine: (alert: FlatAlert) => Promise<readonly number[]>;
}

/** Matches per event; throws at the first disagreement. json-rules-engine is asked about fewer events at many rules. */
async function checkOracle(size: number, oracle: Oracle): Promise<number> {
  let matches = 0;
  for (let i = 0; i < ORACLE_EVENTS; i++) {
    const alert = flat[i] as FlatAlert;
    const expected = matchClosures(oracle.closures, alert).join();
    const found = oracle.match(i);
    if (found.join() !== expected)
      throw new Error(`${size} rules, event ${i}: index ${found.join()}, closures ${expected}`);
    matches += found.length;
    if (i < Math.max(100, 200_000 / size) && oracle.reference(i).join() !== expected)
      throw new Error(`event ${i}: reference differs`);
    if (i < engineEvents(size) && (await oracle.engine(alert)).join() !== expected)
      throw new Error(`event ${i}: json-rules-engine differs`);
  }
  return matches / ORACLE_EVENTS;
}

/** Time that this thread computed: what else the machine does counts less than by the clock on the wall. */
function threadUs(): number {
  const { user, system } = process.threadCpuUsage();
  return user + system;
}

type Figures = Pick<Row, "medianUs" | "lowUs" | "highUs" | "events">;

function measure(events: number, run: (index: number) => number): Figures {
  const runs: number[] = [];
  for (let round = 0; round <= RUNS; round++) {
    const start = threadUs();
    let sum = 0;
    for (let i = 0; i < events; i++) sum += run(i);
    const us = (threadUs() - start) / events;
    if (sum < 0) throw new Error("never");
    // The first round warms up.
    if (round > 0) runs.push(us);
  }
  return figures(runs, events);
}

async function measureEngine(events: number, run: (index: number) => Promise<unknown>): Promise<Figures> {
  const runs: number[] = [];
  for (let round = 0; round < 5; round++) {
    const start = threadUs();
    for (let i = 0; i < events; i++) await run(i);
    runs.push((threadUs() - start) / events);
  }
  return figures(runs, events);
}

/** One question to json-rules-engine about one rule that the index found, facts and reasons included. */
async function measureConfirm(size: number, rules: ReturnType<typeof buildRunnableRules>): Promise<number> {
  const found = snapshots
    .slice(0, 4000)
    .flatMap((snapshot) => rules.match(snapshot).map(({ rule }) => ({ rule, snapshot })));
  const some = found.slice(0, 2000);
  let us = 0;
  for (let round = 0; round < 3; round++) {
    const start = threadUs();
    for (const { rule, snapshot } of some) {
      if (!(await rules.confirm(rule, snapshot)).holds) throw new Error(`${size}: not confirmed`);
    }
    us = (threadUs() - start) / Math.max(1, some.length);
  }
  return us;
}

function figures(runs: readonly number[], events: number): Figures {
  const sorted = runs.toSorted((a, b) => a - b);
  const at = (part: number): number => sorted[Math.floor((sorted.length - 1) * part)] ?? 0;
  return { medianUs: at(0.5), lowUs: at(0.25), highUs: at(0.75), events };
}

function timed<T>(build: () => T): { readonly result: T; readonly ms: number } {
  const start = process.hrtime.bigint();
  const result = build();
  return { result, ms: Number(process.hrtime.bigint() - start) / 1e6 };
}

function heapBytes(): number {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

function printHead(): void {
  const versions = ["json-rules-engine", "re2js"].map((name) => {
    const text = readFileSync(new URL(`../node_modules/${name}/package.json`, import.meta.url), "utf8");
    return `${name} ${(JSON.parse(text) as { version: string }).version}`;
  });
  const [cpu] = cpus();
  console.log(`machine  ${cpu?.model.trim() ?? "unknown"}, ${cpus().length} cores, one thread used`);
  console.log(`versions node ${process.version}, ${versions.join(", ")}`);
  console.log(`corpus   A, seed ${SEED}: ${EVENTS} distinct alerts of 20 fields, object in`);
  console.log(
    "json-rules-engine: one fact a field, its own operators where it has them, engine reused, 5 runs of few events",
  );
  console.log(
    `measure  thread CPU time an event, medians and quartiles of ${RUNS} runs after one to warm up; same rules found by all\n`,
  );
}

function printSize(size: number, bytes: number, confirmUs: number): void {
  const [index, closures, engine] = rows.slice(-3) as [Row, Row, Row];
  console.log(`${size} rules, ${index.matchesPerEvent.toFixed(2)} matches an event`);
  for (const row of [index, closures, engine]) {
    const span = `${row.lowUs.toFixed(2)}-${row.highUs.toFixed(2)}`;
    console.log(
      `  ${row.engine.padEnd(18)}${row.medianUs.toFixed(2).padStart(12)} us  (${span})  ${row.events} events a run, built in ${row.buildMs.toFixed(0)} ms`,
    );
  }
  const times = (row: Row): string => Math.round(row.medianUs / index.medianUs).toLocaleString("en");
  console.log(`  index is ${times(engine)} times json-rules-engine, ${times(closures)} times closures`);
  console.log(
    `  index memory ${(bytes / 1024 / 1024).toFixed(1)} MiB (${Math.round(bytes / size)} bytes a rule); one confirmation ${confirmUs.toFixed(1)} us\n`,
  );
}

function writeCsv(): void {
  const folder = new URL("./results/", import.meta.url);
  mkdirSync(folder, { recursive: true });
  const head = "rules,engine,median_us,p25_us,p75_us,events_per_run,build_ms,matches_per_event,node";
  const lines = rows.map((row) =>
    [
      row.rules,
      row.engine,
      row.medianUs.toFixed(3),
      row.lowUs.toFixed(3),
      row.highUs.toFixed(3),
      row.events,
      row.buildMs.toFixed(1),
      row.matchesPerEvent,
      process.version,
    ].join(),
  );
  writeFileSync(new URL("matching.csv", folder), `${[head, ...lines].join("\n")}\n`);
}
