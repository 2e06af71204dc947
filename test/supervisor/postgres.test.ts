/** The database folder in the states in which a crash, an odd machine or root leaves it. */
import {
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { afterEach, describe, expect, it } from "vitest";
import { startEmbeddedPostgres, type EmbeddedPostgres } from "../../src/supervisor/index.ts";
import { makeFolder, removePlace } from "./supervised.ts";

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function prepare(): string {
  const folder = makeFolder();
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function start(dataDir: string, notices: string[] = []): Promise<EmbeddedPostgres> {
  const postgres = await startEmbeddedPostgres({
    dataDir,
    port: 0,
    durability: "none",
    onNotice: (one) => notices.push(one),
  });
  cleanups.push(() => postgres.stop());
  return postgres;
}

async function one(url: string, sql: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return Object.values((await client.query(sql)).rows[0])[0];
  } finally {
    await client.end();
  }
}

describe("embedded Postgres", () => {
  it("asks for a password, keeps it 0600, listens on the loopback address only, and has a UTF-8 database", async () => {
    const dataDir = prepare();
    const { url } = await start(dataDir);
    expect(await one(url, "SHOW listen_addresses")).toBe("127.0.0.1");
    expect(await one(url, "SHOW server_encoding")).toBe("UTF8");
    expect(statSync(join(dataDir, "postgres.password")).mode & 0o777).toBe(0o600);
    await expect(one(url.replace(/:[0-9a-f]{48}@/, ":wrong@"), "SELECT 1")).rejects.toThrow(
      /password authentication failed/,
    );
  });

  it("makes a whole folder after an initdb that was cut off, and after half a folder", async () => {
    const dataDir = prepare();
    mkdirSync(join(dataDir, "postgres.new-0123456789ab"));
    mkdirSync(join(dataDir, "postgres"));
    writeFileSync(join(dataDir, "postgres", "PG_VERSION"), "18\n");
    const notices: string[] = [];
    const { url } = await start(dataDir, notices);
    expect(await one(url, "SELECT 1")).toBe(1);
    expect(notices.join()).toContain("was only half made");
    expect(readdirSync(dataDir).filter((name) => name.includes(".new-"))).toEqual([]);
  });

  it("starts when the pid of its stale pid file belongs to another program now", async () => {
    const dataDir = prepare();
    await (await start(dataDir)).stop();
    writeFileSync(join(dataDir, "postgres", "postmaster.pid"), `${process.ppid}\n${dataDir}/postgres\n`);
    const { url } = await start(dataDir);
    expect(await one(url, "SELECT 1")).toBe(1);
  });

  it("sets a new password when the file was removed, and keeps the data", async () => {
    const dataDir = prepare();
    const before = await start(dataDir);
    await one(before.url, "CREATE TABLE kept AS SELECT 7 AS n; SELECT 1").catch(() => undefined);
    await before.stop();
    rmSync(join(dataDir, "postgres.password"));
    const after = await start(dataDir);
    expect(await one(after.url, "SELECT n FROM kept")).toBe(7);
  });

  it("refuses the files of another major version, and changes nothing of them", async () => {
    const dataDir = prepare();
    const database = join(dataDir, "postgres");
    mkdirSync(join(database, "global"), { recursive: true });
    writeFileSync(join(database, "PG_VERSION"), "16\n");
    writeFileSync(join(database, "global", "pg_control"), "");
    await expect(start(dataDir)).rejects.toMatchObject({
      code: "data_dir",
      message: expect.stringContaining("made by PostgreSQL 16 and this is PostgreSQL 18"),
    });
    expect(readdirSync(database).sort()).toEqual(["PG_VERSION", "global"]);
  });

  it.skipIf(process.getuid?.() !== 0)(
    "says whose the files are when a copy was put in place by another user, and how to mend it",
    async () => {
      const dataDir = prepare();
      await (await start(dataDir)).stop();
      // Root's own is the usual case: a copy without its owner.
      for (const uid of [0, 12_345]) {
        chownSync(join(dataDir, "postgres"), uid, uid);
        await expect(start(dataDir)).rejects.toMatchObject({
          code: "data_dir",
          message: expect.stringMatching(new RegExp(`belongs to uid ${uid} .*chown -R `, "u")),
        });
      }
    },
  );

  it.skipIf(process.getuid?.() !== 0)(
    "puts the files where its user can go when root's folder is closed, says so, and finds them again",
    async () => {
      const closed = join(prepare(), "closed");
      mkdirSync(closed, { mode: 0o700 });
      const dataDir = join(closed, "data");
      const notices: string[] = [];
      await (await start(dataDir, notices)).stop();
      const place = readFileSync(join(dataDir, "postgres-files-are-in"), "utf8").trim();
      cleanups.push(() => removePlace(place));
      expect(notices.join()).toContain(`so the database files are in ${place}.`);
      expect(existsSync(join(place, "postgres", "PG_VERSION"))).toBe(true);
      const again: string[] = [];
      await start(dataDir, again);
      expect(again).toEqual([`The database files of ${dataDir} are in ${place}.`]);
    },
  );
});
