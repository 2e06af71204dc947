import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { at, change, incoming, openDesk, POWER, type RunningDesk } from "./running-desk.ts";

let desk: RunningDesk;
beforeAll(async () => {
  desk = await openDesk(inject("postgresUrl"));
  await desk.addOrganization("Acme");
});
afterAll(async () => {
  await desk?.close();
});

describe("the story of the three power alerts", () => {
  it("opens a ticket at 23:05, notes the repeat at 23:08, opens another at 23:12", async () => {
    const first = await desk.engine.ingest(incoming(at("23:05")));
    const second = await desk.engine.ingest(incoming(at("23:08")));
    const third = await desk.engine.ingest(incoming(at("23:12")));
    expect(first).toMatchObject({ outcome: "ticket_created", ticket: "T20261122.0001" });
    expect(first.firings).toEqual([
      {
        rule: "Ticket for a new alert",
        on: "alert received",
        file: "a.rules",
        line: 1,
        ticket: "T20261122.0001",
      },
    ]);
    expect(second).toMatchObject({ outcome: "note_added", ticket: "T20261122.0001", repeat: 1 });
    expect(third).toMatchObject({ outcome: "ticket_created", ticket: "T20261122.0002" });
    const tickets = await desk.rows(
      "select number, title, status, repeat_count, note_count from tickets order by number",
    );
    expect(tickets).toEqual([
      { number: "T20261122.0001", title: POWER, status: "New", repeat_count: 1, note_count: 1 },
      { number: "T20261122.0002", title: POWER, status: "New", repeat_count: 0, note_count: 0 },
    ]);
    expect(await desk.count("alerts")).toBe(3);
    expect(await desk.count("firings")).toBe(3);
    expect(await desk.count("ticket_notes")).toBe(1);
  });

  it("opens another ticket when the first one is Complete, and a note when it was reopened", async () => {
    const title = "Disk full";
    const first = await desk.engine.ingest(incoming(at("23:05"), { title }));
    await change(desk.engine, first.ticket!, { status: "complete" }, at("23:06"));
    await change(desk.engine, first.ticket!, { status: "New" }, at("23:07"));
    expect(await desk.engine.ingest(incoming(at("23:08"), { title }))).toMatchObject({
      outcome: "note_added",
      ticket: first.ticket,
    });
    await change(desk.engine, first.ticket!, { status: "Complete" }, at("23:09"));
    const next = await desk.engine.ingest(incoming(at("23:09"), { title }));
    expect(next.outcome).toBe("ticket_created");
    expect(next.ticket).not.toBe(first.ticket);
  });
});
