/**
 * Which process is which: a pid alone is not enough, since pids are used again after a crash or in a new container.
 * Knows the operating system's process table; never sends a signal.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

export interface ProcessIdentity {
  readonly pid: number;
  /** When the kernel started it, in the kernel's own words; two processes with one pid differ in it. */
  readonly startedAt: string;
}

const POLL_MS = 25;
const hasProc = existsSync("/proc/self/stat");

/** Undefined: no such process, or a dead one that nobody has waited for. */
export function identify(pid: number): ProcessIdentity | undefined {
  const startedAt = hasProc ? startedAtFromProc(pid) : fromPs(pid, "lstart");
  return startedAt === undefined ? undefined : { pid, startedAt };
}

export function isAlive(identity: ProcessIdentity): boolean {
  return identify(identity.pid)?.startedAt === identity.startedAt;
}

/** The command line, arguments joined by a space; empty when it cannot be known. */
export function commandLineOf(pid: number): string {
  if (!hasProc) return fromPs(pid, "command") ?? "";
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
  } catch {
    return "";
  }
}

/** True when it is gone within the time. */
export async function waitUntilGone(identity: ProcessIdentity, timeoutMs: number): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  while (isAlive(identity)) {
    if (performance.now() > deadline) return false;
    await sleep(POLL_MS);
  }
  return true;
}

/** Field 22 of /proc/PID/stat, ticks since boot, with the boot's id; the name in field 2 may hold spaces and brackets. */
function startedAtFromProc(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const [state] = fields;
    const ticks = fields[19];
    if (state === "Z" || state === "X" || ticks === undefined) return undefined;
    return `${bootId()}/${ticks}`;
  } catch {
    return undefined;
  }
}

function bootId(): string {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    return "";
  }
}

function fromPs(pid: number, column: "lstart" | "command"): string | undefined {
  const { stdout, status } = spawnSync("ps", ["-o", `${column}=`, "-p", String(pid)], { encoding: "utf8" });
  const text = status === 0 ? stdout.trim() : "";
  return text === "" ? undefined : text;
}
