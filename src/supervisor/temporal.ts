/**
 * The embedded Temporal: the CLI's development server on one SQLite file in the data folder, with its UI, on 127.0.0.1 only.
 * Postgres is the truth, so a lost last moment of this file is made good by the reconciler; hence WAL and synchronous=normal.
 * Source: temporal.md 5.1, 5.2; design.md 2.
 */
import { mkdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ensureTemporalCli, TemporalCliMissing, type TemporalCli } from "../../scripts/temporal-cli.mjs";
import { bareEnvironment, childEnvironment } from "../config/index.ts";
import { startChild, type ChildExit, type RunningChild } from "./child-process.ts";
import { claimPort, pickFreePort, portTaken } from "./ports.ts";
import { SupervisorError } from "./supervisor-error.ts";
import { isTemporalReady } from "./temporal-probe.ts";

export interface TemporalOptions {
  /** Made when missing. Without it everything is in memory and ends with the server. */
  readonly dataDir: string;
  /** 0 picks a free one. */
  readonly port: number;
  /** 0 picks a free one; "none": no UI. */
  readonly uiPort: number | "none";
  /** Told to the UI, which has payloads opened there; a person may set another in the UI. */
  readonly codecEndpoint?: string;
  /** TEMPORAL_CLI_PATH; default: found or fetched. */
  readonly cliPath?: string | undefined;
  readonly onNotice?: (sentence: string) => void;
  /** `none` keeps nothing on disk, for tests. */
  readonly durability?: "full" | "none";
  /** Gives up a start that is under way. */
  readonly signal?: AbortSignal;
}

export interface EmbeddedTemporal {
  /** `127.0.0.1:port`. */
  readonly address: string;
  readonly port: number;
  readonly uiPort: number | undefined;
  readonly cli: TemporalCli;
  readonly child: RunningChild;
  readonly exited: Promise<ChildExit>;
  stop(): Promise<void>;
}

export const TEMPORAL_HOST = "127.0.0.1";
export const TEMPORAL_PORT_SETTING = "TOCSIN_TEMPORAL_PORT";
export const TEMPORAL_UI_PORT_SETTING = "TOCSIN_TEMPORAL_UI_PORT";
/** The embedded namespace is always `default`. */
const NAMESPACE = "default";
const SEARCH_ATTRIBUTES = {
  TocsinOrganization: "Keyword",
  TocsinTicket: "Keyword",
  TocsinRule: "Keyword",
  TocsinCallout: "Keyword",
  TocsinAttempt: "Int",
  TocsinOutcome: "Keyword",
} as const;
const START_TIMEOUT_MS = 60_000;
const PROBE_TIMEOUT_MS = 1_000;
const POLL_MS = 50;
const STOP_TIMEOUT_MS = 5_000;
const FREE_PORT_TRIES_MAX = 5;

/** Throws: SupervisorError. */
export async function startTemporal(options: TemporalOptions): Promise<EmbeddedTemporal> {
  const dataDir = resolve(options.dataDir);
  mkdirSync(join(dataDir, "logs"), { recursive: true, mode: 0o755 });
  // What workflows carry is nobody else's to read, and the server makes its file for all to read.
  mkdirSync(dirname(temporalFileIn(dataDir)), { recursive: true, mode: 0o700 });
  const cli = await findCli(options);
  for (let tries = 1; ; tries += 1) {
    const ports = await claimPorts(options);
    const logStart = logText(dataDir).length;
    const child = await launch({ ...options, dataDir }, cli, ports);
    const address = `${TEMPORAL_HOST}:${ports.port}`;
    if (await waitUntilReady(child, address, options.signal)) return toEmbedded(child, cli, ports);
    await child.stop(STOP_TIMEOUT_MS);
    if (options.signal?.aborted === true)
      throw new SupervisorError("stopped", "Stopped while Temporal was starting.");
    const said = logText(dataDir).slice(logStart);
    const isPortTaken = /address already in use|can't (?:set|bind)|port.*in use/iu.test(said);
    const picked = options.port === 0 || options.uiPort === 0;
    if (isPortTaken && picked && tries < FREE_PORT_TRIES_MAX) continue;
    if (isPortTaken) throw portTaken(TEMPORAL_HOST, ports.port, TEMPORAL_PORT_SETTING);
    throw failed(dataDir, said);
  }
}

