import fc from "fast-check";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import {
  bytesArray,
  jsonArray,
  plainArray,
  textArray,
  textListArray,
  timeArray,
} from "../../src/store/array-literals.ts";
import { openStore, type Store } from "../../src/store/index.ts";

let store: Store;
beforeAll(() => {
  store = openStore({ databaseUrl: inject("postgresUrl") });
});
afterAll(async () => {
  await store.close();
});

/** Anything that Postgres can hold as text: no NUL and no half of a surrogate pair. */
const text = fc
  .oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom("", "NULL", "null", "{}", '"', "\\", '\\"', ",", " a ", "{a,b}", "\n"),
  )
  .map((value) => value.replaceAll("\u0000", "").toWellFormed());
const optional = fc.option(text, { nil: undefined });
/**
 * Node 24.21's own JSON.parse takes a name for another one that ended in a backslash earlier in the process ("a\\n" for
 * "a\\"): not ours to test.
 */
const name = text.map((value) => value.replaceAll("\\", "/"));
const same = <Item>(item: Item): Item => item;

async function back(type: string, literal: string): Promise<readonly unknown[]> {
  const rows = await store.query<{ x: unknown }>({
    text: `select x from unnest($1::${type}[]) with ordinality as u (x, n) order by n`,
    values: [literal],
  });
  return rows.map((row) => row.x);
}

it("brings every text back as it went", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(optional, { minLength: 1 }), async (items) => {
      expect(await back("text", textArray(items, same))).toEqual(items.map((item) => item ?? null));
    }),
  );
});

it("brings lists, json, bytes, times and numbers back as they went", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({
          list: fc.array(text),
          json: fc.dictionary(name, fc.oneof(text, fc.integer(), fc.boolean(), fc.array(text))),
          bytes: fc.uint8Array().map((bytes) => Buffer.from(bytes).toString("hex")),
          at: fc.integer({ min: 0, max: 4_000_000_000_000 }),
          number: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
        }),
        { minLength: 1, maxLength: 5 },
      ),
      async (items) => {
        const rows = await store.query<Record<string, unknown>>({
          text: `select l::text[] as list, json, bytes, at, number
            from unnest($1::text[], $2::jsonb[], $3::bytea[], $4::timestamptz[], $5::integer[]) as u (l, json, bytes, at, number)`,
          values: [
            textListArray(items, (item) => item.list),
            jsonArray(items, (item) => item.json),
            bytesArray(items, (item) => item.bytes),
            timeArray(items, (item) => item.at),
            plainArray(items, (item) => item.number),
          ],
        });
        expect(rows).toEqual(items.map((item) => ({ ...item, json: { ...item.json } })));
      },
    ),
  );
});
