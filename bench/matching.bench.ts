/**
 * Matching: the index against json-rules-engine, zen-engine and a list of closures, in one process on one thread, in turn.
 * Every engine must give the same rules before it is timed. Some three minutes. `node --expose-gc bench/matching.bench.ts [mix|bad|text|RULES ...]`
 *
 *   mix         100, 1,000 and 10,000 rules with all engines; 100,000 against closures alone: the others take seconds an event
 *   bad cases   10,000 rules of ranges only, of negations only, of patterns only, and all on one value
 *   text        10,000 rules from text to index, and what each form of them weighs
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { checkFiles } from "../src/checker/index.ts";
import { compileRules } from "../src/compiler/index.ts";
import { foldText } from "../src/domain/index.ts";
import { buildRunnableRules } from "../src/matcher/index.ts";
import { matchByReference } from "../src/matcher/reference-matcher.ts";
import { SEED, flatAlerts, ruleSpecs, toSnapshot } from "./corpus.ts";
import type { CorpusName, FlatAlert, Spec } from "./corpus.ts";
import { toRuleText } from "./corpus-text.ts";
import { matchClosures, matchEngine, toClosure, toEngine, toRuleSet } from "./matching-engines.ts";
import { quantile, race, timed } from "./matching-measure.ts";
import type { Contestant, Figures } from "./matching-measure.ts";
import { weighInChild } from "./matching-memory.ts";
import { matchZen, toZen } from "./matching-zen.ts";

const EVENTS = 20_000;
const ROUNDS = 7;
const badCases: readonly CorpusName[] = ["range only", "not only", "regex only", "one value"];

/** Events of one round, by what one event costs: the slow engines take the same time for each. */
const ownEvents = (corpus: CorpusName): number => (corpus === "mix" ? EVENTS : 2000);
const closureEvents = (rules: number): number =>
  Math.max(40, Math.min(EVENTS, Math.round(1_000_000 / rules)));
const engineEvents = (rules: number): number => Math.max(1, Math.round(5_000 / rules));

interface Row extends Figures {
  readonly corpus: string;
  readonly rules: number;
  readonly buildMs: number;
  readonly matches: number;
  /** A rule, of the index alone: what the others hold was not asked. */
  readonly bytes: number | undefined;
}

const results = new URL("./results/", import.meta.url);
const rows: Row[] = [];
/** Others on the machine: figures count only from one that is quiet. */
const loadBefore = (loadavg()[0] ?? 0).toFixed(1);
const parts: Readonly<Record<string, () => Promise<void>>> = {
  mix: async () => {
    for (const size of [100, 1_000, 10_000, 100_000]) await bench("mix", size);
  },
  bad: async () => {
    for (const corpus of badCases) await bench(corpus, 10_000);
  },
  text: async () => writeTextCsv(benchText(10_000)),
};
printHead();
const flat = flatAlerts(EVENTS);
const snapshots = flat.map(toSnapshot);
const asked = process.argv.slice(2);
if (asked.length === 0) printFolding();
for (const part of asked.length > 0 ? asked : Object.keys(parts)) {
  if (parts[part] !== undefined) await parts[part]();
  else if (Number(part) > 0) await bench("mix", Number(part));
  else
    throw new Error(`no such part: ${part}; there are ${Object.keys(parts).join(", ")} and numbers of rules`);
}

async function bench(corpus: CorpusName, size: number): Promise<void> {
  const specs = ruleSpecs(size, corpus);
  const ir = toRuleSet(specs);
  const ours = timed(() => buildRunnableRules(ir));
  const { match } = ours.result;
  const closures = timed(() => specs.map(toClosure));
  const others = size > 10_000 ? [] : otherEngines(corpus, specs);
  const numbers = (event: number): readonly number[] =>
    match(at(snapshots, event)).map(({ rule }) => rule.index);
  const expected = (event: number): string => matchClosures(closures.result, at(flat, event)).join();
  let matches = 0;
  const events = size > 10_000 ? 60 : 400;
  for (let i = 0; i < events; i++) {
    const found = numbers(i);
    matches += found.length;
    if (found.join() !== expected(i)) throw new Error(`${corpus}, ${size} rules, event ${i}: index differs`);
    if (
      i < 50_000 / size &&
      matchByReference(ir, at(snapshots, i))
        .map(({ rule }) => rule.index)
        .join() !== expected(i)
    )
      throw new Error(`${corpus}, ${size} rules, event ${i}: reference differs`);
  }
  for (const { name, events, answer } of others) {
    for (let i = 0; i < Math.max(2, events); i++) {
      if ((await answer(i)).join() !== expected(i))
        throw new Error(`${corpus}, ${size} rules, event ${i}: ${name} differs`);
    }
  }
  const contestants: readonly Contestant[] = [
    { name: "tocsin index", events: ownEvents(corpus), run: (event) => match(at(snapshots, event)).length },
    {
      name: "closures",
      events: closureEvents(size),
      run: (event) => matchClosures(closures.result, at(flat, event)).length,
    },
    ...others.map(({ name, events, answer }): Contestant => ({
      name,
      events,
      run: async (event) => (await answer(event)).length,
    })),
  ];
  const builds = [ours.ms, closures.ms, ...others.map(({ buildMs }) => buildMs)];
  const rounds = size > 1000 ? 3 : ROUNDS;
  const figures = await race(contestants, corpus === "mix" && size <= 10_000 ? rounds : 3);
  for (const [index, one] of figures.entries()) {
    rows.push({
      ...one,
      corpus,
      rules: size,
      buildMs: builds[index] ?? 0,
      matches: matches / events,
      bytes: index === 0 ? weighInChild(corpus, size)["index"] : undefined,
    });
  }
  printRows(rows.slice(-figures.length));
  writeCsv();
}

