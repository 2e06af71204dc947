/**
 * `npm run fuzz [TARGET] [-- --count N --seed N --from N --threads N]`: tries made-up inputs on every processor, or on so many,
 * ends what hangs, makes what broke a law small and keeps it in `fuzz/found`. A million takes an hour of one processor: it
 * tells every minute how far it is, and `--from` goes on there. Exit code 1 when something was found, 2 when used wrongly.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { targets, type AnyTarget } from "./all-targets.ts";
import { randomOf } from "./random.ts";
import { shrink } from "./shrink.ts";
import { seedOf, type WorkerMessage, type WorkerTask } from "./worker.ts";

const COUNT_DEFAULT = 1_000_000;
/** Wall time without a new input: it hangs. Far above `SLOW_MS`, since the machine may be busy. */
const HANG_MS = 30_000;
const PROGRESS_MS = 60_000;
/** More findings of one kind tell nothing new. */
const FOUND_MAX = 20;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    count: { type: "string" },
    seed: { type: "string" },
    from: { type: "string" },
    threads: { type: "string" },
  },
});
const count = Number(values.count ?? COUNT_DEFAULT);
const seed = Number(values.seed ?? Date.now() % 1_000_000_000);
/** The first input that is tried, by its number: a run that was stopped goes on with the seed it had. */
const first = Number(values.from ?? 0);
const threads = Math.min(Number(values.threads ?? availableParallelism()), count);
const wanted = positionals.length === 0 ? [...targets.keys()] : positionals;
if (
  !isCount(count, 1) ||
  !isCount(seed, 0) ||
  !isCount(first, 0) ||
  !isCount(threads, 1) ||
  wanted.some((name) => !targets.has(name))
) {
  console.error(
    `use: npm run fuzz [${[...targets.keys()].join("|")}] [-- --count ${String(COUNT_DEFAULT)} --seed 1 --from 0 --threads 2]`,
  );
  process.exit(2);
}

for (const name of wanted) {
  const target = targets.get(name);
  if (target !== undefined) await fuzz(target);
}

async function fuzz(target: AnyTarget): Promise<void> {
  console.log(
    `fuzz ${target.name}: ${String(count)} inputs from ${String(first)}, seed ${String(seed)}, ${String(threads)} threads`,
  );
  const started = performance.now();
  const found = new Map<string, WorkerMessage>();
  const tries = Array.from({ length: threads }, () => new Int32Array(new SharedArrayBuffer(8)));
  const triedSoFar = (): number => tries.reduce((sum, beats) => sum + Atomics.load(beats, 1), 0);
  const progress = setInterval(() => {
    const done = triedSoFar();
    const speed = (done * 1000) / (performance.now() - started);
    console.log(
      `fuzz ${target.name}: ${String(done)} of ${String(count)}, ${speed.toFixed(0)} a second, ${String(found.size)} found something`,
    );
  }, PROGRESS_MS);
  await Promise.all(
    tries.map((beats, thread) => runThread(target.name, first + thread, beats, (one) => note(found, one))),
  );
  clearInterval(progress);
  const seconds = (performance.now() - started) / 1000;
  for (const one of found.values()) await report(target, one);
  const total = triedSoFar();
  console.log(
    `fuzz ${target.name}: ${String(total)} inputs in ${seconds.toFixed(0)} s, ${String(found.size)} found something`,
  );
  if (found.size > 0) process.exitCode = 1;
}

/** One of a kind: the same law broken at the same place. */
function note(found: Map<string, WorkerMessage>, one: WorkerMessage): void {
  const kind =
    one.kind === "slow" ? `slow ${String(one.index)}` : one.message.split("\n").slice(0, 3).join("|");
  if (found.size < FOUND_MAX && !found.has(kind)) found.set(kind, one);
}

async function runThread(
  target: string,
  from: number,
  beats: Int32Array<SharedArrayBuffer>,
  tell: (message: WorkerMessage) => void,
): Promise<void> {
  const end = first + count;
  for (let next = from; next < end;) {
    const task: WorkerTask = { target, seed, from: next, step: threads, end, beat: beats.buffer };
    const hung = await watch(
      new Worker(new URL("worker.ts", import.meta.url), { workerData: task }),
      beats,
      tell,
    );
    if (hung === undefined) break;
    tell({ kind: "slow", index: hung, milliseconds: HANG_MS });
    next = hung + threads;
  }
}

/** The index of the input that hung, if one did. */
async function watch(
  worker: Worker,
  beats: Int32Array,
  tell: (message: WorkerMessage) => void,
): Promise<number | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<number | undefined>();
  let last = -1;
  let since = performance.now();
  const clock = setInterval(() => {
    const done = Atomics.load(beats, 1);
    if (done !== last) since = performance.now();
    last = done;
    if (performance.now() - since < HANG_MS) return;
    const index = Atomics.load(beats, 0);
    void worker.terminate().then(() => resolve(index));
  }, 500);
  worker.on("message", tell);
  worker.on("error", reject);
  worker.on("exit", () => resolve(undefined));
  try {
    return await promise;
  } finally {
    clearInterval(clock);
  }
}

function isCount(value: number, least: number): boolean {
  return Number.isSafeInteger(value) && value >= least;
}

async function report(target: AnyTarget, one: WorkerMessage): Promise<void> {
  const input = target.make(randomOf(seedOf(seed, one.index)));
  const small =
    one.kind === "slow"
      ? target.textOf(input)
      : await shrink(target.textOf(input), (text) => breaksLaw(target, target.withText(input, text)));
  mkdirSync(new URL("found/", import.meta.url), { recursive: true });
  const file = new URL(
    `found/${target.name}-${String(seed)}-${String(one.index)}.${target.extension}`,
    import.meta.url,
  );
  writeFileSync(file, small);
  console.log(`\n${one.kind === "slow" ? `took ${one.milliseconds.toFixed(0)} ms` : one.message}`);
  console.log(`input ${String(one.index)}: ${JSON.stringify(small.slice(0, 400))}`);
}

async function breaksLaw(target: AnyTarget, input: unknown): Promise<boolean> {
  try {
    await target.hold(input);
    return false;
  } catch {
    return true;
  }
}
