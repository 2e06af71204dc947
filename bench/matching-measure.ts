/** How the matching bench measures: rounds in turn, time of the clock and of the thread, single events, memory. Knows no engine. */

/** One engine at one size: `run` answers how many rules matched the event of that number. */
export interface Contestant {
  readonly name: string;
  /** Events of one round; the same first ones in every round. */
  readonly events: number;
  readonly run: (event: number) => number | Promise<number>;
}

export interface Figures {
  readonly name: string;
  /** Median of the rounds, microseconds an event by the clock. */
  readonly medianUs: number;
  readonly lowUs: number;
  readonly highUs: number;
  /** Thread CPU over all rounds; the operating system counts it in steps of some milliseconds. */
  readonly cpuUs: number;
  /** Of single events, the timer's own tenth of a microsecond included. */
  readonly eventMedianUs: number;
  readonly p99Us: number;
  readonly events: number;
}

/** Contestants take turns in every round, so that what else the machine does meets all of them. The first round warms up. */
export async function race(contestants: readonly Contestant[], rounds: number): Promise<readonly Figures[]> {
  const walls = contestants.map((): number[] => []);
  const cpus = contestants.map((): number[] => []);
  for (let round = 0; round <= rounds; round++) {
    for (const [at, { events, run }] of contestants.entries()) {
      const cpu = threadUs();
      const start = process.hrtime.bigint();
      for (let i = 0; i < events; i++) {
        const matched = run(i);
        if (typeof matched !== "number") await matched;
      }
      if (round === 0) continue;
      walls[at]?.push(Number(process.hrtime.bigint() - start) / 1000 / events);
      cpus[at]?.push((threadUs() - cpu) / events);
    }
  }
  const singles: (readonly number[])[] = [];
  for (const contestant of contestants) singles.push(await timeSingles(contestant));
  return contestants.map(({ name, events }, at) => {
    const wall = (walls[at] ?? []).toSorted((a, b) => a - b);
    const single = singles[at] ?? [];
    return {
      name,
      events,
      medianUs: quantile(wall, 0.5),
      lowUs: quantile(wall, 0.25),
      highUs: quantile(wall, 0.75),
      cpuUs: (cpus[at] ?? []).reduce((sum, us) => sum + us, 0) / Math.max(1, cpus[at]?.length ?? 0),
      eventMedianUs: quantile(single, 0.5),
      p99Us: quantile(single, 0.99),
    };
  });
}

async function timeSingles({ events, run }: Contestant): Promise<readonly number[]> {
  const times: number[] = [];
  for (let i = 0; i < events; i++) {
    const start = process.hrtime.bigint();
    const matched = run(i);
    if (typeof matched !== "number") await matched;
    times.push(Number(process.hrtime.bigint() - start) / 1000);
  }
  return times.sort((a, b) => a - b);
}

export function quantile(sorted: readonly number[], part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}

function threadUs(): number {
  const { user, system } = process.threadCpuUsage();
  return user + system;
}

export interface Timed<T> {
  readonly result: T;
  readonly ms: number;
  readonly cpuMs: number;
}

export function timed<T>(work: () => T): Timed<T> {
  const cpu = threadUs();
  const start = process.hrtime.bigint();
  const result = work();
  const ms = Number(process.hrtime.bigint() - start) / 1e6;
  return { result, ms, cpuMs: (threadUs() - cpu) / 1000 };
}

/**
 * Bytes that stay alive of one result of `make`: of several kept side by side the later ones, since the first pays for
 * what is made once (compiled code, caches). Only in a process of its own, where nothing else is made or let go.
 */
export function weigh(make: () => unknown): number {
  const kept: unknown[] = [];
  const sizes: number[] = [];
  let before = liveBytes();
  for (let i = 0; i < 4; i++) {
    kept.push(make());
    const now = liveBytes();
    if (i > 0) sizes.push(now - before);
    before = now;
  }
  if (kept.length === 0) throw new Error("nothing was made");
  return quantile(
    sizes.toSorted((a, b) => a - b),
    0.5,
  );
}

/** Typed arrays lie outside the heap. */
function liveBytes(): number {
  const collect = globalThis.gc;
  if (collect === undefined) throw new Error("run with --expose-gc");
  for (let i = 0; i < 3; i++) collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
