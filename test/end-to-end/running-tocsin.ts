/**
 * A whole Tocsin as a user runs it, `bin/tocsin up` on free ports in a folder of its own, driven over HTTP.
 * Everything it starts is a descendant of one process, which is how the tests kill it and see that nothing is left.
 */
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { chmodSync, mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { randomInt } from "node:crypto";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const READY_MS_MAX = 90_000;

export interface Ports {
  readonly http: number;
  readonly postgres: number;
  readonly temporal: number;
  readonly temporalUi: number;
}

export interface Answer {
  readonly status: number;
  // The tests look into whatever came; shapes are asserted member by member.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any;
}

export class RunningTocsin {
  readonly folder: string;
  readonly ports: Ports;
  readonly #environment: Record<string, string>;
  #process: ChildProcess | undefined;
  #printed = "";

  private constructor(folder: string, ports: Ports, environment: Record<string, string>) {
    this.folder = folder;
    this.ports = ports;
    this.#environment = environment;
  }

  /** Makes the folders and writes the rules; starts nothing yet. */
  static async prepare(
    rules: Readonly<Record<string, string>>,
    environment: Record<string, string> = {},
  ): Promise<RunningTocsin> {
    const folder = mkdtempSync(join(tmpdir(), "tocsin-e2e-"));
    // Where root runs this, the database's user must be able to pass, or its files go elsewhere and stay there.
    chmodSync(folder, 0o711);
    mkdirSync(join(folder, "rules"));
    for (const [name, text] of Object.entries(rules)) writeFileSync(join(folder, "rules", name), text);
    const [http, postgres, temporal, temporalUi] = await freePorts(4);
    return new RunningTocsin(
      folder,
      { http: http!, postgres: postgres!, temporal: temporal!, temporalUi: temporalUi! },
      environment,
    );
  }

  get url(): string {
    return `http://127.0.0.1:${this.ports.http}`;
  }

  get printed(): string {
    return this.#printed;
  }

  /** Starts `tocsin up` and waits until alerts are taken and the worker is there. */
  async start(): Promise<void> {
    const child = spawn(join(root, "bin", "tocsin"), ["up"], {
      cwd: root,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        ...process.env,
        TOCSIN_RULES: join(this.folder, "rules"),
        TOCSIN_DATA_DIR: join(this.folder, "data"),
        TOCSIN_HTTP_PORT: String(this.ports.http),
        TOCSIN_SMTP_PORT: "0",
        TOCSIN_POSTGRES_PORT: String(this.ports.postgres),
        TOCSIN_TEMPORAL_PORT: String(this.ports.temporal),
        TOCSIN_TEMPORAL_UI_PORT: String(this.ports.temporalUi),
        TOCSIN_EGRESS_ALLOW: "127.0.0.1/32",
        ...this.#environment,
      },
    });
    this.#process = child;
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text) => (this.#printed += text));
    await this.waitFor(
      "ready, worker included",
      async () => {
        if (child.exitCode !== null) throw new Error(`up ended with ${child.exitCode}:\n${this.#printed}`);
        const { status, body } = await this.request("GET", "/readyz");
        return status === 200 && body.worker === "ok" && body.temporal === "ok";
      },
      READY_MS_MAX,
    );
  }

  /** Any call; a refused connection is status 0. */
  async request(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    try {
      const response = await fetch(`${this.url}${path}`, {
        method,
        headers: {
          ...(path.startsWith("/api") ? { authorization: `Bearer ${this.#key()}` } : {}),
          ...(body === undefined ? {} : { "content-type": "application/json" }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(15_000),
      });
      const text = await response.text();
      return {
        status: response.status,
        body: text.startsWith("{") || text.startsWith("[") ? JSON.parse(text) : text,
      };
    } catch {
      return { status: 0, body: undefined };
    }
  }

  async waitFor(what: string, holds: () => Promise<boolean>, msMax = 30_000): Promise<void> {
    const end = Date.now() + msMax;
    while (Date.now() < end) {
      if (await holds()) return;
      await sleep(100);
    }
    throw new Error(`not within ${msMax} ms: ${what}\n${this.#printed.slice(-4000)}`);
  }

  /** SIGTERM to the process; resolves to its exit code. */
  async stop(): Promise<number | null> {
    const child = this.#process;
    if (child === undefined || child.exitCode !== null) return child?.exitCode ?? 0;
    const ended = new Promise<number | null>((resolve) => child.once("exit", (code) => resolve(code)));
    child.kill("SIGTERM");
    return ended;
  }

  /** kill -9 of everything at once, as a power cut would. */
  async crash(): Promise<void> {
    const child = this.#process!;
    const ended = child.exitCode === null ? new Promise((resolve) => child.once("exit", resolve)) : undefined;
    for (const pid of this.processes()) killQuietly(pid);
    await ended;
  }

  /** Process ids of `up` and of everything below it. */
  processes(): number[] {
    const top = this.#process?.pid;
    return top === undefined ? [] : [top, ...descendants(top)];
  }

  /** Stops whatever runs and removes the folder; for `afterAll`, also after a failure. */
  async dispose(): Promise<void> {
    const left = this.processes();
    await Promise.race([this.stop(), sleep(25_000)]);
    for (const pid of left) killQuietly(pid);
    rmSync(this.folder, { recursive: true, force: true });
  }

  #key(): string {
    return readFileSync(join(this.folder, "data", "admin.key"), "utf8").trim();
  }
}

/** True while a process of this id lives (a zombie does not). */
export function isAlive(pid: number): boolean {
  try {
    const state = execFileSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" }).trim();
    return state !== "" && !state.startsWith("Z");
  } catch {
    return false;
  }
}

function descendants(top: number): number[] {
  const rows = execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" })
    .trim()
    .split("\n")
    .map((row) => row.trim().split(/\s+/).map(Number));
  const found: number[] = [];
  for (let wave = [top]; wave.length > 0;) {
    wave = rows.filter((row) => wave.includes(row[1]!)).map((row) => row[0]!);
    found.push(...wave);
  }
  return found;
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    // It was gone already, which is what we want; anything else is the test's business.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** Below the ports of outgoing connections, so that none of those takes one before it is used. */
async function freePorts(count: number): Promise<number[]> {
  const found = new Set<number>();
  while (found.size < count) {
    const port = randomInt(15_000, 32_000);
    const isFree = await new Promise<boolean>((resolve) => {
      const server = createServer().once("error", () => resolve(false));
      server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
    });
    if (isFree) found.add(port);
  }
  return [...found];
}