export function temporalFileIn(dataDir: string): string {
  return join(dataDir, "temporal", "temporal.db");
}

interface Ports {
  readonly port: number;
  readonly uiPort: number | undefined;
}

function toEmbedded(child: RunningChild, cli: TemporalCli, ports: Ports): EmbeddedTemporal {
  return {
    address: `${TEMPORAL_HOST}:${ports.port}`,
    ...ports,
    cli,
    child,
    exited: child.exited,
    stop: async () => {
      await child.stop(STOP_TIMEOUT_MS);
    },
  };
}

async function findCli(options: TemporalOptions): Promise<TemporalCli> {
  const flags = options.cliPath === undefined ? {} : { TEMPORAL_CLI_PATH: options.cliPath };
  try {
    return await ensureTemporalCli(options.onNotice, childEnvironment(flags));
  } catch (cause) {
    if (cause instanceof TemporalCliMissing)
      throw new SupervisorError("tool_missing", cause.message, { cause });
    throw cause;
  }
}

async function claimPorts(options: TemporalOptions): Promise<Ports> {
  const port =
    options.port === 0
      ? await pickFreePort(TEMPORAL_HOST)
      : await claimPort(TEMPORAL_HOST, options.port, TEMPORAL_PORT_SETTING);
  if (options.uiPort === "none") return { port, uiPort: undefined };
  const uiPort =
    options.uiPort === 0
      ? await pickFreePort(TEMPORAL_HOST)
      : await claimPort(TEMPORAL_HOST, options.uiPort, TEMPORAL_UI_PORT_SETTING);
  return { port, uiPort };
}

async function launch(options: TemporalOptions, cli: TemporalCli, ports: Ports): Promise<RunningChild> {
  return await startChild({
    command: cli.path,
    args: [
      ...["server", "start-dev", "--ip", TEMPORAL_HOST, "--port", String(ports.port)],
      ...(ports.uiPort === undefined ? ["--headless"] : ["--ui-port", String(ports.uiPort)]),
      ...(options.codecEndpoint === undefined || ports.uiPort === undefined
        ? []
        : ["--ui-codec-endpoint", options.codecEndpoint]),
      ...(options.durability === "none" ? [] : storageFlags(options.dataDir)),
      ...Object.entries(SEARCH_ATTRIBUTES).flatMap(([name, type]) => [
        "--search-attribute",
        `${name}=${type}`,
      ]),
      // A reconciler that starts what is missing must not wait because the same id ended a moment ago.
      ...["--dynamic-config-value", 'history.workflowIdReuseMinimalInterval="0s"'],
      ...["--dynamic-config-value", "history.maxInFlightUpdates=1000"],
      ...["--log-level", "warn"],
    ],
    cwd: options.dataDir,
    env: bareEnvironment(),
    logFile: logFile(options.dataDir),
    stopSignal: "SIGTERM",
  });
}

function storageFlags(dataDir: string): string[] {
  const pragmas = ["journal_mode=wal", "synchronous=normal"].flatMap((pragma) => ["--sqlite-pragma", pragma]);
  return ["--db-filename", temporalFileIn(dataDir), ...pragmas];
}

async function waitUntilReady(
  child: RunningChild,
  address: string,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const deadline = performance.now() + START_TIMEOUT_MS;
  while (performance.now() < deadline && !child.hasExited() && signal?.aborted !== true) {
    if (await isTemporalReady(address, NAMESPACE, Object.keys(SEARCH_ATTRIBUTES), PROBE_TIMEOUT_MS))
      return true;
    await sleep(POLL_MS);
  }
  return false;
}

function failed(dataDir: string, said: string): SupervisorError {
  const line = said.split("\n").findLast((it) => /error|fatal|panic/iu.test(it));
  const reason = line === undefined ? "" : ` (${line.trim().slice(0, 300)})`;
  return new SupervisorError(
    "temporal_failed",
    `Embedded Temporal did not start${reason}: see ${logFile(dataDir)}.`,
    {
      retryable: true,
    },
  );
}

function logFile(dataDir: string): string {
  return join(dataDir, "logs", "temporal.log");
}

function logText(dataDir: string): string {
  try {
    return readFileSync(logFile(dataDir), "utf8");
  } catch {
    return "";
  }
}
