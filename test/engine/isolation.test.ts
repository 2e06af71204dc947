import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import type { RunnableRules } from "../../src/decision/index.ts";
import { openStore } from "../../src/store/index.ts";
import { constant, createTicket, on, rulesOf } from "../decision/desk-story.ts";
import { at, fiveMinutes, incoming, openDesk, type RunningDesk } from "./running-desk.ts";

let desk: RunningDesk;
beforeAll(async () => {
  desk = await openDesk(inject("postgresUrl"));
  await desk.addOrganization("Acme");
});
afterAll(async () => {
  await desk?.close();
});

/** Rules that a mistake of ours breaks for one title. */
function brokenFor(title: string): RunnableRules {
  const rules = fiveMinutes();
  return {
    ...rules,
    confirm: async (rule, snapshot) => {
      if (snapshot.alert?.title === title) throw new TypeError("a mistake of ours");
      return await rules.confirm(rule, snapshot);
    },
  };
}

describe("one alert that cannot be decided", () => {
  it("gets its error alone; its neighbours of the batch are answered and numbered without gaps", async () => {
    desk.use(brokenFor("bad"));
    const titles = Array.from({ length: 100 }, (_, i) => (i === 41 ? "bad" : `good ${i}`));
    const settled = await Promise.allSettled(
      titles.map((title) => desk.engine.ingest(incoming(at("10:00"), { title }))),
    );
    desk.use(fiveMinutes());
    expect(settled.filter(({ status }) => status === "rejected")).toHaveLength(1);
    expect(settled[41]).toMatchObject({ status: "rejected", reason: { message: "a mistake of ours" } });
    expect(await desk.count("tickets", "title like 'good %'")).toBe(99);
    expect(await desk.count("alerts", "title = 'bad'")).toBe(0);
    const [row] = await desk.rows<{ last: string }>("select max(number) as last from tickets");
    expect(row!.last).toBe("T20261122.0099");
    expect(desk.engine.counters().alertsFailed).toBe(1);
  });

  it("is alone also when the database refuses it", async () => {
    // NUL never passes the door; the engine must not take its neighbours down either.
    const settled = await Promise.allSettled(
      ["fine", "nul \u0000", "fine too"].map((title) => desk.engine.ingest(incoming(at("10:01"), { title }))),
    );
    expect(settled.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  });
});

describe("a deadlock", () => {
  it("is tried again until it succeeds", async () => {
    const { ticket } = await desk.engine.ingest(incoming(at("11:00"), { title: "locked" }));
    const [row] = await desk.rows<{ id: string; key: string }>(
      "select id, dedup_key as key from tickets where number = $1",
      ticket,
    );
    const other = openStore({ databaseUrl: desk.database.url });
    // Takes the ticket's row, then wants the key that the engine's next batch holds; the engine wants the row.
    const rival = other.transaction(async (transaction) => {
      await transaction.query({ text: "set local deadlock_timeout = '10s'" });
      await transaction.query({ text: "select 1 from tickets where id = $1 for update", values: [row!.id] });
      await new Promise((resolve) => setTimeout(resolve, 300));
      await transaction.query({
        text: "update dedup_keys set uses = uses where key = decode($1, 'hex')",
        values: [row!.key],
      });
    });
    await new Promise((resolve) => setTimeout(resolve, 100));
    const answer = await desk.engine.ingest(incoming(at("11:01"), { title: "locked" }));
    await rival;
    await other.close();
    expect(answer).toMatchObject({ outcome: "note_added", ticket, repeat: 1 });
    expect(await desk.rows("select repeat_count, note_count from tickets where number = $1", ticket)).toEqual(
      [{ repeat_count: 1, note_count: 1 }],
    );
  });
});

describe("another rule set", () => {
  it("is in force for the next batch, and each alert says which set decided it", async () => {
    const queue = (name: string): RunnableRules =>
      rulesOf([on("alert-received", [createTicket({ fields: { queue: constant(name) } })])]);
    desk.use(queue("One"));
    const first = await desk.engine.ingest(incoming(at("12:00"), { title: "switch a" }));
    desk.use(queue("Two"));
    const second = await desk.engine.ingest(incoming(at("12:00"), { title: "switch b" }));
    const rows = await desk.rows<{ queue: string; rule_set: number }>(
      "select queue, rule_set from tickets t join alerts a on a.ticket_id = t.id where number = any($1) order by number",
      [first.ticket, second.ticket],
    );
    expect(rows.map(({ queue: name }) => name)).toEqual(["One", "Two"]);
    expect(rows[1]!.rule_set).toBe(rows[0]!.rule_set + 1);
  });
});
