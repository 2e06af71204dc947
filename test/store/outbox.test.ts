import { afterAll, beforeAll, beforeEach, expect, inject, it } from "vitest";
import { claimOutbox, openStore, pruneOutbox, type Store } from "../../src/store/index.ts";
import { createTestDatabase, type TestDatabase } from "./database.ts";

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
beforeEach(async () => {
  await store.query({ text: "delete from outbox" });
});

it("gives out what nobody took yet though the clock was set back, and what was taken only when its lease is over", async () => {
  await store.query({
    text: `insert into outbox (lane, kind, workflow_id, payload, attempts, next_at) values
      (2, 'start-window', 'written before', '{}', 0, now() + interval '1 hour'),
      (2, 'start-window', 'leased', '{}', 1, now() + interval '10 seconds'),
      (2, 'start-window', 'lease over', '{}', 1, now() - interval '1 second')`,
  });
  const rows = await claimOutbox(store, { limit: 10, leaseMs: 15_000 });
  expect(rows.map(({ workflowId }) => workflowId)).toEqual(["written before", "lease over"]);
  expect(await claimOutbox(store, { limit: 10, leaseMs: 15_000 })).toEqual([]);
});

it("forgets done rows a bounded number at a time, the oldest first", async () => {
  await store.query({
    text: `insert into outbox (lane, kind, workflow_id, payload, done_at)
      select 2, 'start-window', n::text, '{}', now() - interval '3 hours' + n * interval '1 second' from generate_series(1, 5200) n`,
  });
  await store.query({
    text: "insert into outbox (lane, kind, workflow_id, payload) values (2, 'start-window', 'waits', '{}')",
  });
  await pruneOutbox(store, 3_600_000);
  const left = await store.query<{ workflow_id: string }>({
    text: "select workflow_id from outbox order by id",
  });
  expect(left.map((row) => row.workflow_id)).toEqual([
    ...Array.from({ length: 200 }, (_, n) => String(n + 5001)),
    "waits",
  ]);
});
