/**
 * `tocsin up`: everything on this machine, started in order, kept alive, stopped in order. Knows processes and the order among
 * them; what a migration, a publication, a server and a worker do is handed in.
 *
 *   lock -> leftovers -> Postgres -> migrate -> publish -> Temporal -> server + worker -> ready ... stop: in the reverse order
 */
import { childEnvironment, codecPath, type Config, type Flags } from "../config/index.ts";
import { SHUTDOWN_MS_MAX, WORKER_GRACE_MS } from "../domain/index.ts";
import { keepAdminKey, type AdminKey } from "./admin-key.ts";
import type { RunningChild } from "./child-process.ts";
import { fullDiskNotice } from "./disk-space.ts";
import { KeptChild } from "./kept-child.ts";
import { stopLeftovers } from "./leftovers.ts";
import { logFileIn, rotateLogs } from "./log-files.ts";
import { claimPort, pickFreePort } from "./ports.ts";
import { startEmbeddedPostgres } from "./postgres.ts";
import { identify, type ProcessIdentity } from "./process-identity.ts";
import { startProgram } from "./program-child.ts";
import { SupervisorError } from "./supervisor-error.ts";
import { startTemporal, temporalFileIn, type TemporalOptions } from "./temporal.ts";
import { takeUpLock, type UpLock } from "./up-lock.ts";

export interface PublishedOnStart {
  /** What to tell the person: which set is in force, what was loaded, diagnostics. */
  readonly sentences: readonly string[];
  /** False: the first rule set has errors and nothing is in force, so there is nothing to run. */
  readonly mayRun: boolean;
}

export interface UpOptions {
  readonly config: Config;
  /** As given to `up`; handed on to the children. */
  readonly flags: Flags;
  /** The program that `serve` and `worker` are arguments of. */
  readonly program: { readonly command: string; readonly args: readonly string[] };
  readonly migrate: (databaseUrl: string) => Promise<void>;
  readonly publish: (config: Config) => Promise<PublishedOnStart>;
  readonly say: (line: string) => void;
  readonly onReady: (running: RunningPlaces) => void;
  /** Aborted by a signal from outside: stop in good order. */
  readonly stopSignal: AbortSignal;
}

export interface RunningPlaces {
  readonly url: string;
  /** Where mail is taken: `127.0.0.1:2525`. */
  readonly smtp: string;
  readonly temporalAddress: string;
  /** Undefined with a Temporal of one's own. */
  readonly temporalUiUrl: string | undefined;
  /** "embedded", with its port, or "yours". */
  readonly postgres: string;
  readonly rulesDir: string;
  readonly dataDir: string;
  readonly adminKey: AdminKey;
  readonly readyMs: number;
}

/** A Temporal that never got ready is tried again this often: rare enough not to count as five failures in a minute. */
const TEMPORAL_RETRY_MS = 20_000;
/** Within the 20 s of the contract, with a second for what cannot be timed. */
const STOP_BUDGET_MS = SHUTDOWN_MS_MAX - 1_000;
const SERVER_STOP_MS = 4_000;
/** Kept back for Temporal and Postgres, whatever the worker takes; both lose nothing when they are killed. */
const SERVERS_STOP_MS = 4_000;
const POSTGRES_STOP_MS = 2_000;

/** The embedded one has one namespace, no keys and no TLS, whatever is set for another one. */
const EMBEDDED_TEMPORAL: Flags = {
  TEMPORAL_NAMESPACE: "default",
  TEMPORAL_API_KEY: "",
  TEMPORAL_TLS: "false",
};

/** Returns the exit code. Throws: SupervisorError for what keeps it from starting, after stopping what it had started. */
export async function runUp(options: UpOptions): Promise<number> {
  const lock = takeUpLock(options.config.dataDir);
  const up = new Up(options, lock);
  try {
    await up.start();
    await up.ended;
  } catch (error) {
    if (!options.stopSignal.aborted) throw error;
  } finally {
    await up.stop();
    lock.release();
  }
  return up.exitCode;
}

