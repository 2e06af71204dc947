/**
 * The connection to Postgres: a pool with time limits, transactions that are tried again after a deadlock, and
 * notifications. The one place where a client of pg is made. Knows no table.
 */
import type { Socket } from "node:net";
import pg from "pg";
import { STORE_TIMEOUT_MS, TRANSACTION_TRIES_MAX } from "../domain/index.ts";
import { isWorthRetry, toStoreFailure } from "./classify-failure.ts";
import { columnTypes } from "./column-types.ts";
import { Room } from "./room.ts";
import type { Queryable, Statement, Transaction } from "./statement.ts";
import { StoreUnavailable, troubleOf } from "./store-unavailable.ts";

export interface StoreOptions {
  /** `postgres://...`; its TLS options (`sslmode`, `sslrootcert`, ...) are taken as libpq takes them. */
  readonly databaseUrl: string;
  readonly connectionsMax?: number;
  /** Limit of one operation or transaction, waiting for a connection included. Default: STORE_TIMEOUT_MS. */
  readonly timeoutMs?: number;
  /** Its disk is full, or has room again: told once each. */
  readonly onRoom?: (isFull: boolean) => void;
}

export interface TransactionOptions {
  /**
   * For the same few named statements again and again: planned once a connection, by index. Planning took Postgres
   * longer than running them (measured: 5 of 9 ms of a batch of 30 alerts). Without sequential scans, because a plan made
   * while a table was empty must still be right when it holds a million rows.
   */
  readonly plansOnce?: boolean;
}

/** Throws from every operation: StoreUnavailable (`unavailable`). */
export interface Store extends Queryable {
  readonly databaseUrl: string;
  /**
   * Runs in one transaction, from the start again after a deadlock or serialization failure: `run` must have no effects
   * but its statements. Resolves after the commit.
   */
  transaction<Result>(
    run: (transaction: Transaction) => Promise<Result>,
    options?: TransactionOptions,
  ): Promise<Result>;
  /** A write found no room on the disk of Postgres, and none was found since. */
  isFull(): boolean;
  close(): Promise<void>;
}

const CONNECTIONS_MAX_DEFAULT = 10;
const IDLE_TIMEOUT_MS = 60_000;
/** One message: the settings cost no round trip and end with the transaction. */
const BEGIN_PLANNED_ONCE = `begin; set local plan_cache_mode = force_generic_plan; set local enable_seqscan = off;
set local enable_hashjoin = off; set local enable_mergejoin = off`;

/**
 * A megabyte, so that a file must grow; temporary, so that nothing of it reaches the write-ahead log or a backup. Below 2
 * kB a text is not compressed.
 */
const GROW = `begin; create temporary table tocsin_room on commit drop as
select repeat('room', 450) as filler from generate_series(1, 600); rollback`;

export function connectionOptions(databaseUrl: string, timeoutMs: number): pg.ClientConfig {
  return {
    connectionString: databaseUrl,
    types: columnTypes,
    connectionTimeoutMillis: timeoutMs,
    keepAlive: true,
    // Server side too, so that a statement nobody waits for any more ends and lets its locks go.
    statement_timeout: timeoutMs,
    idle_in_transaction_session_timeout: 2 * timeoutMs,
    fallback_application_name: "tocsin",
    options: "-c timezone=UTC",
  };
}

export function openStore(options: StoreOptions): Store {
  const timeoutMs = options.timeoutMs ?? STORE_TIMEOUT_MS;
  const pool = new pg.Pool({
    ...connectionOptions(options.databaseUrl, timeoutMs),
    max: options.connectionsMax ?? CONNECTIONS_MAX_DEFAULT,
    idleTimeoutMillis: IDLE_TIMEOUT_MS,
    allowExitOnIdle: true,
    // Statements of one transaction follow each other on the wire without waiting (ingest.md).
    pipeline: true,
  });
  // A lost connection is told to whoever uses it, by the failure of its statement.
  pool.on("error", ignore);
  pool.on("connect", (client) => client.on("error", ignore));
  const room = new Room({
    tryToGrow: async () => await pool.query(GROW).then(ignore, tellRoom),
    onChange: options.onRoom,
  });
  const lend = clientLender(pool, timeoutMs);
  const withClient: WithClient = async (use) =>
    await lend(use).catch((error: unknown) => {
      if (troubleOf(error) === "full") room.foundNone();
      throw error;
    });
  return {
    databaseUrl: options.databaseUrl,
    query: async <Row extends object>(statement: Statement) =>
      await withClient(async (client) => await ask<Row>(client, statement)),
    transaction: async (run, { plansOnce = false } = {}) =>
      await tryTransaction(withClient, run, plansOnce ? BEGIN_PLANNED_ONCE : "begin"),
    isFull: () => room.isFull,
    close: async () => {
      room.close();
      await pool.end();
    },
  };
}