interface OtherEngine {
  readonly name: string;
  readonly events: number;
  readonly buildMs: number;
  readonly answer: (event: number) => Promise<readonly number[]>;
}

/** zen-engine compiles a pattern anew for every alert: a second and more an event where each rule has one, so left out there. */
function otherEngines(corpus: CorpusName, specs: readonly Spec[]): readonly OtherEngine[] {
  const engine = timed(() => toEngine(specs));
  const events = engineEvents(specs.length);
  const jre: OtherEngine = {
    name: "json-rules-engine",
    events,
    buildMs: engine.ms,
    answer: (event) => matchEngine(engine.result, at(flat, event)),
  };
  if (corpus === "regex only") return [jre];
  const zen = timed(() => toZen(specs));
  const zenOne: OtherEngine = {
    name: "zen-engine",
    events: 4 * events,
    buildMs: zen.ms,
    answer: (event) => matchZen(zen.result, at(flat, event)),
  };
  return [jre, zenOne];
}

function at<T>(list: readonly T[], index: number): T {
  return list[index] as T;
}

/** What it costs to fold the texts that rules of the mix read; the index reads ASCII as it comes and folds only the rest. */
function printFolding(): void {
  const texts = flat.map(({ message, host }: FlatAlert): readonly [string, string] => [message, host]);
  const rounds = Array.from({ length: ROUNDS }, () => {
    let units = 0;
    const { ms } = timed(() => {
      for (const [message, host] of texts) units += foldText(message).length + foldText(host).length;
    });
    return units > 0 ? (ms * 1000) / EVENTS : 0;
  });
  console.log(
    `folding  title and device name ${quantile(
      rounds.toSorted((a, b) => a - b),
      0.5,
    ).toFixed(2)} us an event, where they are not ASCII: not in the figures below\n`,
  );
}

interface TextFigures {
  readonly steps: readonly (readonly [string, number, number])[];
  readonly weights: readonly (readonly [string, number])[];
}

function benchText(count: number): TextFigures {
  const text = toRuleText(ruleSpecs(count));
  const files = [{ path: "many.rules", text }];
  let best: readonly (readonly [string, number, number])[] = [];
  for (let round = 0; round < 3; round++) {
    const checked = timed(() => checkFiles(files).checked);
    if (checked.result === undefined) throw new Error("the rules have errors");
    const { result } = checked;
    const lowered = timed(() => compileRules(result));
    const index = timed(() => buildRunnableRules(lowered.result));
    const steps = [
      ["parse and check", checked.ms, checked.cpuMs],
      ["lower", lowered.ms, lowered.cpuMs],
      ["index", index.ms, index.cpuMs],
    ] as const;
    if (best.length === 0 || sumOf(steps) < sumOf(best)) best = steps;
  }
  const weights = Object.entries(weighInChild("text", count));
  console.log(
    `text     ${count} rules, ${(text.length / 1e6).toFixed(2)} MB, best of 3 (clock / thread CPU)`,
  );
  for (const [name, ms, cpu] of best)
    console.log(`  ${name.padEnd(18)}${ms.toFixed(0).padStart(7)} ms ${cpu.toFixed(0).padStart(7)} ms`);
  console.log(`  ${"text to index".padEnd(18)}${sumOf(best).toFixed(0).padStart(7)} ms`);
  console.log(
    `weight   ${weights.map(([name, bytes]) => `${name} ${Math.round(bytes)}`).join(", ")} bytes a rule`,
  );
  return { steps: best, weights };
}

