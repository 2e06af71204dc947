/**
 * The connection to Temporal: made when first used, so that everything starts with Temporal away; every call has a
 * deadline. The only place where a Temporal client is made. Knows no table.
 */
import { readFile } from "node:fs/promises";
import {
  Client,
  Connection,
  isGrpcServiceError,
  WorkflowNotFoundError,
  type TLSConfig,
} from "@temporalio/client";
import type { DataConverter } from "@temporalio/common";
import type { Config, TemporalTls } from "../config/index.ts";
import { TEMPORAL_CALL_TIMEOUT_MS } from "../domain/index.ts";
import { buildDataConverter } from "./data-converter.ts";

export interface Temporal {
  readonly client: Client;
  readonly namespace: string;
  /** Runs with the deadline of one call. Throws: TemporalAway (`temporal_away`) when nobody answers. */
  call<Result>(run: () => Promise<Result>): Promise<Result>;
  /** Within two seconds. Throws: TemporalAway. Of the namespace and not of the server: only with it workflows can be started. */
  describeNamespace(): Promise<Namespace>;
  /** Never throws; at most two seconds. */
  health(): Promise<"ok" | "unreachable">;
  close(): Promise<void>;
}

export interface Namespace {
  /** Another one is another server, or one that lost its data. */
  readonly id: string;
  /** Notes that anybody with rights may keep with it: `temporal operator namespace describe` shows them. */
  readonly data: Readonly<Record<string, string>>;
}

/** Nobody answers, or not in time: the outbox keeps what was to be told. */
export class TemporalAway extends Error {
  override readonly name = "TemporalAway";
  readonly code = "temporal_away";
  readonly retryable = true;
}

/** gRPC: CANCELLED, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, UNAVAILABLE, UNAUTHENTICATED and PERMISSION_DENIED (a setting that somebody will mend). */
const AWAY_CODES: ReadonlySet<number> = new Set([1, 4, 8, 14, 16, 7]);
const HEALTH_TIMEOUT_MS = 2000;

export async function openTemporal(config: Config["temporal"]): Promise<Temporal> {
  // Without the SDK's own retries: the outbox retries, and one of theirs that wakes up on a closed channel throws
  // where nobody can catch it.
  const connection = Connection.lazy({ ...(await connectionOptions(config)), interceptors: [] });
  const client = new Client({
    connection,
    namespace: config.namespace,
    dataConverter: dataConverterOf(config),
  });
  const call = async <Result>(run: () => Promise<Result>): Promise<Result> => {
    try {
      return await connection.withDeadline(Date.now() + TEMPORAL_CALL_TIMEOUT_MS, run);
    } catch (thrown) {
      if (isClosing(thrown)) throw new WorkflowNotFoundError("the workflow is closing", "", undefined);
      throw isAway(thrown) ? new TemporalAway("Temporal does not answer", { cause: thrown }) : thrown;
    }
  };
  const describeNamespace = async (): Promise<Namespace> => {
    try {
      const { namespaceInfo } = await connection.withDeadline(Date.now() + HEALTH_TIMEOUT_MS, () =>
        connection.workflowService.describeNamespace({ namespace: config.namespace }),
      );
      return { id: namespaceInfo?.id ?? "", data: namespaceInfo?.data ?? {} };
    } catch (thrown) {
      throw new TemporalAway("Temporal does not answer", { cause: thrown });
    }
  };
  return {
    client,
    namespace: config.namespace,
    call,
    describeNamespace,
    health: () =>
      describeNamespace().then(
        () => "ok",
        () => "unreachable",
      ),
    close: () => connection.close(),
  };
}

/** The same for client and worker. */
export async function connectionOptions(
  config: Config["temporal"],
): Promise<{ readonly address: string; readonly tls?: TLSConfig; readonly apiKey?: string }> {
  return {
    address: config.address ?? "127.0.0.1:7233",
    ...(config.tls === undefined ? {} : { tls: await toTls(config.tls) }),
    ...(config.apiKey === undefined ? {} : { apiKey: config.apiKey }),
  };
}

export function dataConverterOf(config: Config["temporal"]): DataConverter {
  return buildDataConverter(config.codecKey);
}

async function toTls(tls: TemporalTls): Promise<TLSConfig> {
  const { clientCertPath, clientKeyPath, serverCaCertPath, serverName } = tls;
  return {
    ...(serverName === undefined ? {} : { serverNameOverride: serverName }),
    ...(serverCaCertPath === undefined ? {} : { serverRootCACertificate: await readFile(serverCaCertPath) }),
    ...(clientCertPath === undefined || clientKeyPath === undefined
      ? {}
      : { clientCertPair: { crt: await readFile(clientCertPath), key: await readFile(clientKeyPath) } }),
  };
}

function isAway(thrown: unknown): boolean {
  return causesOf(thrown).some(
    (error) =>
      (isGrpcServiceError(error) && AWAY_CODES.has(error.code)) ||
      /Failed to connect before the deadline/u.test(error.message),
  );
}

/** In its last moment a workflow takes no signal: RESOURCE_EXHAUSTED, but as good as ended. */
function isClosing(thrown: unknown): boolean {
  return causesOf(thrown).some(
    (error) => isGrpcServiceError(error) && /workflow is closing/u.test(error.details),
  );
}

const CAUSES_MAX = 5;

/** Temporal's own errors wrap gRPC's. */
function causesOf(thrown: unknown): readonly Error[] {
  const causes: Error[] = [];
  for (let error = thrown; error instanceof Error && causes.length < CAUSES_MAX; error = error.cause)
    causes.push(error);
  return causes;
}
