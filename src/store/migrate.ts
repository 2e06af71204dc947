/**
 * Brings a database to this program's schema: numbered plain SQL files, each in a transaction with its line in the
 * ledger. Several processes may start at once: one migrates under an advisory lock, the others wait and find it done.
 * A runner of our own: node-pg-migrate's lock does not wait but fails.
 */
import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import pg from "pg";
import { MIGRATION_LOCK_WAIT_MS } from "../domain/index.ts";
import { toStoreFailure } from "./classify-failure.ts";
import { connectionOptions } from "./store.ts";

export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly sql: string;
  /** SHA-256 of the text: an applied file must never change. */
  readonly checksum: string;
}

/** The database was made by a newer program, or a migration was edited after it ran. */
export class MigrationConflict extends Error {
  override readonly name = "MigrationConflict";
  readonly code = "migration_conflict";
  readonly retryable = false;
}

const FOLDER = new URL("migrations/", import.meta.url);
/** Any constant of our own: "tocs" in bytes. */
const ADVISORY_LOCK = 0x746f6373;

/** Returns the names of those that it ran. Throws: StoreUnavailable (`unavailable`), MigrationConflict (`migration_conflict`). */
export async function migrate(databaseUrl: string): Promise<readonly string[]> {
  const client = new pg.Client({
    ...connectionOptions(databaseUrl, MIGRATION_LOCK_WAIT_MS),
  });
  // A lost connection is told by the statement that waits on it.
  client.on("error", () => undefined);
  try {
    await client.connect();
    await client.query("select pg_advisory_lock($1)", [ADVISORY_LOCK]);
    return await runMissing(client, readMigrations());
  } catch (error) {
    throw toStoreFailure(error);
  } finally {
    // The lock ends with the session.
    await Promise.allSettled([client.end()]);
  }
}

export function readMigrations(): readonly Migration[] {
  return readdirSync(FOLDER)
    .filter((file) => /^\d{4}_.+\.sql$/u.test(file))
    .sort()
    .map((file) => {
      const sql = readFileSync(new URL(file, FOLDER), "utf8");
      return {
        number: Number(file.slice(0, 4)),
        name: file.slice(0, -".sql".length),
        sql,
        checksum: createHash("sha256").update(sql).digest("hex"),
      };
    });
}

async function runMissing(client: pg.Client, migrations: readonly Migration[]): Promise<readonly string[]> {
  await client.query(`create table if not exists schema_migrations (
    number integer primary key,
    name text not null,
    checksum text not null,
    applied_at timestamptz not null default now()
  )`);
  const { rows } = await client.query<{ number: number; name: string; checksum: string }>(
    "select number, name, checksum from schema_migrations order by number",
  );
  refuseConflict(rows, migrations);
  const applied = new Set(rows.map((row) => row.number));
  const missing = migrations.filter((migration) => !applied.has(migration.number));
  for (const migration of missing) await run(client, migration);
  return missing.map((migration) => migration.name);
}

function refuseConflict(
  applied: readonly { number: number; name: string; checksum: string }[],
  migrations: readonly Migration[],
): void {
  const known = new Map(migrations.map((migration) => [migration.number, migration]));
  for (const { number, name, checksum } of applied) {
    const migration = known.get(number);
    if (migration === undefined)
      throw new MigrationConflict(
        `The database has migration ${name}, which this program does not know: it was made by a newer Tocsin.`,
      );
    if (migration.checksum !== checksum)
      throw new MigrationConflict(`Migration ${name} was changed after it ran on this database.`);
  }
}

async function run(client: pg.Client, migration: Migration): Promise<void> {
  await client.query("begin");
  try {
    await client.query(migration.sql);
    await client.query("insert into schema_migrations (number, name, checksum) values ($1, $2, $3)", [
      migration.number,
      migration.name,
      migration.checksum,
    ]);
    await client.query("commit");
  } catch (error) {
    await client.query("rollback");
    throw error;
  }
}
