/**
 * One child process that outlives neither its stop nor its parent. Knows nothing of what the child does.
 *
 *   up --spawns, own process group--> child        (Ctrl-C in a terminal reaches `up` alone, so `up` decides the order)
 *   up --spawns, pipe-----------> warden (sh)      (the pipe closes when `up` dies in whatever way, and the warden stops the child)
 *
 * The warden is a shell and not a Node process because there is one for each child and it must cost nothing.
 * Rejected: PR_SET_PDEATHSIG, which Node cannot ask for and which a change of user clears.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { identify, type ProcessIdentity } from "./process-identity.ts";

export type StopSignal = "SIGTERM" | "SIGINT" | "SIGQUIT";

export interface ChildOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Standard output and error are added to it. */
  readonly logFile: string;
  readonly runAs?: { readonly uid: number; readonly gid: number };
  /** What asks it to end in good order. */
  readonly stopSignal: StopSignal;
  /** With a channel it gets messages and notices by itself that the parent is gone: no warden then. */
  readonly withChannel?: boolean;
}

export interface ChildExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface RunningChild {
  readonly identity: ProcessIdentity;
  readonly process: ChildProcess;
  readonly exited: Promise<ChildExit>;
  hasExited(): boolean;
  /** Asks, waits, then kills. Calling it twice is fine. */
  stop(timeoutMs: number): Promise<ChildExit>;
}

/** Throws: what spawn throws, such as ENOENT and EACCES. */
export async function startChild(options: ChildOptions): Promise<RunningChild> {
  const log = openSync(options.logFile, "a", 0o600);
  const child = spawn(options.command, options.args, {
    cwd: options.cwd,
    env: options.env,
    detached: true,
    stdio: ["ignore", log, log, ...(options.withChannel === true ? (["ipc"] as const) : [])],
    ...options.runAs,
  });
  closeSync(log);
  let exit: ChildExit | undefined;
  const exited = new Promise<ChildExit>((resolve) => {
    child.once("exit", (code, signal) => {
      exit = { code, signal };
      resolve(exit);
    });
  });
  const pid = await new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("spawn", () => {
      resolve(child.pid ?? 0);
    });
  });
  const identity = identify(pid) ?? { pid, startedAt: "gone" };
  const dismiss = options.withChannel === true ? (): void => undefined : postWarden(pid, options.stopSignal);
  void exited.then(dismiss);
  return {
    identity,
    process: child,
    exited,
    hasExited: () => exit !== undefined,
    stop: async (timeoutMs) => {
      if (exit !== undefined) return exit;
      child.kill(options.stopSignal);
      const timer = setTimeout(() => {
        child.kill("SIGKILL");
      }, timeoutMs);
      const ended = await exited;
      clearTimeout(timer);
      return ended;
    },
  };
}

/** Returns what sends the warden home. */
function postWarden(pid: number, signal: StopSignal): () => void {
  const script = `trap '' INT TERM HUP; read -r _ || kill -${signal.slice("SIG".length)} ${pid} 2>/dev/null`;
  const warden = spawn("/bin/sh", ["-c", script], {
    cwd: "/",
    env: {},
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  warden.on("error", () => undefined);
  warden.stdin.on("error", () => undefined);
  warden.unref();
  return () => {
    warden.stdin.end("home\n");
  };
}
