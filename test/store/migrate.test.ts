import { randomBytes } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { migrate, openStore, type Store } from "../../src/store/index.ts";
import { readMigrations } from "../../src/store/migrate.ts";
import { createTestDatabase, inDatabase, type TestDatabase } from "./database.ts";
import { dumpSchema } from "./dump-schema.ts";

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
  const name = `empty_${randomBytes(6).toString("hex")}`;
  names.push(name);
  await admin.query(`create database ${name}`);
  return inDatabase(inject("postgresUrl"), name);
}

describe("migrating", () => {
  it("gives an empty database the schema of schema.sql, and a second time does nothing", async () => {
    const url = await emptyDatabase();
    expect(await migrate(url)).toEqual(readMigrations().map(({ name }) => name));
    expect(await migrate(url)).toEqual([]);
    const store = openStore({ databaseUrl: url });
    const dump = await dumpSchema(store);
    await store.close();
    // After a new migration: vitest run test/store -u
    await expect(dump).toMatchFileSnapshot("schema.sql");
  });

  it("is done once when four processes start at once", async () => {
    const url = await emptyDatabase();
    const ran = await Promise.all([1, 2, 3, 4].map(async () => await migrate(url)));
    expect(ran.filter((names) => names.length > 0)).toHaveLength(1);
  });

  it("numbers the files without gaps", () => {
    expect(readMigrations().map(({ number }) => number)).toEqual(readMigrations().map((_, i) => i + 1));
  });

  it("refuses a database of a newer program, and one whose migration was edited afterwards", async () => {
    const url = await emptyDatabase();
    await migrate(url);
    const store = openStore({ databaseUrl: url });
    await store.query({
      text: "insert into schema_migrations (number, name, checksum) values (9999, '9999_later', 'x')",
    });
    await expect(migrate(url)).rejects.toMatchObject({
      code: "migration_conflict",
      message: expect.stringContaining("newer"),
    });
    await store.query({ text: "delete from schema_migrations where number = 9999" });
    await store.query({ text: "update schema_migrations set checksum = 'x' where number = 1" });
    await expect(migrate(url)).rejects.toMatchObject({
      code: "migration_conflict",
      message: expect.stringContaining("changed"),
    });
    await store.close();
  });

  it("says that Postgres is unavailable when nobody answers or the database is not there", async () => {
    await expect(migrate("postgres://nobody@127.0.0.1:1/none")).rejects.toMatchObject({
      code: "unavailable",
    });
    await expect(migrate(inDatabase(inject("postgresUrl"), "not_there"))).rejects.toMatchObject({
      code: "unavailable",
    });
  });
});

describe("the schema", () => {
  let database: TestDatabase;
  let store: Store;
  beforeAll(async () => {
    database = await createTestDatabase(inject("postgresUrl"));
    store = openStore({ databaseUrl: database.url });
    await store.query({
      text: "insert into organizations (id, name, name_key) values ('og_1', 'Acme', 'acme')",
    });
    await store.query({ text: ticket({ id: "tk_0", number: "T20261122.0001" }) });
    await store.query({ text: delivery("dl_0", "running", null) });
  });
  afterAll(async () => {
    await store?.close();
    await database?.drop();
  });

  function ticket(parts: {
    id?: string;
    number?: string;
    status?: string;
    completed?: string;
    title?: string;
  }): string {
    const { id = "tk_1", number = "T20261122.0002", status = "New", completed = "null", title = "x" } = parts;
    return `insert into tickets (id, number, title, status, priority, source, organization_id, created_at, created_by, completed_at, last_human_activity_at)
      values ('${id}', '${number}', '${title}', '${status}', 'Medium', 'API', 'og_1', now(), '{"kind":"system"}', ${completed}, now())`;
  }

  function delivery(id: string, state: string, finished: string | null): string {
    return `insert into deliveries (id, callout, ticket_id, rule, created_at, state, reason, request, schedule, finished_at)
      values ('${id}', 'Close', 'tk_0', '{}', now(), '${state}', 'x', '{}', '{}', ${finished})`;
  }

  const name = (id: string, key: string): string =>
    `insert into organizations (id, name, name_key) values ('${id}', '${key}', '${key}')`;
  const contact = (emails: string): string =>
    `insert into contacts (id, organization_id, name, name_key, emails) values ('ct_1', 'og_1', 'A', 'a', '${emails}')`;

  it.each([
    ["a Complete ticket without the time", ticket({ status: "Complete" })],
    ["a time of completion on an open ticket", ticket({ completed: "now()" })],
    ["two tickets of one number", ticket({ number: "T20261122.0001" })],
    ["a number of another form", ticket({ number: "T1" })],
    ["a blank title", ticket({ title: "  " })],
    ["a title of 251 characters", ticket({ title: "x".repeat(251) })],
    ["two organizations of one name", name("og_2", "acme")],
    ["a contact without an address", contact("{}")],
    ["a contact with four addresses", contact("{a@b,c@d,e@f,g@h}")],
    ["two deliveries of one callout and ticket in flight", delivery("dl_1", "waiting", null)],
    ["a finished delivery without the time", delivery("dl_1", "failed", null)],
    ["a running delivery that has finished", delivery("dl_1", "running", "now()")],
    [
      "two rule sets in force",
      "insert into active_rule_set (one, number, activated_by) values (false, 1, 'x')",
    ],
    [
      "a rule set in force that does not exist",
      "insert into active_rule_set (number, activated_by) values (1, 'x')",
    ],
  ])("makes impossible: %s", async (_, text) => {
    await expect(store.query({ text })).rejects.toMatchObject({ code: expect.stringMatching(/^23/u) });
  });
});
