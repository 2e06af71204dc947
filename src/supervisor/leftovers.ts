/**
 * Ends what an `up` that was killed left running on this data folder. Each process is verified first: by pid and start time from
 * its record, or by a command line that names a file of this data folder.
 */
import { readFileSync, readdirSync } from "node:fs";
import { identify, isAlive, waitUntilGone, type ProcessIdentity } from "./process-identity.ts";
import { SupervisorError } from "./supervisor-error.ts";
import type { UpRecord } from "./up-lock.ts";

const SOFT_MS = 10_000;
const HARD_MS = 5_000;

/** Postgres is not looked for here: its own pid file tells more (postgres-orphan.ts). */
export async function stopLeftovers(
  left: UpRecord | undefined,
  temporalFile: string,
  onNotice: (sentence: string) => void,
): Promise<void> {
  const recorded = Object.entries(left?.children ?? {}).filter(([name]) => name !== "postgres");
  const found = new Map<number, { name: string; identity: ProcessIdentity }>();
  for (const [name, identity] of recorded) if (isAlive(identity)) found.set(identity.pid, { name, identity });
  for (const identity of serversOn(temporalFile)) found.set(identity.pid, { name: "temporal", identity });
  if (found.size === 0) return;
  const names = [...found.values()].map(({ name, identity }) => `${name} (pid ${identity.pid})`).join(", ");
  onNotice(`Still running from before: ${names}; stopping first.`);
  await Promise.all(
    [...found.values()].map(async ({ name, identity }) => {
      await end(name, identity);
    }),
  );
}

async function end(name: string, identity: ProcessIdentity): Promise<void> {
  for (const [signal, waitMs] of [
    ["SIGTERM", SOFT_MS],
    ["SIGKILL", HARD_MS],
  ] as const) {
    try {
      process.kill(identity.pid, signal);
    } catch {
      return;
    }
    if (await waitUntilGone(identity, waitMs)) return;
  }
  throw new SupervisorError(
    "data_dir",
    `A ${name} (pid ${identity.pid}) of this data folder does not stop: end it, then start again.`,
  );
}

/** Covers a Temporal that was started in the moment before its `up` could record it. Only where /proc is. */
function serversOn(temporalFile: string): readonly ProcessIdentity[] {
  let pids: readonly string[];
  try {
    pids = readdirSync("/proc").filter((name) => /^\d+$/u.test(name));
  } catch {
    return [];
  }
  return pids.flatMap((pid) => {
    try {
      const args = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
      const file = args[args.indexOf("--db-filename") + 1];
      if (!args.includes("start-dev") || file !== temporalFile) return [];
    } catch {
      return [];
    }
    const identity = identify(Number(pid));
    return identity === undefined ? [] : [identity];
  });
}
