/** The breaker of a callout on a real Postgres: when it opens and closes, who is tried, and two processes at once. */
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { BREAKER_LOOK_MS, BREAKER_PROBE_MS, MINUTE } from "../../src/domain/index.ts";
import {
  closeBreaker,
  openStore,
  PAUSED_REASON,
  pauseOf,
  putOffDelivery,
  retryBreaker,
  selectBreakers,
  settleBreaker,
  wakeDeliveries,
  wakeNextPaused,
  type Store,
} from "../../src/store/index.ts";
import { createTestDatabase, type TestDatabase } from "./database.ts";

const NOW = Date.parse("2026-11-22T10:00:00Z");

let database: TestDatabase;
/** Two processes. */
let stores: readonly [Store, Store];
beforeAll(async () => {
  database = await createTestDatabase(inject("postgresUrl"));
  stores = [openStore({ databaseUrl: database.url }), openStore({ databaseUrl: database.url })];
});
afterAll(async () => {
  for (const store of stores ?? []) await store.close();
  await database?.drop();
});

let count = 0;

/** A callout of its own. */
function callout(): Callout {
  count += 1;
  return new Callout(`callout ${count}`);
}

interface Facts {
  readonly text?: string | undefined;
  readonly isTest?: boolean;
  readonly isUnbuilt?: boolean;
}

class Callout {
  readonly name: string;
  #ends = 0;
  constructor(name: string) {
    this.name = name;
  }

