/**
 * Brings a database to this program's schema: numbered plain SQL files, each in a transaction with its line in the
 * ledger. Several processes may start at once: one migrates under an advisory lock, the others wait and find it done.
 * A runner of our own: node-pg-migrate's lock does not wait but fails.
 *
 * Expand and contract (docs/upgrading.md): a file that only adds says `-- compatible since: N`, and programs that know the
 * files up to N run on its schema too; the ledger keeps N, since those programs do not have the file. Without the line no
 * older program runs on it.
 *
 *   program knows 1..9   ledger 1..9 and 10 (compatible since 9)   -> runs
 *   program knows 1..8   the same ledger                           -> refuses
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
  /** Programs whose newest migration is this one, or a later one, run on the schema that it leaves. */
  readonly compatibleSince: number;
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
const COMPATIBLE_SINCE = /^-- compatible since: (\d{1,4})$/mu;
/** Any constant of our own: "tocs" in bytes. */
const ADVISORY_LOCK = 0x746f6373;

/**
 * Returns the names of those that it ran. `migrations`: those of another version, for tests.
 * Throws: StoreUnavailable (`unavailable`), MigrationConflict (`migration_conflict`).
 */
export async function migrate(
  databaseUrl: string,
  migrations: readonly Migration[] = readMigrations(),
): Promise<readonly string[]> {
  const client = new pg.Client({
    ...connectionOptions(databaseUrl, MIGRATION_LOCK_WAIT_MS),
  });
  // A lost connection is told by the statement that waits on it.
  client.on("error", () => undefined);
  try {
    await client.connect();
    await client.query("select pg_advisory_lock($1)", [ADVISORY_LOCK]);
    return await runMissing(client, migrations);
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
      return toMigration(file.slice(0, -".sql".length), readFileSync(new URL(file, FOLDER), "utf8"));
    });
}

/** `name` begins with its four digits. */
export function toMigration(name: string, sql: string): Migration {
  const number = Number(name.slice(0, 4));
  const since = COMPATIBLE_SINCE.exec(sql)?.[1];
  return {
    number,
    name,
    sql,
    compatibleSince: since === undefined ? number : Number(since),
    checksum: createHash("sha256").update(sql).digest("hex"),
  };
}

async function runMissing(client: pg.Client, migrations: readonly Migration[]): Promise<readonly string[]> {
  await client.query(`create table if not exists schema_migrations (
    number integer primary key,
    name text not null,
    checksum text not null,
    applied_at timestamptz not null default now(),
    compatible_since integer
  )`);
  await addCompatibleSince(client);
  const { rows } = await client.query<AppliedMigration>(
    "select number, name, checksum, coalesce(compatible_since, number) as compatible_since from schema_migrations order by number",
  );
  refuseConflict(rows, migrations);
  const applied = new Set(rows.map((row) => row.number));
  const missing = migrations.filter((migration) => !applied.has(migration.number));
  for (const migration of missing) await run(client, migration);
  return missing.map((migration) => migration.name);
}

interface AppliedMigration {
  readonly number: number;
  readonly name: string;
  readonly checksum: string;
  readonly compatible_since: number;
}

/** Ledgers of the first schema do not have the column. Asked first: the change takes a lock that waits for readers. */
async function addCompatibleSince(client: pg.Client): Promise<void> {
  const { rowCount } = await client.query(
    "select from pg_attribute where attrelid = 'schema_migrations'::regclass and attname = 'compatible_since' and not attisdropped",
  );
  if (rowCount === 0) await client.query("alter table schema_migrations add column compatible_since integer");
}

function refuseConflict(applied: readonly AppliedMigration[], migrations: readonly Migration[]): void {
  const known = new Map(migrations.map((migration) => [migration.number, migration]));
  const newest = Math.max(0, ...known.keys());
  for (const { number, name, checksum, compatible_since: since } of applied) {
    const migration = known.get(number);
    if (migration === undefined) {
      // One in the middle that is unknown comes from another line of versions: no mark makes that right.
      if (number > newest && since <= newest) continue;
      throw new MigrationConflict(
        `The database has migration ${name}, which this program does not know: it was made by a newer Tocsin, and programs that end with migration ${newest} cannot run on it.`,
      );
    }
    if (migration.checksum !== checksum)
      throw new MigrationConflict(`Migration ${name} was changed after it ran on this database.`);
  }
}

async function run(client: pg.Client, migration: Migration): Promise<void> {
  await client.query("begin");
  try {
    await client.query(migration.sql);
    await client.query(
      "insert into schema_migrations (number, name, checksum, compatible_since) values ($1, $2, $3, $4)",
      [migration.number, migration.name, migration.checksum, migration.compatibleSince],
    );
    await client.query("commit");
  } catch (error) {
    await client.query("rollback");
    throw error;
  }
}
