import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { at, incoming, openDesk, type RunningDesk } from "./running-desk.ts";

let desk: RunningDesk;
beforeAll(async () => {
  desk = await openDesk(inject("postgresUrl"));
  await desk.addOrganization("Acme");
});
afterAll(async () => {
  await desk?.close();
});

describe("a delivery id that comes again", () => {
  it("repeats the members of the first answer and changes nothing", async () => {
    const alert = incoming(at("23:05"), { title: "again", deliveryId: "d-1", warnings: ["odd bytes"] });
    const first = await desk.engine.ingest(alert);
    const second = await desk.engine.ingest({ ...alert, receivedAt: at("23:06") });
    expect(second).toEqual({ ...first, outcome: "duplicate_delivery" });
    expect(await desk.count("alerts", "title = 'again'")).toBe(1);
    expect(await desk.rows("select repeat_count from tickets where title = 'again'")).toEqual([
      { repeat_count: 0 },
    ]);
  });

  it("is the second of one batch", async () => {
    const alert = incoming(at("23:05"), { title: "batch", deliveryId: "d-2" });
    const [first, second] = await Promise.all([desk.engine.ingest(alert), desk.engine.ingest(alert)]);
    expect(first.outcome).toBe("ticket_created");
    expect(second).toEqual({ ...first, outcome: "duplicate_delivery" });
  });

  it("is the same only from the same source", async () => {
    const answers = await Promise.all(
      ["Datto RMM", "SaaS Alerts"].map((source) =>
        desk.engine.ingest(incoming(at("23:05"), { source, title: "two sources", deliveryId: "d-3" })),
      ),
    );
    expect(answers.map(({ outcome }) => outcome)).toEqual(["ticket_created", "ticket_created"]);
  });

  it("is taken once when two engines race", async () => {
    const second = await desk.addEngine();
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, i) => [
        desk.engine.ingest(incoming(at("23:05"), { title: "raced", deliveryId: `race-${i}` })),
        second.ingest(incoming(at("23:05"), { title: "raced", deliveryId: `race-${99 - i}` })),
      ]).flat(),
    );
    expect(answers.filter(({ outcome }) => outcome === "duplicate_delivery")).toHaveLength(100);
    expect(await desk.count("alerts", "title = 'raced'")).toBe(100);
    expect(await desk.rows("select repeat_count from tickets where title = 'raced'")).toEqual([
      { repeat_count: 99 },
    ]);
  });

  it("may be longer than an index takes", async () => {
    const deliveryId = "é".repeat(1000);
    const first = await desk.engine.ingest(incoming(at("23:05"), { title: "long id", deliveryId }));
    const second = await desk.engine.ingest(incoming(at("23:05"), { title: "long id", deliveryId }));
    expect([first.outcome, second.outcome]).toEqual(["ticket_created", "duplicate_delivery"]);
  });
});
