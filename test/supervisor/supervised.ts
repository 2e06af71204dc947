/** A supervised data folder of a test: started as a process of its own, killed in every way, and never left behind. */
import { spawn, type ChildProcess } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export interface Places {
  readonly url: string;
  readonly temporalAddress: string;
  readonly adminKey: { readonly key: string; readonly isNew: boolean };
  readonly readyMs: number;
}

const script = fileURLToPath(new URL("./run-up.ts", import.meta.url));
const FREE_PORTS = {
  TOCSIN_HTTP_PORT: "0",
  TOCSIN_SMTP_PORT: "0",
  TOCSIN_POSTGRES_PORT: "0",
  TOCSIN_TEMPORAL_PORT: "0",
  TOCSIN_TEMPORAL_UI_PORT: "0",
};

/** A folder that the database's user can pass through, as a folder in a home or a project is. */
export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "tocsin-supervisor-"));
  chmodSync(folder, 0o711);
  return folder;
}

export class Supervised {
  readonly folder = makeFolder();
  readonly dataDir = join(this.folder, "data");
  printed = "";
  #process: ChildProcess | undefined;
  #ended: Promise<number | null> = Promise.resolve(null);

  /** In a process group of its own, as in a terminal. */
  launch(environment: Readonly<Record<string, string>> = {}): void {
    this.printed = "";
    const child = spawn(process.execPath, [script], {
      detached: true,
      // The channel ends it when the test run itself is killed.
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      env: { ...process.env, ...FREE_PORTS, TOCSIN_DATA_DIR: this.dataDir, ...environment },
    });
    for (const stream of [child.stdout!, child.stderr!])
      stream.setEncoding("utf8").on("data", (text) => (this.printed += text));
    this.#process = child;
    this.#ended = new Promise((resolve) => child.once("close", (code) => resolve(code)));
  }

  async start(environment: Readonly<Record<string, string>> = {}): Promise<Places> {
    this.launch(environment);
    const ended = this.#ended;
    const child = this.#process!;
    await until(
      `ready; it printed:\n${this.printed}`,
      () => this.printed.includes("READY ") || child.exitCode !== null,
    );
    const line = this.printed.split("\n").find((one) => one.startsWith("READY "));
    if (line === undefined) throw new Error(`up ended with ${await ended}:\n${this.printed}`);
    return JSON.parse(line.slice("READY ".length)) as Places;
  }

  get pid(): number {
    return this.#process!.pid!;
  }

  ended(): Promise<number | null> {
    return this.#ended;
  }

  /** Children by name, from the record that `up` keeps. */
  children(): Readonly<Record<string, { pid: number }>> {
    return JSON.parse(readFileSync(join(this.dataDir, "up.json"), "utf8")).children;
  }

  /** Every process whose command line, environment or parentage is of this data folder: none may be left. */
  processes(): number[] {
    const all = readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
    const mentions = (pid: number): boolean =>
      ["cmdline", "environ"].some((file) => readOr(`/proc/${pid}/${file}`).includes(this.folder)) &&
      !isZombie(pid);
    const direct = all.filter((pid) => pid !== process.pid && mentions(pid));
    const wardens = all.filter((pid) =>
      direct.some((one) => readOr(`/proc/${pid}/cmdline`).includes(`kill -TERM ${one} `)),
    );
    return [...new Set([...direct, ...wardens])];
  }

  /** Direct children of `up`, wardens included. */
  family(): number[] {
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .filter((pid) => parentOf(pid) === this.pid);
  }

  async dispose(): Promise<void> {
    for (const pid of this.processes()) kill(pid);
    await until("all ended", () => this.processes().length === 0).catch(() => undefined);
    const moved = join(this.dataDir, "postgres-files-are-in");
    if (existsSync(moved)) removePlace(readFileSync(moved, "utf8").trim());
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The place that was taken instead of a closed folder, and its parent when nothing else is in it. */
export function removePlace(place: string): void {
  rmSync(place, { recursive: true, force: true });
  if (readdirSync(dirname(place)).length === 0) rmdirSync(dirname(place));
}

export async function until(what: string, holds: () => boolean, timeoutMs = 30_000): Promise<void> {
  const end = performance.now() + timeoutMs;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`not within ${timeoutMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

export function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // gone already
  }
}

function parentOf(pid: number): number {
  const stat = readOr(`/proc/${pid}/stat`);
  return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
}

function isZombie(pid: number): boolean {
  const stat = readOr(`/proc/${pid}/stat`);
  return stat.slice(stat.lastIndexOf(")") + 2).startsWith("Z");
}

function readOr(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
