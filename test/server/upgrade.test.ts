/**
 * Databases of other versions: one that the first release filled is brought to today's schema with everything in it, and
 * a program runs on the schema of one that is a compatible step ahead, before and while it is brought there.
 *
 * test/store/first-release.json was written by that program itself: its server and worker, driven over HTTP, table by table.
 */
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import pg from "pg";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { loadConfig } from "../../src/config/index.ts";
import { startServer, type RunningServer } from "../../src/server/index.ts";
import { migrate } from "../../src/store/index.ts";
import { readMigrations, toMigration, type Migration } from "../../src/store/migrate.ts";
import { startTestServer, TEST_RULES, type TestServer } from "../api/test-server.ts";
import { inDatabase } from "../store/database.ts";

const RELEASED = 5;
const KEY = "tocsin_key-of-the-first-release";

type Row = Readonly<Record<string, unknown>>;

const released = JSON.parse(
  readFileSync(new URL("../store/first-release.json", import.meta.url), "utf8"),
) as Readonly<Record<string, readonly Row[]>>;

let admin: pg.Client;
const names: string[] = [];
beforeAll(async () => {
  admin = new pg.Client({ connectionString: inject("postgresUrl") });
  await admin.connect();
});
afterAll(async () => {
  for (const name of names) await admin.query(`drop database if exists ${name} with (force)`);
  await admin.end();
});

async function emptyDatabase(): Promise<string> {
  const name = `upgrade_${randomBytes(6).toString("hex")}`;
  names.push(name);
  await admin.query(`create database ${name}`);
  return inDatabase(inject("postgresUrl"), name);
}

async function connected<Result>(url: string, run: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await run(client);
  } finally {
    await client.end();
  }
}

/** As a copy of the database would be put back: without triggers, ids as they were. */
async function fill(url: string): Promise<void> {
  await connected(url, async (client) => {
    await client.query("set session_replication_role = replica");
    for (const [table, rows] of Object.entries(released)) {
      if (table === "schema_migrations" || rows.length === 0) continue;
      await client.query(
        `insert into ${table} overriding system value select * from jsonb_populate_recordset(null::${table}, $1)`,
        [JSON.stringify(rows)],
      );
    }
    const { rows } = await client.query<{ told: string }>(
      `select format('select setval(pg_get_serial_sequence(%L, %L), (select coalesce(max(%I), 1) from %I))',
          attrelid::regclass, attname, attname, relname) as told
        from pg_attribute join pg_class on pg_class.oid = attrelid where attidentity <> '' and relkind = 'r'`,
    );
    for (const { told } of rows) await client.query(told);
  });
}

async function rowsOf(url: string, table: string): Promise<readonly Row[]> {
  return await connected(url, async (client) => {
    const { rows } = await client.query<{ row: Row }>(`select to_jsonb(x) as row from ${table} x`);
    return rows.map(({ row }) => row);
  });
}

