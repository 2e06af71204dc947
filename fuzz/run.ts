/**
 * `npm run fuzz [TARGET] [-- --count N --seed N]`: tries made-up inputs on every processor, ends what hangs, makes what
 * broke a law small and keeps it in `fuzz/found`. Exit code 1 when something was found, 2 when used wrongly.
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
/** More findings of one kind tell nothing new. */
const FOUND_MAX = 20;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { count: { type: "string" }, seed: { type: "string" } },
});
const count = Number(values.count ?? COUNT_DEFAULT);
const seed = Number(values.seed ?? Date.now() % 1_000_000_000);
const wanted = positionals.length === 0 ? [...targets.keys()] : positionals;
if (
  !Number.isSafeInteger(count) ||
  count < 1 ||
  !Number.isSafeInteger(seed) ||
  wanted.some((name) => !targets.has(name))
) {
  console.error(
    `use: npm run fuzz [${[...targets.keys()].join("|")}] [-- --count ${String(COUNT_DEFAULT)} --seed 1]`,
  );
  process.exit(2);
}

for (const name of wanted) {
  const target = targets.get(name);
  if (target !== undefined) await fuzz(target);
}

async function fuzz(target: AnyTarget): Promise<void> {
  const threads = Math.min(availableParallelism(), count);
  console.log(
    `fuzz ${target.name}: ${String(count)} inputs, seed ${String(seed)}, ${String(threads)} threads`,
  );
  const started = performance.now();
  const found = new Map<string, WorkerMessage>();
  const tried = await Promise.all(
    Array.from({ length: threads }, (_, from) =>
      runThread(target.name, from, threads, (one) => note(found, one)),
    ),
  );
  const seconds = (performance.now() - started) / 1000;
  for (const one of found.values()) await report(target, one);
  const total = tried.reduce((sum, part) => sum + part, 0);
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
  step: number,
  tell: (message: WorkerMessage) => void,
): Promise<number> {
  const beat = new SharedArrayBuffer(8);
  const beats = new Int32Array(beat);
  for (let next = from; next < count;) {
    const task: WorkerTask = { target, seed, from: next, step, count, beat };
    const hung = await watch(
      new Worker(new URL("worker.ts", import.meta.url), { workerData: task }),
      beats,
      tell,
    );
    if (hung === undefined) break;
    tell({ kind: "slow", index: hung, milliseconds: HANG_MS });
    next = hung + step;
  }
  return Atomics.load(beats, 1);
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
