import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import type { AlertAnswer } from "../../src/engine/index.ts";
import { at, change, incoming, openDesk, type RunningDesk } from "./running-desk.ts";

const NOTES_PER_WINDOW = 10;

let desk: RunningDesk;
beforeAll(async () => {
  desk = await openDesk(inject("postgresUrl"), { notesPerWindow: NOTES_PER_WINDOW });
  await desk.addOrganization("Acme");
});
afterAll(async () => {
  await desk?.close();
});

const times = <Item>(n: number, make: (i: number) => Item): Item[] =>
  Array.from({ length: n }, (_, i) => make(i));

async function stateOf(number: string): Promise<{ repeats: number; notes: number; links: number }> {
  const [row] = await desk.rows<{ repeats: number; notes: number; links: number }>(
    `select t.repeat_count as repeats, (select count(*) from ticket_notes n where n.ticket_id = t.id) as notes,
      (select count(*) from ticket_alerts a where a.ticket_id = t.id) as links from tickets t where number = $1`,
    number,
  );
  return row!;
}

function ticketsOf(answers: readonly AlertAnswer[]): ReadonlySet<string | undefined> {
  return new Set(answers.map((answer) => answer.ticket));
}

describe("many equal alerts at once", () => {
  it("makes one ticket of 50, records every repeat and notes as many as the limit, then one that counts", async () => {
    const title = "fifty";
    const answers = await Promise.all(times(50, () => desk.engine.ingest(incoming(at("23:05"), { title }))));
    expect(answers.filter(({ outcome }) => outcome === "ticket_created")).toHaveLength(1);
    expect(ticketsOf(answers).size).toBe(1);
    expect(new Set(answers.map(({ repeat }) => repeat)).size).toBe(50);
    expect(await stateOf(answers[0]!.ticket!)).toEqual({
      repeats: 49,
      notes: NOTES_PER_WINDOW + 1,
      links: 50,
    });
    const [counted] = await desk.rows<{ text: string }>(
      "select text from ticket_notes where repeat = 'counted' and ticket_id = (select id from tickets where number = $1)",
      answers[0]!.ticket,
    );
    expect(counted!.text).toContain("39");
  });

  it("makes one ticket of 10,000 from two engines", async () => {
    const title = "ten thousand";
    const second = await desk.addEngine();
    const answers = await Promise.all(
      times(10_000, (i) => (i % 2 === 0 ? desk.engine : second).ingest(incoming(at("23:05"), { title }))),
    );
    expect(ticketsOf(answers).size).toBe(1);
    expect(answers.filter(({ outcome }) => outcome === "ticket_created")).toHaveLength(1);
    expect(await stateOf(answers[0]!.ticket!)).toEqual({
      repeats: 9_999,
      notes: NOTES_PER_WINDOW + 1,
      links: 10_000,
    });
    expect(await desk.count("alerts", "title = 'ten thousand'")).toBe(10_000);
    expect(await desk.count("firings f join alerts a on a.id = f.alert_id", "a.title = 'ten thousand'")).toBe(
      10_000,
    );
  });

  it("opens one ticket a title when two engines race on 20 titles in opposite orders", async () => {
    const second = await desk.addEngine();
    const titles = times(20, (i) => `race ${i}`);
    const both = [titles, titles.toReversed()].map((order, i) =>
      Promise.all(
        times(5, () => order)
          .flat()
          .map((title) => (i === 0 ? desk.engine : second).ingest(incoming(at("23:05"), { title }))),
      ),
    );
    const answers = (await Promise.all(both)).flat();
    expect(ticketsOf(answers).size).toBe(20);
    expect(await desk.count("tickets", "title like 'race %'")).toBe(20);
    expect(await desk.rows("select distinct repeat_count from tickets where title like 'race %'")).toEqual([
      { repeat_count: 9 },
    ]);
  });

  it("keeps every change and every repeat when people change the ticket meanwhile", async () => {
    const title = "busy";
    const { ticket } = await desk.engine.ingest(incoming(at("23:05"), { title }));
    const second = await desk.addEngine();
    const queues = ["Monitoring", "Security"];
    await Promise.all([
      ...times(200, (i) => (i % 2 === 0 ? desk.engine : second).ingest(incoming(at("23:06"), { title }))),
      ...times(20, (i) =>
        change(i % 2 === 0 ? second : desk.engine, ticket!, { queue: `${queues[i % 2]} ${i}` }, at("23:06")),
      ),
    ]);
    expect(await stateOf(ticket!)).toMatchObject({ repeats: 200, links: 201 });
    expect(await desk.rows("select version from tickets where number = $1", ticket)).toEqual([
      { version: 21 },
    ]);
    expect(
      await desk.count(
        "ticket_history h join tickets t on t.id = h.ticket_id",
        `t.number = '${ticket}' and field = 'queue'`,
      ),
    ).toBe(20);
  });

  it("never notes a repeat on a ticket that was completed before it", async () => {
    const title = "completed meanwhile";
    const { ticket } = await desk.engine.ingest(incoming(at("23:05"), { title }));
    const second = await desk.addEngine();
    const [, ...answers] = await Promise.all([
      change(second, ticket!, { status: "Complete" }, at("23:06")),
      ...times(100, () => desk.engine.ingest(incoming(at("23:06"), { title }))),
    ]);
    const tickets = await desk.rows<{ number: string; repeat_count: number }>(
      "select number, repeat_count from tickets where title = $1",
      title,
    );
    expect(tickets.length).toBeLessThanOrEqual(2);
    expect(tickets.reduce((sum, row) => sum + row.repeat_count, 0) + tickets.length).toBe(101);
    const after = await desk.engine.ingest(incoming(at("23:06"), { title }));
    expect(after.ticket).not.toBe(ticket);
    expect(answers).toHaveLength(100);
  });
});

describe("ticket numbers", () => {
  it("counts without gaps while little happens, and never gives a number twice", async () => {
    const numbers: string[] = [];
    for (let i = 0; i < 5; i += 1) {
      const answer = await desk.engine.ingest(
        incoming(Date.parse("2026-12-01T10:00:00Z"), { title: `quiet ${i}` }),
      );
      await desk.engine.ingest(incoming(Date.parse("2026-12-01T10:01:00Z"), { title: `quiet ${i}` }));
      numbers.push(answer.ticket!);
    }
    expect(numbers).toEqual(times(5, (i) => `T20261201.000${i + 1}`));
  });

  it("counts each UTC day for itself, also when one batch reaches over midnight", async () => {
    const answers = await Promise.all(
      ["2026-12-05T23:59:59.999Z", "2026-12-06T00:00:00.000Z"].map((time) =>
        desk.engine.ingest(incoming(Date.parse(time), { title: `midnight ${time}` })),
      ),
    );
    expect(answers.map(({ ticket }) => ticket)).toEqual(["T20261205.0001", "T20261206.0001"]);
  });
});
