import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { deleteExpired, isSwept, newSweep, openStore, type Store } from "../../src/store/index.ts";
import { createTestDatabase, type TestDatabase } from "./database.ts";

const DAY = 86_400_000;
const NOW = Date.parse("2026-11-22T12:00:00Z");
const NOTHING = { alertsBefore: 0, outboxBefore: 0, dedupKeysBefore: 0, onceKeysBefore: 0, countsBefore: 0 };

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
    expect(await deleteExpired(store, expiry)).toBe(600);
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

it("deletes raw mail first and the mail's row with the alerts, and neither of a mail that waits", async () => {
  const insertMail = async (id: string, at: number, state: string): Promise<void> => {
    const when = new Date(at).toISOString();
    await store.query({
      text: `insert into mails (id, mailbox, message_key, lane, received_at, envelope_from, envelope_to, peer, bytes, state, reason, next_at, decided_at)
        values ($1, 'alerts@msp.example', $2, '\\x00', $3, '', '{}', '::1', 1, $4, 'private', $3, case when $4 = 'received' then null else $3::timestamptz end)`,
      values: [id, Buffer.from(id), when, state],
    });
    await store.query({
      text: "insert into mail_raw (mail_id, raw) values ($1, $2)",
      values: [id, Buffer.from("x")],
    });
  };
  await insertMail("ml_1", NOW - 91 * DAY, "ignored");
  await insertMail("ml_2", NOW - 91 * DAY, "received");
  await insertMail("ml_3", NOW - 31 * DAY, "ignored");
  await insertMail("ml_4", NOW - 29 * DAY, "ignored");
  const expiry = { ...NOTHING, alertsBefore: NOW - 90 * DAY, rawMailBefore: NOW - 30 * DAY };
  while ((await deleteExpired(store, expiry)) > 0);
  expect(await store.query({ text: "select id from mails order by id" })).toEqual([
    { id: "ml_2" },
    { id: "ml_3" },
    { id: "ml_4" },
  ]);
  expect(await store.query({ text: "select mail_id from mail_raw order by mail_id" })).toEqual([
    { mail_id: "ml_2" },
    { mail_id: "ml_4" },
  ]);
});

it("keeps an alert that something waits with, whatever its age, until that has ended", async () => {
  const expiry = { ...NOTHING, alertsBefore: NOW - 90 * DAY };
  for (const id of ["al_h", "al_s", "al_m", "al_n"]) await insertAlert(id, NOW - 200 * DAY);
  const old = new Date(NOW - 200 * DAY).toISOString();
  await store.query({
    text: `insert into holds (id, identity, rule, rule_hash, started_at, due_at, alert_id) values ('hd_1', '\\x01', 'r', 'h', $1, $1, 'al_h')`,
    values: [old],
  });
  await store.query({
    text: `insert into absences (id, key, rule, rule_hash, last_seen_at, due_at, alert_id) values ('ab_1', '\\x01', 'r', 'h', $1, $1, 'al_s')`,
    values: [old],
  });
  await store.query({
    text: "insert into maintenance_ends (id, name, until_at) values ('me_1', 'Patch', $1)",
    values: [old],
  });
  await store.query({
    text: "insert into deferred_alerts (identity, alert_id, end_id) values ('\\x01', 'al_m', 'me_1')",
  });
  await deleteExpired(store, expiry);
  const kept = async (): Promise<readonly object[]> =>
    await store.query({
      text: "select id from alerts where id in ('al_h', 'al_s', 'al_m', 'al_n') order by id",
    });
  expect(await kept()).toEqual([{ id: "al_h" }, { id: "al_m" }, { id: "al_s" }]);
  await store.query({ text: "update holds set state = 'released', ended_at = $1", values: [old] });
  await store.query({ text: "update absences set state = 'told', ended_at = $1", values: [old] });
  await store.query({ text: "delete from deferred_alerts" });
  await deleteExpired(store, expiry);
  expect(await kept()).toEqual([]);
  expect([await count("holds"), await count("absences")]).toEqual([0, 0]);
});

it("forgets receipts that no count looks at any more", async () => {
  await store.query({
    text: "insert into alert_counts (key, times, expires_at) values ('\\x01', '{1}', $1), ('\\x02', '{1}', $2)",
    values: [new Date(NOW - 1).toISOString(), new Date(NOW + 1).toISOString()],
  });
  await deleteExpired(store, { ...NOTHING, countsBefore: NOW });
  expect(await store.query({ text: "select key from alert_counts" })).toEqual([{ key: "02" }]);
});

it("reads a table of keys a few pages at a time, each page once, and then is through", async () => {
  await store.query({ text: "delete from dedup_keys" });
  await store.query({
    text: `insert into dedup_keys (key, used_at) select sha256(n::text::bytea), $1::timestamptz from generate_series(1, 30000) n`,
    values: [new Date(NOW - 31 * DAY).toISOString()],
  });
  const expiry = { ...NOTHING, dedupKeysBefore: NOW - 30 * DAY };
  const sweep = newSweep();
  const gone: number[] = [];
  while (!isSwept(sweep, expiry)) gone.push(await deleteExpired(store, expiry, sweep));
  expect(gone.length).toBeGreaterThan(1);
  expect(Math.max(...gone)).toBeLessThan(30_000);
  expect(await count("dedup_keys")).toBe(0);
  expect(await deleteExpired(store, expiry, sweep)).toBe(0);
});

it("forgets counts of firings of hours that nobody asks about any more", async () => {
  const hour = (days: number): string => new Date(NOW - days * DAY).toISOString();
  await store.query({
    text: "insert into rule_firings values ('a', $1, 1, $1), ('a', $2, 1, $2)",
    values: [hour(92), hour(90)],
  });
  expect(await deleteExpired(store, { ...NOTHING, firingCountsBefore: NOW - 91 * DAY })).toBe(1);
});
