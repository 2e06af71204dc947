import { afterAll, beforeAll, describe, expect, inject, it, vi } from "vitest";
import { watchActiveRules, type WatchedRules } from "../../src/engine/index.ts";
import { buildRunnableRules } from "../../src/matcher/index.ts";
import { activateRuleSet, publishRuleSet } from "../../src/store/desk/index.ts";
import { openStore, type Store } from "../../src/store/index.ts";
import { ruleSetOf } from "../matcher/build-ir.ts";
import { createTestDatabase, type TestDatabase } from "../store/database.ts";

let database: TestDatabase;
let store: Store;
const watched: WatchedRules[] = [];
beforeAll(async () => {
  database = await createTestDatabase(inject("postgresUrl"));
  store = openStore({ databaseUrl: database.url });
});
afterAll(async () => {
  await Promise.all(watched.map((one) => one.close()));
  await store?.close();
  await database?.drop();
});

/** The texts stand for compiled sets here: the zone tells which one it is. */
async function watch(onFailure?: (error: unknown) => void): Promise<WatchedRules> {
  const one = await watchActiveRules({
    store,
    compile: (files) => (files[0]?.text === "broken" ? undefined : ruleSetOf([], files[0]?.text)),
    build: buildRunnableRules,
    ...(onFailure === undefined ? {} : { onFailure }),
    pollMs: 3_600_000,
  });
  watched.push(one);
  return one;
}

const NOTHING = { udfs: [], timed: { clocks: [], schedules: [] }, callouts: [] };

const publish = async (text: string): Promise<number> => {
  const set = { hash: text, author: "Anna", origin: "api" as const, message: undefined, diagnostics: [] };
  const partner = {
    scope: "organization" as const,
    name: "Datto RMM Customer ID",
    type: "text" as const,
    partner: "Datto RMM",
  };
  const declared = { ...NOTHING, udfs: [partner] };
  return (await publishRuleSet(store, { ...set, files: [{ path: "a.rules", text }] }, declared)).number;
};

describe("the rule set in force", () => {
  it("is none at first, and is heard of by every process when one publishes or rolls back", async () => {
    const failures = vi.fn();
    const [first, second] = [await watch(failures), await watch(failures)];
    expect(first.current()).toBeUndefined();
    const one = await publish("one");
    await vi.waitFor(() => expect(second.current()?.number).toBe(one), { timeout: 20_000 });
    const two = await publish("two");
    await first.refresh();
    expect(first.current()?.rules.ir.zone).toBe("two");
    await vi.waitFor(() => expect(second.current()?.number).toBe(two), { timeout: 20_000 });
    await activateRuleSet(store, one, "Anna", NOTHING);
    await vi.waitFor(() => expect(second.current()?.number).toBe(one), { timeout: 20_000 });
    expect(failures).not.toHaveBeenCalled();
  });

  it("stays when the next one cannot be compiled here, and says so", async () => {
    await publish("good");
    const failures = vi.fn();
    const one = await watch(failures);
    await publish("broken");
    await vi.waitFor(() => expect(failures).toHaveBeenCalled(), { timeout: 20_000 });
    expect(one.current()?.rules.ir.zone).toBe("good");
    await expect(one.refresh()).rejects.toThrow("cannot compile");
  });
});
