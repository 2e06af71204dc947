import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { deleteExpired, openStore, type Store } from "../../src/store/index.ts";
import { createTestDatabase, type TestDatabase } from "./database.ts";

const DAY = 86_400_000;
const NOW = Date.parse("2026-11-22T12:00:00Z");
const NOTHING = { alertsBefore: 0, outboxBefore: 0, dedupKeysBefore: 0, onceKeysBefore: 0 };

let database: TestDatabase;
let store: Store;
beforeAll(async () => {
  database = await createTestDatabase(inject("postgresUrl"));
  store = openStore({ databaseUrl: database.url });
});
afterAll(async () => {
  await store.close();
  await database.drop();
});

async function insertAlert(id: string, at: number): Promise<void> {
  const when = new Date(at).toISOString();
  await store.query({
    text: `insert into alerts (id, received_at, source, title, status, delivery_id, delivery_key, members, outcome, why, rule_set)
      values ($1, $2, 'Test', 'title', 'firing', $1, $3, '{}', 'unmatched', 'no rule holds for it', 1)`,
    values: [id, when, Buffer.from(id)],
  });
  await store.query({
    text: "insert into alert_deliveries (key, alert_id) values ($2, $1)",
    values: [id, Buffer.from(id)],
  });
  await store.query({
    text: `insert into firings (alert_id, rule, file, line, event, depth, at, rule_set, conditions, outcomes)
      values ($1, 'r', 'f', 1, 'alert received', 0, $2, 1, '[]', '[]')`,
    values: [id, when],
  });
}

async function insertDedupKey(key: string, usedAt: number): Promise<void> {
  await store.query({
    text: "insert into dedup_keys (key, used_at) values ($1, $2)",
    values: [Buffer.from(key), new Date(usedAt).toISOString()],
  });
}

async function count(table: string): Promise<number> {
  const [row] = await store.query<{ n: number }>({ text: `select count(*)::int as n from ${table}` });
  return row!.n;
}

it("deletes alerts with what hangs on them once they are older than they are kept, and keeps the others", async () => {
  for (let i = 0; i < 700; i++) await insertAlert(`al_0${String(i).padStart(4, "0")}`, NOW - 91 * DAY);
  await insertAlert("al_1", NOW - 89 * DAY);
  const expiry = { ...NOTHING, alertsBefore: NOW - 90 * DAY, outboxBefore: NOW - 7 * DAY };
  const batches: number[] = [];
  for (let gone = await deleteExpired(store, expiry); gone > 0; gone = await deleteExpired(store, expiry)) {
    batches.push(gone);
  }
  expect(batches).toEqual([500, 200]);
  expect(await store.query({ text: "select id from alerts" })).toEqual([{ id: "al_1" }]);
  expect([await count("firings"), await count("alert_deliveries")]).toEqual([1, 1]);
});

it("deletes outbox rows that were done long ago, never those that wait", async () => {
  for (const [kind, done] of [
    ["old", "2026-11-01"],
    ["new", "2026-11-21"],
    ["waiting", null],
  ]) {
    await store.query({
      text: "insert into outbox (lane, kind, workflow_id, payload, done_at) values (2, $1, $1, '{}', $2)",
      values: [kind, done],
    });
  }
  await deleteExpired(store, { ...NOTHING, outboxBefore: NOW - 7 * DAY });
  expect(await store.query({ text: "select kind from outbox order by id" })).toEqual([
    { kind: "new" },
    { kind: "waiting" },
  ]);
});

it("deletes dedup keys that no alert had for long, never one that is held", async () => {
  for (let i = 0; i < 600; i++) await insertDedupKey(`old ${i}`, NOW - 31 * DAY);
  await insertDedupKey("held", NOW - 31 * DAY);
  await insertDedupKey("used", NOW - 29 * DAY);
  const expiry = { ...NOTHING, dedupKeysBefore: NOW - 30 * DAY };
  await store.transaction(async (holder) => {
    await holder.query({ text: "select key from dedup_keys where key = 'held' for update" });
    expect(await deleteExpired(store, expiry)).toBe(500);
    expect(await deleteExpired(store, expiry)).toBe(100);
    expect(await deleteExpired(store, expiry)).toBe(0);
    expect(await count("dedup_keys")).toBe(2);
  });
  expect(await deleteExpired(store, expiry)).toBe(1);
  expect(await count("dedup_keys")).toBe(1);
});

it("forgets the ticket of a `once per` that is older than any rule looks back, and keys without a ticket", async () => {
  await store.query({
    text: "insert into once_keys (key, ticket_id, created_at) values ('old', 'tk_1', $1), ('kept', 'tk_2', $2), ('none', null, null)",
    values: [new Date(NOW - 400 * DAY).toISOString(), new Date(NOW - 200 * DAY).toISOString()],
  });
  expect(await deleteExpired(store, { ...NOTHING, onceKeysBefore: NOW - 365 * DAY })).toBe(2);
  expect(await store.query({ text: "select ticket_id from once_keys" })).toEqual([{ ticket_id: "tk_2" }]);
});
