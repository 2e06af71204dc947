/**
 * Tries inputs of one target in a thread of its own, so that an endless one can be ended. What it is at stands in `beat`:
 *   [0] index of the input that is tried now   [1] inputs tried
 */
import { parentPort, workerData } from "node:worker_threads";
import { randomOf } from "./random.ts";
import { targets } from "./all-targets.ts";

export interface WorkerTask {
  readonly target: string;
  readonly seed: number;
  readonly from: number;
  readonly step: number;
  /** The first number that is not tried. */
  readonly end: number;
  readonly beat: SharedArrayBuffer;
}

export type WorkerMessage =
  | { readonly kind: "broken"; readonly index: number; readonly message: string }
  | { readonly kind: "slow"; readonly index: number; readonly milliseconds: number };

/** An input takes this long at most, measured as time of this thread's processor. */
export const SLOW_MS = 1_000;

/** Neighbouring indexes give unlike texts. */
export function seedOf(seed: number, index: number): number {
  return (Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) + Math.imul(index + 1, 0xc2b2ae35)) >>> 0;
}

async function work({ target: name, seed, from, step, end, beat }: WorkerTask): Promise<void> {
  const target = targets.get(name);
  if (target === undefined) throw new Error(`no target ${name}`);
  const beats = new Int32Array(beat);
  for (let index = from; index < end; index += step) {
    Atomics.store(beats, 0, index);
    const before = process.threadCpuUsage();
    try {
      await target.hold(target.make(randomOf(seedOf(seed, index))));
    } catch (error) {
      send({
        kind: "broken",
        index,
        message: error instanceof Error ? (error.stack ?? error.message) : String(error),
      });
    }
    const { user, system } = process.threadCpuUsage(before);
    const milliseconds = (user + system) / 1000;
    if (milliseconds > SLOW_MS) send({ kind: "slow", index, milliseconds });
    Atomics.add(beats, 1, 1);
  }
}

function send(message: WorkerMessage): void {
  parentPort?.postMessage(message);
}

if (parentPort !== null) await work(workerData as WorkerTask);
