/** Callout deliveries on a real Temporal, a real Postgres and a real receiver. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Dispatch, Relay } from "../../src/dispatch/index.ts";
import { openDesk, openSink, until, type Desk } from "./desk.ts";

let desk: Desk;
let dispatch: Dispatch;
let relay: Relay;

beforeAll(async () => {
  desk = await openDesk();
  dispatch = await desk.openDispatch();
  relay = dispatch.startRelay();
  await desk.runWorkers().polling;
});
afterAll(async () => {
  await relay.close();
  await desk.close();
});

async function ended(id: string): Promise<void> {
  await until(
    async () => /succeeded|failed|given_up|skipped/u.test((await desk.delivery(id)).state),
    `${id} ends`,
  );
}

describe("a callout delivery", () => {
  it("sends one request to a receiver that takes it, and runs the rules once", async () => {
    const sink = await openSink(() => 204);
    const ticket = await desk.addTicket();
    const id = await desk.addDelivery({
      ticketId: ticket.id,
      request: { url: `${sink.url}/close`, body: '{"a":1}' },
    });
    await ended(id);
    expect(await desk.delivery(id)).toMatchObject({ state: "succeeded", attempt_count: 1 });
    expect(sink.requests).toHaveLength(1);
    expect(sink.requests[0]).toMatchObject({ method: "POST", path: "/close", body: '{"a":1}' });
    expect(sink.requests[0]?.headers["webhook-id"]).toBe(id);
    await until(() => desk.finished.some((it) => it.deliveryId === id), "the rules run");
    expect(desk.finished.filter((it) => it.deliveryId === id)).toMatchObject([{ succeeded: true }]);
    await sink.close();
  });
});