function sumOf(steps: readonly (readonly [string, number, number])[]): number {
  return steps.reduce((sum, [, ms]) => sum + ms, 0);
}

/* ---------- output ---------- */

function versions(): string {
  return ["json-rules-engine", "@gorules/zen-engine", "re2js"]
    .map((name) => {
      const text = readFileSync(new URL(`../node_modules/${name}/package.json`, import.meta.url), "utf8");
      return `${name} ${(JSON.parse(text) as { version: string }).version}`;
    })
    .join(", ");
}

function machine(): string {
  return `${cpus()[0]?.model.trim() ?? "unknown"} x ${cpus().length}`;
}

function printHead(): void {
  console.log(`machine  ${machine()}, one thread used, load average ${loadBefore} at the start`);
  console.log(`versions node ${process.version}, ${versions()}`);
  console.log(`corpus   seed ${SEED}: ${EVENTS} distinct alerts of 20 fields in rotation, object in`);
  console.log(
    "engines  json-rules-engine: one fact a field, its own operators where it has them, engine reused;",
  );
  console.log(
    "         zen-engine: one collecting decision table with one expression column, its fastest form",
  );
  console.log("measure  engines in turn in every round, the first round warms up; same rules found by all");
}

function printRows(group: readonly Row[]): void {
  const [own] = group;
  if (own === undefined) return;
  console.log(`${own.corpus}, ${own.rules} rules, ${own.matches.toFixed(2)} matches an event`);
  console.log(
    "                          median us    (quartiles)          thread us   event p50      p99   build ms    times",
  );
  for (const row of group) {
    const span = `(${row.lowUs.toFixed(2)}-${row.highUs.toFixed(2)})`;
    const times = row === own ? "" : `${Math.round(row.medianUs / own.medianUs).toLocaleString("en")} x`;
    console.log(
      `  ${row.name.padEnd(18)}${row.medianUs.toFixed(2).padStart(15)}  ${span.padEnd(22)}${row.cpuUs.toFixed(2).padStart(10)}${row.eventMedianUs.toFixed(2).padStart(12)}${row.p99Us.toFixed(2).padStart(9)}${row.buildMs.toFixed(0).padStart(11)}${times.padStart(9)}`,
    );
  }
  console.log(
    `  index memory ${(((own.bytes ?? 0) * own.rules) / 1024 / 1024).toFixed(1)} MiB, ${Math.round(own.bytes ?? 0)} bytes a rule\n`,
  );
}

function about(): string {
  const date = new Date().toISOString().slice(0, 10);
  return [date, machine(), loadBefore, `node ${process.version}`, versions().replaceAll(",", ";")].join();
}

/** After each group, so that a run that is stopped keeps what it measured; groups that were not run keep their lines. */
function writeCsv(): void {
  const head =
    "corpus,rules,engine,median_us,p25_us,p75_us,thread_us,event_p50_us,event_p99_us,events_per_round,build_ms,matches_per_event,index_bytes_a_rule,date,machine,load,node,versions";
  const lines = rows.map((row) => {
    const times = [row.medianUs, row.lowUs, row.highUs, row.cpuUs, row.eventMedianUs, row.p99Us];
    return [
      row.corpus,
      row.rules,
      row.name,
      ...times.map((us) => us.toFixed(3)),
      row.events,
      row.buildMs.toFixed(1),
      row.matches.toFixed(3),
      row.bytes?.toFixed(0) ?? "",
      about(),
    ].join();
  });
  mkdirSync(results, { recursive: true });
  const file = new URL("matching.csv", results);
  const [oldHead, ...old] = existsSync(file) ? readFileSync(file, "utf8").trimEnd().split("\n") : [];
  const kept = old.filter(
    (line) => oldHead === head && !rows.some((row) => line.startsWith(`${row.corpus},${row.rules},`)),
  );
  writeFileSync(file, `${[head, ...kept, ...lines].join("\n")}\n`);
}

function writeTextCsv(text: TextFigures): void {
  const steps = text.steps.map(([name, ms, cpu]) => `${name},${ms.toFixed(0)},${cpu.toFixed(0)},,${about()}`);
  const weights = text.weights.map(([name, bytes]) => `weight of ${name},,,${Math.round(bytes)},${about()}`);
  mkdirSync(results, { recursive: true });
  writeFileSync(
    new URL("text-to-index.csv", results),
    `${["step,ms,thread_ms,bytes_a_rule,date,machine,load,node,versions", ...steps, ...weights].join("\n")}\n`,
  );
}
