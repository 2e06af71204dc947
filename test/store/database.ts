/**
 * A fresh database per test file, cloned from a template that was migrated once a run: a clone takes some 50 ms, the
 * migrations some 500.
 */
import { createHash, randomBytes } from "node:crypto";
import pg from "pg";
import { migrate } from "../../src/store/index.ts";
import { readMigrations } from "../../src/store/migrate.ts";

export interface TestDatabase {
  readonly url: string;
  readonly name: string;
  /** Ends all its sessions and removes it. */
  drop(): Promise<void>;
}

/** Several test files start at once: the first makes the template, under this advisory lock. */
const TEMPLATE_LOCK = 0x74706c74;

export async function createTestDatabase(postgresUrl: string): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString("hex")}`;
  await withAdmin(postgresUrl, async (admin) => {
    await admin.query("select pg_advisory_lock($1)", [TEMPLATE_LOCK]);
    const template = await ensureTemplate(admin, postgresUrl);
    await admin.query(`create database ${name} template ${template}`);
    await admin.query("select pg_advisory_unlock($1)", [TEMPLATE_LOCK]);
  });
  return {
    url: inDatabase(postgresUrl, name),
    name,
    drop: async () => {
      await withAdmin(postgresUrl, async (admin) => {
        await admin.query(`drop database if exists ${name} with (force)`);
      });
    },
  };
}

/** By the text of the migrations, so that an edited one makes another template. */
async function ensureTemplate(admin: pg.Client, postgresUrl: string): Promise<string> {
  const hash = createHash("sha256");
  for (const { checksum } of readMigrations()) hash.update(checksum);
  const template = `template_${hash.digest("hex").slice(0, 12)}`;
  const { rowCount } = await admin.query("select 1 from pg_database where datname = $1", [template]);
  if (rowCount !== 0) return template;
  await admin.query(`create database ${template}_new`);
  await migrate(inDatabase(postgresUrl, `${template}_new`));
  await admin.query(`alter database ${template}_new rename to ${template}`);
  return template;
}

export function inDatabase(postgresUrl: string, name: string): string {
  const url = new URL(postgresUrl);
  url.pathname = `/${name}`;
  return url.href;
}

async function withAdmin(postgresUrl: string, run: (admin: pg.Client) => Promise<void>): Promise<void> {
  const admin = new pg.Client({ connectionString: postgresUrl });
  await admin.connect();
  try {
    await run(admin);
  } finally {
    await admin.end();
  }
}
