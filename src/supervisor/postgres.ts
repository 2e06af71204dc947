/**
 * The embedded PostgreSQL: makes its database folder, starts it, knows when it is ready, stops it, and recovers what a crash left.
 * Speaks to it through files and signals only: the SQL connection belongs to the room that keeps.
 *
 *   <data folder>/postgres           database files, 0700, owned by the database's user (or in a reachable place: postgres-files.ts)
 *   <data folder>/postgres.new-*     an initdb under way, or cut off: removed at the next start
 *   <data folder>/postgres.password  0600
 *   <data folder>/logs/postgres.log
 */
import { mkdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { bareEnvironment } from "../config/index.ts";
import { startChild, type ChildExit, type RunningChild } from "./child-process.ts";
import { fullDiskNotice } from "./disk-space.ts";
import { claimPort, pickFreePort, portTaken } from "./ports.ts";
import { makeDatabase } from "./postgres-database.ts";
import { placeDatabase, placePrograms } from "./postgres-files.ts";
import { clearStalePidFile, readPidFile, stopOrphanedPostgres } from "./postgres-orphan.ts";
import { findPostgresUser, type SystemUser } from "./postgres-user.ts";
import { SupervisorError } from "./supervisor-error.ts";

export interface PostgresOptions {
  /** Made when missing. */
  readonly dataDir: string;
  /** 0 picks a free one. */
  readonly port: number;
  /** Told in sentences what takes long or is unusual. */
  readonly onNotice?: (sentence: string) => void;
  /** `none` leaves out fsync, for tests: a power cut may cost the database, a crash of the process does not. */
  readonly durability?: "full" | "none";
  /** Gives up a start that is under way. */
  readonly signal?: AbortSignal;
}

export interface EmbeddedPostgres {
  /** `postgres://...` with user, password and database. */
  readonly url: string;
  readonly port: number;
  readonly child: RunningChild;
  readonly exited: Promise<ChildExit>;
  stop(): Promise<void>;
}

export const POSTGRES_ADDRESS = "127.0.0.1";
export const POSTGRES_PORT_SETTING = "TOCSIN_POSTGRES_PORT";
const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 8_000;
const POLL_MS = 20;
const FREE_PORT_TRIES_MAX = 5;
/** Backends of a killed server go away by themselves within moments. */
const LEFTOVER_BACKENDS_WAIT_MS = 10_000;

/** Throws: SupervisorError. */
export async function startEmbeddedPostgres(options: PostgresOptions): Promise<EmbeddedPostgres> {
  const onNotice = options.onNotice ?? ((): void => undefined);
  const dataDir = resolve(options.dataDir);
  mkdirSync(join(dataDir, "logs"), { recursive: true, mode: 0o755 });
  const user = findPostgresUser(join(dataDir, "postgres"));
  const programs = placePrograms(user);
  const place = placeDatabase(dataDir, user);
  for (const { notice } of [programs, place]) if (notice !== undefined) onNotice(notice);
  const database = join(place.path, "postgres");
  await stopOrphanedPostgres(database, onNotice);
  if (options.port !== 0) await claimPort(POSTGRES_ADDRESS, options.port, POSTGRES_PORT_SETTING);
  const password = await makeDatabase({ dataDir, database, programs: programs.path, user, onNotice });
  const start: Start = {
    dataDir,
    database,
    programs: programs.path,
    user,
    durability: options.durability ?? "full",
    signal: options.signal,
  };
  const { child, port } = await startOnPort(start, options.port);
  return {
    url: `postgres://tocsin:${password}@${POSTGRES_ADDRESS}:${port}/tocsin`,
    port,
    child,
    exited: child.exited,
    stop: async () => {
      await child.stop(STOP_TIMEOUT_MS);
    },
  };
}

interface Start {
  readonly dataDir: string;
  readonly database: string;
  readonly programs: string;
  readonly user: SystemUser | undefined;
  readonly durability: "full" | "none";
  readonly signal: AbortSignal | undefined;
}

type StartOutcome = { readonly kind: "ready" } | { readonly kind: "exited" } | { readonly kind: "late" };

async function startOnPort(start: Start, wanted: number): Promise<{ child: RunningChild; port: number }> {
  const giveUpLeftoversAt = performance.now() + LEFTOVER_BACKENDS_WAIT_MS;
  for (let tries = 1; ; tries += 1) {
    const port = wanted === 0 ? await pickFreePort(POSTGRES_ADDRESS) : wanted;
    clearStalePidFile(start.database);
    const logStart = logSize(start);
    const child = await launch(start, port);
    const outcome = await waitUntilReady(child, start);
    if (outcome.kind === "ready") return { child, port };
    await child.stop(STOP_TIMEOUT_MS);
    if (start.signal?.aborted === true)
      throw new SupervisorError("stopped", "Stopped while PostgreSQL was starting.");
    const said = logText(start).slice(logStart);
    if (/could not bind|Address already in use/u.test(said)) {
      if (wanted === 0 && tries < FREE_PORT_TRIES_MAX) continue;
      throw portTaken(POSTGRES_ADDRESS, port, POSTGRES_PORT_SETTING);
    }
    if (/pre-existing shared memory block/u.test(said) && performance.now() < giveUpLeftoversAt) {
      await sleep(250);
      continue;
    }
    throw failed(
      start,
      outcome.kind === "late" ? `was not ready within ${START_TIMEOUT_MS / 1000} s` : "did not start",
      said,
    );
  }
}

/** SIGINT is its "fast" shutdown: ends connections, writes everything, exits. SIGTERM would wait for clients to leave. */
async function launch(start: Start, port: number): Promise<RunningChild> {
  return await startChild({
    command: join(start.programs, "bin", "postgres"),
    args: ["-D", start.database, "-p", String(port), ...toFlags(serverSettings(start.durability))],
    cwd: "/",
    env: { ...bareEnvironment(), LC_MESSAGES: "C", TZ: "UTC" },
    logFile: logFile(start),
    stopSignal: "SIGINT",
    ...(start.user === undefined ? {} : { runAs: start.user }),
  });
}

/** Modest: a small machine that also runs Temporal, the server and a worker. fsync stays on but for tests. */
function serverSettings(durability: "full" | "none"): Readonly<Record<string, string>> {
  const common = {
    listen_addresses: POSTGRES_ADDRESS,
    unix_socket_directories: "",
    max_connections: "200",
    shared_buffers: "128MB",
    dynamic_shared_memory_type: "posix",
    max_wal_size: "1GB",
    random_page_cost: "1.1",
    timezone: "UTC",
    log_timezone: "UTC",
    log_checkpoints: "off",
    logging_collector: "off",
  };
  const unsafe = { fsync: "off", synchronous_commit: "off", full_page_writes: "off" };
  return durability === "none" ? { ...common, ...unsafe } : common;
}

function toFlags(settings: Readonly<Record<string, string>>): string[] {
  return Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
}

/** Its pid file says `ready` in line 8 as soon as connections are accepted, after any crash recovery: what pg_ctl waits for too. */
async function waitUntilReady(child: RunningChild, start: Start): Promise<StartOutcome> {
  const deadline = performance.now() + START_TIMEOUT_MS;
  while (performance.now() < deadline && start.signal?.aborted !== true) {
    if (child.hasExited()) return { kind: "exited" };
    const file = readPidFile(start.database);
    if (file?.pid === child.identity.pid && file.status === "ready") return { kind: "ready" };
    await sleep(POLL_MS);
  }
  return { kind: "late" };
}

function failed(start: Start, what: string, said: string): SupervisorError {
  const reason =
    said.split("\n").findLast((line) => /FATAL|PANIC|ERROR|error/u.test(line)) ??
    said.trim().split("\n").at(-1) ??
    "";
  const text = reason.replace(/^\S+ \S+ \S+ \[\d+\] /u, "").trim();
  return new SupervisorError(
    "postgres_failed",
    `Embedded PostgreSQL ${what}${text === "" ? "" : ` (${text})`}: see ${logFile(start)}.${fullDiskNotice(start.dataDir)}`,
    { retryable: true },
  );
}

function logFile(start: Start): string {
  return join(start.dataDir, "logs", "postgres.log");
}

function logText(start: Start): string {
  try {
    return readFileSync(logFile(start), "utf8");
  } catch {
    return "";
  }
}

function logSize(start: Start): number {
  return logText(start).length;
}