  async add(state: string, facts: Facts = {}): Promise<string> {
    count += 1;
    const id = `dl_${count}`;
    const ended = /failed|succeeded|given_up|skipped/u.test(state);
    this.#ends += 1;
    await stores[0].query({
      text: `insert into deliveries (id, callout, ticket_id, rule, created_at, state, reason, request, schedule, declaration_hash,
          is_test, finished_at)
        values ($1, $2, $1, '{"name":"r"}', now(), $3, $4, $5, '{}', $6, $7, $8)`,
      values: [
        id,
        this.name,
        state,
        ended ? "why" : null,
        facts.isUnbuilt === true ? null : "{}",
        "text" in facts ? facts.text : "A",
        facts.isTest ?? false,
        ended ? new Date(NOW + this.#ends).toISOString() : null,
      ],
    });
    return id;
  }

  async settle(pauseAfter: number, text = "A", store: Store = stores[0]): Promise<string> {
    const asked = { callout: this.name, declarationHash: text, pauseAfter, at: NOW };
    return await store.transaction(async (transaction) => await settleBreaker(transaction, asked));
  }

  /** Ends in this order, each looked at. */
  async settled(states: readonly string[], pauseAfter: number): Promise<readonly string[]> {
    const told: string[] = [];
    for (const state of states) {
      await this.add(state);
      told.push(await this.settle(pauseAfter));
    }
    return told;
  }

  async opened(pauseAfter = 1): Promise<this> {
    await this.add("failed");
    expect(await this.settle(pauseAfter)).toBe("opened");
    return this;
  }

  /** Asks, and is put off as the activity does it. */
  async ask(id: string, at: number, text = "A", store: Store = stores[0]): Promise<string> {
    const pause = await pauseOf(store, { deliveryId: id, declarationHash: text, at });
    if (pause === undefined) return "tried";
    await putOffDelivery(store, { deliveryId: id, until: undefined, why: PAUSED_REASON });
    return pause.kind;
  }

  async paused(facts: Facts = {}): Promise<string> {
    const id = await this.add("pending", facts);
    await this.ask(id, NOW, "A");
    return id;
  }

  async woken(): Promise<readonly string[]> {
    const rows = await stores[0].query<{ id: string; nth: number }>({
      text: `delete from outbox o using deliveries d where o.kind = 'callout-resumed' and o.workflow_id = 'callout:' || d.id
        and d.callout = $1 returning d.id, o.id as nth`,
      values: [this.name],
    });
    return rows.toSorted((a, b) => a.nth - b.nth).map(({ id }) => id);
  }
}

describe("a callout that pauses after three failed deliveries", () => {
  it("opens at the third in a row, once, and says nothing of those that fail after it", async () => {
    const told = await callout().settled(["failed", "failed", "failed", "failed"], 3);
    expect(told).toEqual(["unchanged", "unchanged", "opened", "unchanged"]);
  });

  it("begins to count anew after a success", async () => {
    const states = ["failed", "failed", "succeeded", "failed", "failed", "failed"];
    expect(await callout().settled(states, 3)).toEqual([...Array<string>(5).fill("unchanged"), "opened"]);
  });

  it("counts neither test calls nor what was given up, skipped or could not be built", async () => {
    const one = callout();
    await one.settled(["failed", "failed", "given_up", "skipped"], 3);
    await one.add("failed", { isTest: true });
    await one.add("failed", { isUnbuilt: true });
    expect(await one.settle(3)).toBe("unchanged");
    expect(await one.settled(["failed"], 3)).toEqual(["opened"]);
  });

  it("counts what was made by its present text", async () => {
    const one = callout();
    await one.settled(["failed", "failed"], 3);
    await one.add("failed", { text: "B" });
    expect(await one.settle(3, "B")).toBe("unchanged");
    await one.add("failed", { text: "A" });
    expect(await one.settle(3, "B")).toBe("unchanged");
    await one.add("failed", { text: undefined });
    expect(await one.settle(3, "B")).toBe("unchanged");
    await one.add("failed", { text: "B" });
    await one.add("failed", { text: "B" });
    expect(await one.settle(3, "B")).toBe("opened");
  });

  it("takes the number that its text has at the moment", async () => {
    const one = callout();
    expect(await one.settled(["failed", "failed", "failed"], 10)).not.toContain("opened");
    expect(await one.settled(["failed"], 4)).toEqual(["opened"]);
    expect(await one.settle(100)).toBe("unchanged");
  });

  it("opens once and closes once however many look at the same ends at once", async () => {
    for (let round = 0; round < 5; round += 1) {
      const one = callout();
      for (let i = 0; i < 3; i += 1) await one.add("failed");
      const look = async (): Promise<readonly string[]> =>
        await Promise.all([...stores, ...stores, ...stores].map((store) => one.settle(3, "A", store)));
      expect((await look()).filter((told) => told === "opened")).toHaveLength(1);
      await one.add("succeeded", { text: "an older one" });
      expect((await look()).filter((told) => told === "closed")).toHaveLength(1);
    }
  });

  it("is closed by hand, and opens again at the next failure: they are in a row still", async () => {
    const one = callout();
    await one.settled(["failed", "failed", "failed"], 3);
    expect(await closeBreaker(stores[0], one.name)).toBe(true);
    expect(await closeBreaker(stores[0], one.name)).toBe(false);
    expect(await one.settled(["failed"], 3)).toEqual(["opened"]);
  });
});

describe("a callout that is paused", () => {
  it("tries the oldest when the time has come, and no other", async () => {
    const one = await callout().opened();
    const [first, second, third] = [await one.paused(), await one.paused(), await one.paused()];
    expect(await one.ask(first, NOW + MINUTE)).toBe("next");
    const due = NOW + BREAKER_PROBE_MS;
    expect(await one.ask(third, due)).toBe("behind");
    expect(await one.ask(second, due)).toBe("behind");
    expect(await one.ask(first, due)).toBe("tried");
    expect(await one.ask(first, due)).toBe("next");
    expect(await one.ask(first, due + BREAKER_PROBE_MS)).toBe("tried");
  });

  it("wakes who follows when one is tried, and when the one that was next has ended; all others sleep", async () => {
    const one = await callout().opened();
    const ids = [await one.paused(), await one.paused(), await one.paused()];
    expect(await one.woken()).toEqual([]);
    expect(await one.ask(ids[0]!, NOW + BREAKER_PROBE_MS)).toBe("tried");
    expect(await one.woken()).toEqual([ids[1]]);
    await stores[0].query({
      text: "update deliveries set state = 'given_up', finished_at = now() where id = any($1)",
      values: [ids.slice(0, 2)],
    });
    expect(await wakeNextPaused(stores[0], one.name, "A")).toBe(true);
    expect(await one.woken()).toEqual([ids[2]]);
    const behind = await one.add("pending");
    const pause = await pauseOf(stores[0], { deliveryId: behind, declarationHash: "A", at: NOW });
    expect(pause?.kind).toBe("behind");
    expect(pause?.askAt).toBeGreaterThanOrEqual(NOW + BREAKER_LOOK_MS);
  });

  it("tries one when two processes ask at the same moment", async () => {
    for (let round = 0; round < 5; round += 1) {
      const one = await callout().opened();
      // Neither has asked before, so neither is known to the other.
      const ids = [await one.add("pending"), await one.add("pending")];
      const due = NOW + BREAKER_PROBE_MS;
      const asked = [0, 1, 0, 1].map((n) => one.ask(ids[n]!, due, "A", stores[n]));
      expect((await Promise.all(asked)).filter((answer) => answer === "tried")).toHaveLength(1);
    }
  });

  it("is not held up by one that waits for its own next attempt, nor by a test call", async () => {
    const one = await callout().opened();
    await one.add("waiting");
    await one.add("pending", { isTest: true });
    const next = await one.paused();
    expect(await one.ask(next, NOW + BREAKER_PROBE_MS)).toBe("tried");
  });

  it("with another text tries at once, what was made by that text first", async () => {
    const one = await callout().opened();
    const [old, mended] = [await one.paused({ text: "A" }), await one.add("pending", { text: "B" })];
    expect(await retryBreaker(stores[0], { callout: one.name, declarationHash: "A", at: NOW + 1 })).toBe(
      false,
    );
    expect(await retryBreaker(stores[0], { callout: one.name, declarationHash: "B", at: NOW + 1 })).toBe(
      true,
    );
    await putOffDelivery(stores[0], { deliveryId: mended, until: undefined, why: PAUSED_REASON });
    expect(await one.ask(old, NOW + 2, "B")).toBe("behind");
    expect(await one.ask(mended, NOW + 2, "B")).toBe("tried");
    expect(await one.woken()).toEqual([old]);
    expect(await one.ask(old, NOW + 3, "B")).toBe("behind");
  });

  it("says since when, and lets all go in order when it closes", async () => {
    const one = await callout().opened();
    const ids = [await one.paused(), await one.paused()];
    await one.add("waiting");
    expect(await selectBreakers(stores[0])).toContainEqual({
      callout: one.name,
      openedAt: NOW,
      nextProbeAt: NOW + BREAKER_PROBE_MS,
      declarationHash: "A",
    });
    await closeBreaker(stores[0], one.name);
    expect(await wakeDeliveries(stores[0], one.name)).toBe(2);
    expect(await one.woken()).toEqual(ids);
    expect(await wakeNextPaused(stores[0], one.name, "A")).toBe(false);
    expect(await one.ask(ids[1]!, NOW + 1)).toBe("tried");
  });
});
