/** Firings counted by rule and hour: exact at every moment, whoever folds meanwhile. */
import { afterAll, beforeAll, beforeEach, expect, inject, it } from "vitest";
import fc from "fast-check";
import { countOldFirings, foldFirings, openStore, type Store } from "../../src/store/index.ts";
import { selectFiringCounts, selectRulesFiredSince } from "../../src/store/desk/index.ts";
import { createTestDatabase, type TestDatabase } from "./database.ts";

const HOUR = 3_600_000;
const NOW = Date.parse("2026-11-22T12:30:00Z");

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
  for (const table of ["firings", "rule_firings", "rule_firings_new", "rule_firings_uncounted"])
    await store.query({ text: `delete from ${table}` });
});

interface Fired {
  readonly rule: string;
  readonly at: number;
}

async function fire(firings: readonly Fired[]): Promise<void> {
  await store.query({
    text: `insert into firings (rule, file, line, event, depth, at, rule_set, conditions, outcomes)
      select rule, 'f', 1, 'alert received', 0, at, 1, '[]', '[]' from unnest($1::text[], $2::timestamptz[]) x (rule, at)`,
    values: [firings.map(({ rule }) => rule), firings.map(({ at }) => new Date(at).toISOString())],
  });
}

const counts = async (since: number): Promise<Record<string, number>> =>
  Object.fromEntries((await selectFiringCounts(store, since)).map(({ rule, firings }) => [rule, firings]));

function expected(firings: readonly Fired[], since: number): Record<string, number> {
  const from = Math.floor(since / HOUR) * HOUR;
  const counted: Record<string, number> = {};
  for (const { rule, at } of firings) if (at >= from) counted[rule] = (counted[rule] ?? 0) + 1;
  return counted;
}

const someFirings = fc.array(
  fc.record({ rule: fc.constantFrom("a", "b", "c"), at: fc.integer({ min: NOW - 5 * HOUR, max: NOW }) }),
  { minLength: 1, maxLength: 20 },
);

it("says the same before, while and after they are folded, by two at once too", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(someFirings, { minLength: 1, maxLength: 4 }), async (statements) => {
      for (const table of ["rule_firings", "rule_firings_new"])
        await store.query({ text: `delete from ${table}` });
      const all = statements.flat();
      for (const firings of statements) {
        await fire(firings);
        await Promise.all([foldFirings(store), foldFirings(store)]);
      }
      await fire(all);
      const twice = [...all, ...all];
      expect(await counts(NOW - 2 * HOUR)).toEqual(expected(twice, NOW - 2 * HOUR));
      await Promise.all([foldFirings(store), foldFirings(store)]);
      expect(await counts(NOW - 2 * HOUR)).toEqual(expected(twice, NOW - 2 * HOUR));
      expect(await foldFirings(store)).toBe(0);
      const [last] = await selectFiringCounts(store, 0);
      const newest = Math.max(...all.filter(({ rule }) => rule === last!.rule).map(({ at }) => at));
      expect(Date.parse(last!.last_at)).toBe(newest);
    }),
    { numRuns: 15 },
  );
});

it("counts nothing that was rolled back", async () => {
  await store
    .transaction(async (transaction) => {
      transaction.send({
        text: `insert into firings (rule, file, line, event, depth, at, rule_set, conditions, outcomes)
          values ('a', 'f', 1, 'alert received', 0, now(), 1, '[]', '[]')`,
      });
      await Promise.reject(new Error("no"));
    })
    .catch(() => undefined);
  expect(await selectFiringCounts(store, 0)).toEqual([]);
});

it("counts firings from before there were counts, in steps, and does not know of silent rules meanwhile", async () => {
  await store.query({
    text: `insert into firings (rule, file, line, event, depth, at, rule_set, conditions, outcomes)
      select 'r' || n % 3, 'f', 1, 'alert received', 0, to_timestamp($1::float8 / 1000), 1, '[]', '[]' from generate_series(1, 45000) n`,
    values: [NOW],
  });
  await store.query({ text: "delete from rule_firings_new" });
  await store.query({ text: "insert into rule_firings_uncounted (up_to) select max(id) from firings" });
  await fire([{ rule: "r0", at: NOW }]);
  expect(await selectRulesFiredSince(store, NOW - HOUR)).toBeUndefined();
  let steps = 0;
  while (await countOldFirings(store)) steps += 1;
  expect(steps).toBeGreaterThan(2);
  expect(await counts(NOW)).toEqual({ r0: 15_001, r1: 15_000, r2: 15_000 });
  expect(await selectRulesFiredSince(store, NOW - HOUR)).toEqual(new Set(["r0", "r1", "r2"]));
  expect(await selectRulesFiredSince(store, NOW + 1)).toEqual(new Set());
});