/** Without the right to make temporary tables nothing is known: the next write will tell. */
function tellRoom(error: unknown): void {
  const failure = toStoreFailure(error);
  if (failure instanceof StoreUnavailable) throw failure;
}

function ignore(): void {
  /* see pool.on("error") */
}

type WithClient = <Result>(use: (client: pg.PoolClient) => Promise<Result>) => Promise<Result>;

/** Lends a connection for one piece of work under one time limit; a connection with open work is never given back. */
function clientLender(pool: pg.Pool, timeoutMs: number): WithClient {
  return async (use) => {
    const startedAt = performance.now();
    let client: pg.PoolClient;
    try {
      client = await pool.connect();
    } catch (error) {
      throw toStoreFailure(error);
    }
    let isLate = false;
    const timer = setTimeout(
      () => {
        isLate = true;
        cut(client);
      },
      Math.max(timeoutMs - (performance.now() - startedAt), 1),
    );
    try {
      const result = await use(client);
      client.release();
      return result;
    } catch (error) {
      const failure = isLate
        ? new StoreUnavailable(`no answer within ${timeoutMs} ms`, error, "late")
        : toStoreFailure(error);
      client.release(failure instanceof StoreUnavailable ? failure : undefined);
      throw failure;
    } finally {
      clearTimeout(timer);
    }
  };
}

/** Ends the connection under the statements that wait on it; pg has no public way for one client. */
function cut(client: pg.PoolClient): void {
  (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
}

/** What is sent in one turn leaves in one write: a transaction of ten statements needs two writes instead of eleven. */
function holdTurn(client: pg.PoolClient): void {
  const { stream } = (client as unknown as { connection: { stream: Socket } }).connection;
  if (stream.writableCorked > 0) return;
  stream.cork();
  process.nextTick(() => stream.uncork());
}

async function ask<Row extends object>(client: pg.PoolClient, statement: Statement): Promise<readonly Row[]> {
  holdTurn(client);
  const { rows } = await client.query<Row>(statement as pg.QueryConfig);
  return rows;
}

async function tryTransaction<Result>(
  withClient: WithClient,
  run: (transaction: Transaction) => Promise<Result>,
  begin: string,
): Promise<Result> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await withClient(async (client) => await runTransaction(client, run, begin));
    } catch (error) {
      if (!isWorthRetry(error) || tries >= TRANSACTION_TRIES_MAX) throw error;
    }
  }
}

async function runTransaction<Result>(
  client: pg.PoolClient,
  run: (transaction: Transaction) => Promise<Result>,
  begin: string,
): Promise<Result> {
  const sent: Promise<unknown>[] = [];
  const send = (statement: Statement): void => {
    holdTurn(client);
    const answer = client.query(statement as pg.QueryConfig);
    answer.catch(ignore);
    sent.push(answer);
  };
  send({ text: begin });
  let result: Result;
  try {
    result = await run({ query: async (statement) => await ask(client, statement), send });
  } catch (error) {
    await client.query("rollback").catch(ignore);
    // The first statement that failed says why; those behind it only that the transaction is aborted.
    await Promise.all(sent);
    throw error;
  }
  holdTurn(client);
  const committed = client.query("commit");
  committed.catch(ignore);
  await Promise.all(sent).catch(async (error: unknown) => {
    await committed.catch(ignore);
    throw error;
  });
  const { command } = await committed;
  if (command !== "COMMIT") throw new Error(`the transaction ended with ${command}, nothing was stored`);
  return result;
}
