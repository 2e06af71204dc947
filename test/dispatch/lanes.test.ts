/** The outbox under load and under several relays. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openDesk, openSink, until, type Desk } from "../workflows/desk.ts";
import { services } from "../workflows/services.ts";

const WINDOWS = 300;

let desk: Desk;

beforeAll(async () => {
  desk = await openDesk(services());
  await desk.runWorkers().polling;
});
afterAll(async () => {
  await desk.close();
});

async function windowsWaiting(): Promise<number> {
  const [row] = await desk.store.query<{ waiting: number }>({
    text: "select count(*)::int as waiting from outbox where done_at is null and kind = 'start-window'",
  });
  return row!.waiting;
}

describe("the outbox", () => {
  it("lets a callout overtake a storm of windows", async () => {
    const sink = await openSink(() => 200);
    for (let i = 0; i < WINDOWS; i += 1) await desk.addTicket({ windowMs: 300_000 });
    const dispatch = await desk.openDispatch();
    const relay = dispatch.startRelay();
    await until(async () => (await windowsWaiting()) < WINDOWS - 20, "the storm is under way");
    const ticket = await desk.addTicket();
    const id = await desk.addDelivery({ ticketId: ticket.id, request: { url: sink.url } });
    await until(async () => (await desk.delivery(id)).state === "succeeded", "the callout is delivered");
    expect(await windowsWaiting()).toBeGreaterThan(0);
    await relay.close();
    await desk.store.query({ text: "update outbox set done_at = now() where done_at is null" });
    await sink.close();
  });

  it("is carried by several relays at once without a second request", async () => {
    const sink = await openSink(() => 200);
    const dispatches = [await desk.openDispatch(), await desk.openDispatch(), await desk.openDispatch()];
    const relays = dispatches.map((dispatch) => dispatch.startRelay());
    const ids: string[] = [];
    for (let i = 0; i < 20; i += 1) {
      const ticket = await desk.addTicket();
      ids.push(await desk.addDelivery({ ticketId: ticket.id, request: { url: sink.url } }));
    }
    for (const id of ids) await until(async () => (await desk.delivery(id)).state === "succeeded", id);
    expect(sink.requests.map(({ headers }) => headers["webhook-id"]).toSorted()).toEqual(ids.toSorted());
    await Promise.all(relays.map((relay) => relay.close()));
    await sink.close();
  });
});