class Up {
  exitCode = 0;
  /** Resolves when it is time to stop: a signal, or a child that was given up. */
  readonly ended: Promise<void>;
  readonly #options: UpOptions;
  readonly #lock: UpLock;
  /** In the order of their start. */
  readonly #kept: KeptChild[] = [];
  readonly #children: Record<string, ProcessIdentity> = {};
  readonly #since = new Date().toISOString();
  readonly #startedAtMs = performance.now();
  readonly #stopping = new AbortController();
  #end: () => void = () => undefined;
  #url = "";

  constructor(options: UpOptions, lock: UpLock) {
    this.#options = options;
    this.#lock = lock;
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    options.stopSignal.addEventListener("abort", () => {
      this.#stopping.abort();
      this.#end();
    });
  }

  async start(): Promise<void> {
    const { config, say } = this.#options;
    await stopLeftovers(this.#lock.left, temporalFileIn(config.dataDir), say);
    rotateLogs(config.dataDir, ["postgres", "temporal", "server", "worker", "up"]);
    const httpPort = await claimPort(config.host, config.httpPort, "TOCSIN_HTTP_PORT");
    const smtpPort = await claimPort(config.host, config.smtpPort, "TOCSIN_SMTP_PORT");
    this.#url = `http://${config.host.includes(":") ? `[${config.host}]` : config.host}:${httpPort}`;
    this.#record();
    const database = await this.#startDatabase();
    this.#checkStopped();
    await this.#options.migrate(database.url);
    this.#checkStopped();
    await this.#publish({ ...config, httpPort, databaseUrl: database.url });
    const temporal = await this.#startTemporal();
    this.#checkStopped();
    // Late, so that a first start that fails has not used up the one time it is shown.
    const adminKey = keepAdminKey(config.dataDir, config.apiKey);
    const env = childEnvironment({
      ...this.#options.flags,
      DATABASE_URL: database.url,
      TEMPORAL_ADDRESS: temporal.address,
      ...(config.temporal.address === undefined ? EMBEDDED_TEMPORAL : {}),
      ...(temporal.uiUrl === undefined ? {} : { TOCSIN_TEMPORAL_UI_URL: temporal.uiUrl }),
      TOCSIN_RULES: config.rulesDir,
      TOCSIN_DATA_DIR: config.dataDir,
      TOCSIN_HTTP_PORT: String(httpPort),
      TOCSIN_SMTP_PORT: String(smtpPort),
      TOCSIN_API_KEY: adminKey.key,
    });
    await Promise.all([
      this.#startProgram("server", "serve", env),
      this.#startProgram("worker", "worker", env),
    ]);
    this.#checkStopped();
    this.#options.onReady({
      url: this.#url,
      smtp: `${config.host.includes(":") ? `[${config.host}]` : config.host}:${smtpPort}`,
      temporalAddress: temporal.address,
      temporalUiUrl: temporal.uiUrl,
      postgres: database.where,
      rulesDir: config.rulesDir,
      dataDir: config.dataDir,
      adminKey,
      readyMs: performance.now() - this.#startedAtMs,
    });
  }

  /** The server first, so that nobody is told yes any more; Postgres last, so that all can finish what they wrote. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    const deadline = performance.now() + STOP_BUDGET_MS;
    const left = (reserve: number): number => Math.max(500, deadline - performance.now() - reserve);
    const budget: Readonly<Record<string, () => number>> = {
      server: () => SERVER_STOP_MS,
      worker: () => Math.min(WORKER_GRACE_MS, left(SERVERS_STOP_MS)),
      temporal: () => left(POSTGRES_STOP_MS),
      postgres: () => left(0),
    };
    for (const name of ["server", "worker", "temporal", "postgres"]) {
      await this.#kept.find((kept) => kept.name === name)?.stop(budget[name]?.() ?? left(0));
    }
  }

  async #startDatabase(): Promise<{ readonly url: string; readonly where: string }> {
    const { config, say } = this.#options;
    if (config.databaseUrl !== undefined) return { url: config.databaseUrl, where: "yours (DATABASE_URL)" };
    let url = "";
    let port = config.postgresPort;
    await this.#keep("postgres", async () => {
      const postgres = await startEmbeddedPostgres({
        dataDir: config.dataDir,
        port,
        onNotice: say,
        signal: this.#stopping.signal,
      });
      // A restart takes the same port: server and worker know it.
      ({ url, port } = postgres);
      return postgres.child;
    }).start();
    return { url, where: `embedded, on 127.0.0.1:${port}` };
  }

  /** Temporal away is said, not fatal: alerts are taken and ticketed without it. A wrong setting is fatal. */
  async #startTemporal(): Promise<{ readonly address: string; readonly uiUrl: string | undefined }> {
    const { config, say } = this.#options;
    if (config.temporal.address !== undefined)
      return { address: config.temporal.address, uiUrl: config.temporal.uiUrl };
    const host = "127.0.0.1";
    const port =
      config.temporalPort === 0
        ? await pickFreePort(host)
        : await claimPort(host, config.temporalPort, "TOCSIN_TEMPORAL_PORT");
    const uiPort =
      config.temporalUiPort === 0
        ? await pickFreePort(host)
        : await claimPort(host, config.temporalUiPort, "TOCSIN_TEMPORAL_UI_PORT");
    const kept = this.#keep("temporal", async () => {
      const options = {
        dataDir: config.dataDir,
        port,
        uiPort,
        cliPath: config.temporal.cliPath,
        onNotice: say,
        ...codecEndpoint(config),
      };
      return (await startTemporal({ ...options, signal: this.#stopping.signal })).child;
    });
    try {
      await kept.start();
    } catch (error) {
      if (!(error instanceof SupervisorError && error.code === "temporal_failed")) throw error;
      say(
        `${error.message} Alerts are taken all the same; callouts and timers wait. Trying again every ${TEMPORAL_RETRY_MS / 1000} s.`,
      );
      kept.retryAfter(TEMPORAL_RETRY_MS);
    }
    return { address: `${host}:${port}`, uiUrl: config.temporal.uiUrl ?? `http://${host}:${uiPort}` };
  }

  async #startProgram(
    name: "server" | "worker",
    command: string,
    env: Readonly<Record<string, string>>,
  ): Promise<void> {
    const { program, config } = this.#options;
    await this.#keep(name, async () =>
      startProgram({
        name,
        command: program.command,
        args: [...program.args, command],
        env,
        logFile: logFileIn(config.dataDir, name),
        signal: this.#stopping.signal,
      }),
    ).start();
  }

  async #publish(config: Config): Promise<void> {
    const { sentences, mayRun } = await this.#options.publish(config);
    for (const sentence of sentences) this.#options.say(sentence);
    if (!mayRun)
      throw new SupervisorError(
        "rules_invalid",
        "Nothing is in force, so nothing is started: correct the rules, then start again.",
      );
  }

  #keep(name: string, start: () => Promise<RunningChild>): KeptChild {
    const { config } = this.#options;
    const say = (sentence: string): void => {
      this.#options.say(`${sentence}${fullDiskNotice(config.dataDir)}`);
    };
    const kept = new KeptChild({
      name,
      start,
      onNotice: say,
      onStarted: (child) => {
        this.#children[name] = child.identity;
        this.#record();
      },
      onGivenUp: (sentence) => {
        say(`${sentence} See ${logFileIn(config.dataDir, name)}.`);
        this.exitCode = 1;
        this.#end();
      },
    });
    this.#kept.push(kept);
    return kept;
  }

  #record(): void {
    const up = identify(process.pid) ?? { pid: process.pid, startedAt: "unknown" };
    this.#lock.write({ up, since: this.#since, url: this.#url, children: this.#children });
  }

  #checkStopped(): void {
    if (this.#stopping.signal.aborted) throw new SupervisorError("stopped", "Stopped while starting.");
  }
}

/** Where the Temporal UI has sealed payloads opened: at our own server, whose port must be known beforehand. */
function codecEndpoint({ temporal, host, httpPort }: Config): Pick<TemporalOptions, "codecEndpoint"> {
  if (temporal.codecKey === undefined || httpPort === 0) return {};
  return {
    codecEndpoint: `http://${host.includes(":") ? `[${host}]` : host}:${httpPort}${codecPath(temporal.codecKey)}`,
  };
}
