/** `up` with real Postgres and Temporal: order, recovery, refusal. Reads /proc, so it runs on Linux only. */
import { createServer } from "node:net";
import pg from "pg";
import { afterEach, describe, expect, it } from "vitest";
import { kill, Supervised, until } from "./supervised.ts";

const supervised: Supervised[] = [];

function prepare(): Supervised {
  const one = new Supervised();
  supervised.push(one);
  return one;
}

afterEach(async () => {
  await Promise.all(supervised.splice(0).map((one) => one.dispose()));
});

async function ask(url: string): Promise<{ database: string; temporal: string }> {
  return (await (await fetch(url)).json()) as { database: string; temporal: string };
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

describe.skipIf(process.platform !== "linux")("up", () => {
  it("stops in order with exit 0 when the whole group is told twice, and leaves no process", async () => {
    const up = prepare();
    await up.start();
    expect(Object.keys(up.children()).sort()).toEqual(["postgres", "server", "temporal", "worker"]);
    process.kill(-up.pid, "SIGINT");
    process.kill(up.pid, "SIGTERM");
    const before = performance.now();
    expect(await up.ended()).toBe(0);
    expect(performance.now() - before).toBeLessThan(20_000);
    expect(up.processes()).toEqual([]);
  });

  it("goes on where it was at the second start, and says the key only at the first", async () => {
    const up = prepare();
    const first = await up.start();
    expect(first.adminKey.isNew).toBe(true);
    const { database } = await ask(first.url);
    await query(database, "CREATE TABLE kept AS SELECT 7 AS n");
    process.kill(up.pid, "SIGTERM");
    expect(await up.ended()).toBe(0);
    const second = await up.start();
    expect(second.adminKey).toMatchObject({ key: first.adminKey.key, isNew: false });
    expect(await query((await ask(second.url)).database, "SELECT n FROM kept")).toEqual([{ n: 7 }]);
  });

  it("recovers from kill -9 of everything", async () => {
    const up = prepare();
    const { database } = await ask((await up.start()).url);
    await query(database, "CREATE TABLE kept AS SELECT 7 AS n");
    for (const pid of [...up.family(), up.pid]) kill(pid);
    await up.ended();
    const again = await up.start();
    expect(await query((await ask(again.url)).database, "SELECT n FROM kept")).toEqual([{ n: 7 }]);
  });

  it("takes its children along when it alone is killed", async () => {
    const up = prepare();
    await up.start();
    kill(up.pid);
    await until("no process is left", () => up.processes().length === 0);
  });

  it("stops a Postgres and a Temporal that nobody could stop before it starts its own", async () => {
    const up = prepare();
    await up.start();
    const { postgres, temporal } = up.children();
    const spared = [postgres!.pid, temporal!.pid];
    for (const pid of [...up.family().filter((one) => !spared.includes(one)), up.pid]) kill(pid);
    await up.ended();
    expect(up.processes()).toEqual(expect.arrayContaining(spared));
    await up.start();
    expect(up.printed).toContain(`temporal (pid ${temporal!.pid})`);
    expect(up.printed).toContain(`(pid ${postgres!.pid}); it is stopped first`);
  });

  it("refuses a second one on the same data folder and says who has it", async () => {
    const up = prepare();
    const { url } = await up.start();
    const first = up.pid;
    up.launch();
    expect(await up.ended()).toBe(2);
    expect(up.printed).toMatch(new RegExp(`pid ${first}, since 20\\d\\d-.*Z, at ${url}`));
    expect((await fetch(url)).status).toBe(200);
  });

  it("starts a server again that died, and gives up after five deaths in a minute", async () => {
    const up = prepare();
    const { url } = await up.start();
    const die = async (): Promise<void> => {
      const { server } = up.children();
      await fetch(`${url}/die`).catch(() => undefined);
      await until("another server", () => up.children()["server"]!.pid !== server!.pid);
    };
    for (let death = 1; death <= 4; death++) await die();
    expect(up.printed).toContain("server ended (code 3); starting it again in 0.5 s.");
    await until("it serves", () => up.printed.includes("in 4 s."));
    await fetch(`${url}/die`).catch(() => undefined);
    expect(await up.ended()).toBe(1);
    expect(up.printed).toContain("server ended (code 3) for the fifth time in a minute; giving up.");
    expect(up.processes()).toEqual([]);
  });

  it("starts Postgres again on the same port when it is killed", async () => {
    const up = prepare();
    const { url } = await up.start();
    const { database } = await ask(url);
    const { postgres } = up.children();
    kill(postgres!.pid);
    await until("another Postgres", () => up.children()["postgres"]!.pid !== postgres!.pid);
    expect(await query(database, "SELECT 1 AS n")).toEqual([{ n: 1 }]);
  });

  it.each([
    "TOCSIN_HTTP_PORT",
    "TOCSIN_SMTP_PORT",
    "TOCSIN_POSTGRES_PORT",
    "TOCSIN_TEMPORAL_PORT",
    "TOCSIN_TEMPORAL_UI_PORT",
  ])("names %s when that port is taken, and starts nothing", async (setting) => {
    const up = prepare();
    const holder = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => holder.once("listening", resolve));
    const { port } = holder.address() as { port: number };
    up.launch({ [setting]: String(port) });
    expect(await up.ended()).toBe(2);
    expect(up.printed).toContain(
      `Port ${port} on 127.0.0.1 is taken by another program: stop that program, or set ${setting}`,
    );
    expect(up.processes()).toEqual([]);
    holder.close();
  });

  it("stops in good order in the middle of a start", async () => {
    const up = prepare();
    up.launch();
    await until("it begins", () => up.printed.includes("Making the database folder"));
    process.kill(up.pid, "SIGTERM");
    expect(await up.ended()).toBe(0);
    expect(up.processes()).toEqual([]);
    await up.start();
  });
});