describe("a database of the first release", () => {
  let url: string;
  let server: RunningServer;
  beforeAll(async () => {
    url = await emptyDatabase();
    await migrate(url, readMigrations().slice(0, RELEASED));
    await fill(url);
    await migrate(url);
    const env = {
      DATABASE_URL: url,
      TOCSIN_DATA_DIR: tmpdir(),
      TOCSIN_HTTP_PORT: "0",
      TOCSIN_SMTP_PORT: "0",
      TEMPORAL_ADDRESS: "127.0.0.1:9",
    };
    server = await startServer(loadConfig({ env }), pino({ level: "silent" }));
  });
  afterAll(async () => {
    await server?.close();
  });

  // oxlint-disable-next-line typescript/no-explicit-any
  async function call(method: string, path: string, body?: unknown): Promise<{ http: number; json: any }> {
    const response = await fetch(`${server.url}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${KEY}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { http: response.status, json: await response.json() };
  }

  it("was made by migrations that are still the same", () => {
    const checksums = (rows: readonly { name: string; checksum: string }[]): unknown =>
      rows.map(({ name, checksum }) => ({ name, checksum }));
    expect(checksums(readMigrations().slice(0, RELEASED))).toEqual(
      checksums(released["schema_migrations"] as unknown as Migration[]),
    );
  });

  it.each(Object.keys(released).filter((table) => table !== "schema_migrations"))(
    "keeps every row of %s as it was",
    async (table) => {
      const order = (rows: readonly Row[]): readonly Row[] =>
        rows.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
      const before = order(released[table] ?? []);
      const known = new Set(before.flatMap((row) => Object.keys(row)));
      const now = (await rowsOf(url, table)).map((row) =>
        Object.fromEntries(Object.entries(row).filter(([column]) => known.has(column))),
      );
      // The server that was started meanwhile writes into these.
      if (table === "audit" || table === "outbox")
        expect(order(now)).toEqual(expect.arrayContaining([...before]));
      else expect(order(now)).toEqual(before);
    },
  );

  it("has deliveries in every state, read through the API with a key of then", async () => {
    const { json } = await call("GET", "/deliveries?limit=100");
    const states = json.items.map((one: { state: string }) => one.state);
    expect([...new Set(states)].toSorted()).toEqual([
      "failed",
      "given_up",
      "pending",
      "running",
      "skipped",
      "succeeded",
      "waiting",
    ]);
    const failed = json.items.find((one: { state: string }) => one.state === "failed");
    expect(failed.attempts).toHaveLength(2);
  });

  it("shows tickets with notes, time and history, alerts, what was refused, keys, rule sets and the audit", async () => {
    const { items } = (await call("GET", "/tickets")).json;
    expect(items).toHaveLength(5);
    const noted = items.find((one: { title: string }) => one.title === "Disk full");
    expect((await call("GET", `/tickets/${noted.number}`)).json).toMatchObject({
      description: "Höhe über 90 %",
      organization: { name: "Acme" },
      notes: expect.arrayContaining([
        expect.objectContaining({ text: "I look at it", visibility: "public" }),
      ]),
      time_entries: [expect.objectContaining({ hours: 0.5 })],
    });
    const done = items.find((one: { title: string }) => one.title === "Power lost");
    expect((await call("GET", `/tickets/${done.number}`)).json).toMatchObject({
      status: "Complete",
      resolution: "cable",
      repeat_count: 1,
      history: expect.arrayContaining([expect.objectContaining({ field: "status", to: "Complete" })]),
    });
    expect((await call("GET", "/alerts")).json.items).toHaveLength(6);
    expect((await call("GET", "/alerts?outcome=refused")).json.items).toHaveLength(1);
    expect((await call("GET", "/keys")).json.items).toHaveLength(2);
    expect((await call("GET", "/audit")).json.items.length).toBeGreaterThanOrEqual(5);
    const sets = (await call("GET", "/rule-sets")).json.items;
    expect(sets).toMatchObject([
      { number: 2, active: true },
      { number: 1, active: false },
    ]);
    const callouts = (await call("GET", "/callouts")).json.items;
    expect(callouts.find((one: { name: string }) => one.name === "skips")).toMatchObject({
      active: false,
      declared_active: true,
    });
  });

  it("goes on with the rules, the numbers and the identities of then", async () => {
    const again = {
      source: "Datto RMM",
      organization: "Acme",
      title: "Power lost",
      alert_id: "1",
      delivery_id: "d-1",
    };
    expect((await call("POST", "/alerts", again)).json).toMatchObject({ outcome: "duplicate_delivery" });
    const numbers = (await call("GET", "/tickets")).json.items.map((one: { number: string }) => one.number);
    const { json } = await call("POST", "/alerts", {
      ...again,
      title: "New one",
      alert_id: "77",
      delivery_id: "d-77",
    });
    expect(json).toMatchObject({ outcome: "ticket_created" });
    expect(numbers).not.toContain(json.ticket);
    expect((await call("PATCH", `/tickets/${json.ticket}`, { status: "Complete" })).http).toBe(200);
    const { items } = (await call("GET", `/deliveries?ticket=${json.ticket}`)).json;
    const told = items.map((one: { callout: string; state: string }) => `${one.callout}: ${one.state}`);
    expect(told.toSorted()).toEqual(["fails: pending", "ok: pending", "skips: skipped", "waits: pending"]);
  });
});

const newest = readMigrations().length;

function ahead(steps: number, sql: string): Migration {
  return toMigration(`${String(newest + steps).padStart(4, "0")}_later`, sql);
}

describe("a database that a newer program migrated", () => {
  it("is taken by a program that its migrations say they are compatible with", async () => {
    const url = await emptyDatabase();
    const later = ahead(1, `-- Adds only.\n-- compatible since: ${newest}\ncreate table later (id int);`);
    expect(await migrate(url, [...readMigrations(), later])).toHaveLength(newest + 1);
    expect(await migrate(url)).toEqual([]);
    expect(await migrate(url, [...readMigrations(), later])).toEqual([]);
  });

  it.each([
    ["says nothing of older programs", 1, "create table later (id int);"],
    [
      "is compatible with younger programs only",
      2,
      `-- compatible since: ${newest + 1}\ncreate table later (id int);`,
    ],
  ])("is refused when a migration %s", async (_what, steps, sql) => {
    const url = await emptyDatabase();
    const between =
      steps === 1 ? [] : [ahead(1, `-- compatible since: ${newest}\ncreate table between (id int);`)];
    await migrate(url, [...readMigrations(), ...between, ahead(steps, sql)]);
    await expect(migrate(url)).rejects.toMatchObject({
      code: "migration_conflict",
      message: expect.stringContaining("newer"),
    });
  });

  it("is refused when a migration in the middle is unknown, whatever it says", async () => {
    const url = await emptyDatabase();
    await migrate(url);
    const others = readMigrations().filter(({ number }) => number !== newest - 1);
    await expect(migrate(url, others)).rejects.toMatchObject({ code: "migration_conflict" });
  });

  it("keeps what it learned of compatibility in ledgers of the first release", async () => {
    const url = await emptyDatabase();
    await connected(url, async (client) => {
      await client.query(
        "create table schema_migrations (number integer primary key, name text not null, checksum text not null, applied_at timestamptz not null default now())",
      );
    });
    expect(await migrate(url)).toHaveLength(newest);
  });
});

describe("a server one version behind its database", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({ rules: TEST_RULES });
  });
  afterAll(async () => {
    await server?.close();
  });

  let count = 0;

  /** What a day brings. Statuses only: each answer is held against the documentation already. */
  async function day(): Promise<readonly number[]> {
    count += 1;
    const statuses: number[] = [];
    // oxlint-disable-next-line typescript/no-explicit-any
    const call = async (method: string, path: string, body?: unknown): Promise<any> => {
      const answered = await server.admin(method, `/api/v1${path}`, body);
      statuses.push(answered.status);
      return answered.json;
    };
    await call("POST", "/organizations", { name: `Acme ${count}` });
    const alert = {
      source: "Datto RMM",
      organization: `Acme ${count}`,
      title: `Disk full ${count}`,
      alert_id: `${count}`,
    };
    const { ticket } = await call("POST", "/alerts", alert);
    await call("POST", "/alerts", alert);
    await call("POST", `/tickets/${ticket}/notes`, { text: "I look" });
    await call("PATCH", `/tickets/${ticket}`, { priority: "High" });
    await call("PATCH", `/tickets/${ticket}`, { status: "Complete" });
    await call("POST", "/alerts", { ...alert, status: "resolved" });
    for (const path of [
      "/tickets",
      `/tickets/${ticket}`,
      "/alerts",
      "/deliveries",
      "/callouts",
      "/waiting",
      "/audit",
      "/keys",
      "/rule-sets",
      "/notifications",
      "/maintenance",
    ])
      await call("GET", path);
    return statuses;
  }

  it("goes on while the newer program adds a column to every table under it, and starts again on it", async () => {
    const before = await day();
    expect(before.filter((status) => status >= 300)).toEqual([]);
    const columns = await connected(server.databaseUrl, async (client) => {
      const { rows } = await client.query<{ relname: string }>(
        "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'",
      );
      return rows.map(({ relname }) => `alter table ${relname} add column later text;`);
    });
    const later = ahead(1, `-- compatible since: ${newest}\n${columns.join("\n")}`);
    await migrate(server.databaseUrl, [...readMigrations(), later]);
    expect(await day()).toEqual(before);
    await server.restart();
    expect(await day()).toEqual(before);
  });
});

/** What takes something away that an older program may use, or asks for something that it does not write. */
const CONTRACTS = [
  /\bdrop\s+(?:table|column|function|type|view)\b/iu,
  /\brename\b/iu,
  /\balter\s+column\s+\w+\s+(?:type|set\s+not\s+null|drop\s+default)\b/iu,
  /\badd\s+column\s+(?![^,;]*\bdefault\b)[^,;]*\bnot\s+null\b/iu,
  /\badd\s+(?:constraint|check|unique|foreign|primary)\b/iu,
];

describe("a migration that says it is compatible", () => {
  const contracts = (sql: string): boolean => CONTRACTS.some((pattern) => pattern.test(sql));

  it("only adds", () => {
    const broken = readMigrations().filter(
      ({ number, compatibleSince, sql }) => compatibleSince < number && contracts(sql),
    );
    expect(broken.map(({ name }) => name)).toEqual([]);
  });

  it.each([
    ["alter table tickets drop column title", true],
    ["alter table tickets add column more text not null", true],
    ["alter table tickets add column more text not null default ''", false],
    ["alter table tickets add column more text", false],
    ["alter table tickets alter column title type varchar(10)", true],
    ["alter table tickets rename column title to name", true],
    ["create table later (id int primary key, name text not null)", false],
  ])("is judged by its statements: %s", (sql, expected) => {
    expect(contracts(sql)).toBe(expected);
  });
});
