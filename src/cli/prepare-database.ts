/** Brings the database to this program's schema, and says in one sentence when that cannot be. Knows the store's door. */
import type { Config } from "../config/index.ts";
import { isStoreUnavailable, migrate } from "../store/index.ts";
import { UsageError } from "./exit-code.ts";

/** Throws: UsageError for a database that a person set and that cannot be used. */
export async function prepareDatabase(databaseUrl: string, config: Config): Promise<void> {
  try {
    await migrate(databaseUrl);
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    const where = `The database at ${withoutPassword(databaseUrl)}`;
    const isOurs = config.databaseUrl === undefined;
    if (isStoreUnavailable(cause)) {
      const remedy = isOurs
        ? "see postgres.log in the data folder's logs"
        : "start it, or correct DATABASE_URL, or leave it out for the embedded one";
      throw new UsageError(`${where} cannot be used (${reasonOf(cause)}): ${remedy}.`, { cause });
    }
    if ("code" in cause && cause.code === "migration_conflict") {
      const remedy = isOurs
        ? "run that Tocsin, or set TOCSIN_DATA_DIR to a new folder"
        : "run that Tocsin, or set DATABASE_URL to another database";
      throw new UsageError(`${where} does not fit this program: ${cause.message} Remedy: ${remedy}.`, {
        cause,
      });
    }
    throw cause;
  }
}

function reasonOf(error: Error): string {
  return error.message.replace(/^Postgres is unavailable: /u, "");
}

function withoutPassword(url: string): string {
  const parsed = new URL(url);
  return `${parsed.hostname}:${parsed.port === "" ? "5432" : parsed.port}${parsed.pathname}`;
}
