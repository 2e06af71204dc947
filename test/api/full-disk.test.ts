/**
 * A disk that is really full: the alerts of a server lie in a tablespace on a file system of a few megabytes. Asks for the
 * right to mount one, so it runs as root on Linux, as in CI, and is left out elsewhere.
 */
import { execFileSync } from "node:child_process";
import { chmodSync, chownSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestServer, TEST_RULES, type TestServer } from "./test-server.ts";

const SIZE = "12m";

function mountSmallDisk(): string | undefined {
  const path = mkdtempSync(join(tmpdir(), "tocsin-small-disk-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${SIZE},mode=0755`, "tmpfs", path], {
      stdio: "ignore",
    });
    return path;
  } catch {
    rmSync(path, { recursive: true, force: true });
    return undefined;
  }
}

const disk = mountSmallDisk();

describe.skipIf(disk === undefined)("a server whose database has no room left on its disk", () => {
  let server: TestServer;
  let admin: pg.Client;

  beforeAll(async () => {
    server = await startTestServer();
    await server.admin("POST", "/api/v1/rule-sets", { files: [{ path: "a.rules", text: TEST_RULES }] });
    admin = new pg.Client({ connectionString: server.databaseUrl });
    await admin.connect();
    const { rows } = await admin.query<{ pid: number }>("select pg_backend_pid() as pid");
    const owner = execFileSync("stat", ["-c", "%u %g", `/proc/${rows[0]!.pid}`], { encoding: "utf8" });
    const [uid, gid] = owner.trim().split(" ").map(Number);
    chmodSync(disk!, 0o700);
    chownSync(disk!, uid!, gid!);
    await admin.query(`create tablespace small_disk location '${disk!}'`);
    const database = new URL(server.databaseUrl).pathname.slice(1);
    await admin.query(`alter database ${database} set default_tablespace = small_disk`);
    await admin.query("alter table alerts set tablespace small_disk");
    await admin.query("set default_tablespace = small_disk");
    await admin.query("create table filler (text text)");
    // Connections that were open before have the old default: they would find room on the large disk.
    await server.restart();
  });

  afterAll(async () => {
    const database = new URL(server.databaseUrl).pathname.slice(1);
    await admin.query("drop table if exists filler");
    await admin.query("alter table alerts set tablespace pg_default");
    await admin.query(`alter database ${database} reset default_tablespace`);
    await admin.query("drop tablespace small_disk");
    await admin.end();
    await server.close();
    execFileSync("umount", [disk!]);
    rmSync(disk!, { recursive: true, force: true });
  });

  async function fill(): Promise<void> {
    for (const rows of [500, 4, 1]) {
      for (;;) {
        const insert = "insert into filler select repeat('full', 475) from generate_series(1, $1::int)";
        const isFull = await admin.query(insert, [rows]).then(
          () => false,
          (error: unknown) => (error as { code?: string }).code === "53100",
        );
        if (isFull) break;
      }
    }
  }

  const alert = (title: string): object => ({ source: "Disk", title, description: "x".repeat(1500) });

  it("refuses alerts and says why, is not ready, and takes them again by itself when there is room", async () => {
    expect((await server.admin("POST", "/api/v1/alerts", alert("before"))).status).toBe(200);
    await fill();
    // Pages that are there still take a few.
    const alerts = Array.from({ length: 50 }, (_, n) => alert(`full ${n}`));
    let refused = await server.admin("POST", "/api/v1/alerts", alerts);
    for (let tries = 0; refused.status === 200 && tries < 20; tries += 1)
      refused = await server.admin("POST", "/api/v1/alerts", alerts);
    expect([refused.status, refused.json]).toMatchObject([
      503,
      {
        code: "unavailable",
        detail: "the disk of the database is full; nothing was changed, please send again",
      },
    ]);
    expect(refused.headers.get("retry-after")).toBe("10");
    const { rows } = await admin.query("select count(*)::int as n from alerts where title like 'full %'");
    expect((rows as { n: number }[])[0]!.n % 50).toBe(0);

    const ready = await server.call("GET", "/readyz");
    expect([ready.status, ready.json]).toMatchObject([
      503,
      { status: "unavailable", postgres: "ok", rule_set: 1 },
    ]);
    expect(ready.json.reason).toContain("the disk of the database is full");

    await admin.query("drop table filler");
    await expect
      .poll(async () => (await server.call("GET", "/readyz")).status, { timeout: 20_000, interval: 100 })
      .toBe(200);
    expect((await server.admin("POST", "/api/v1/alerts", alert("after"))).status).toBe(200);
  });
});
