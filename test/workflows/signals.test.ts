/** Signals as people send them from the Temporal UI: twice, with nonsense in them, too early, unknown ones. */
import { Client, Connection } from "@temporalio/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openDesk, openSink, until, type Desk } from "./desk.ts";
import { services } from "./services.ts";

let desk: Desk;
let client: Client;
let connection: Connection;
beforeAll(async () => {
  desk = await openDesk(services());
  connection = await Connection.connect({ address: services().temporalAddress });
  client = new Client({ connection });
  const dispatch = await desk.openDispatch();
  dispatch.startRelay();
  await desk.runWorkers().polling;
}, 60_000);
afterAll(async () => {
  await connection?.close();
  await desk?.close();
});

describe("signals to a callout", () => {
  it("are one attempt for two presses in one wait, ignore what they carry, and end it once", async () => {
    const sink = await openSink(() => 500);
    const ticket = await desk.addTicket();
    const schedule = { retryEveryMs: 600_000 };
    const id = await desk.addDelivery({ ticketId: ticket.id, request: { url: sink.url }, schedule });
    await until(async () => (await desk.delivery(id)).state === "waiting", "the first attempt failed");
    const handle = client.workflow.getHandle(`callout:${id}`);
    // The row says so a moment before the workflow waits.
    await until(async () => (await handle.query<{ state: string }>("state")).state === "waiting", "it waits");
    await Promise.all([
      handle.signal("retryNow", { nonsense: ["x".repeat(1000), null, -1] }),
      handle.signal("retryNow"),
      handle.signal("nothingOfOurs", "?"),
    ]);
    await until(async () => sink.requests.length === 2, "it is tried again");
    await until(
      async () => (await handle.query<{ state: string }>("state")).state === "waiting",
      "it waits again",
    );
    await Promise.all([
      handle.signal("giveUp", 7),
      handle.signal("giveUp", "please"),
      handle.signal("retryNow"),
    ]);
    expect(await handle.result()).toMatchObject({ state: "given_up", attempts: 2 });
    expect((await desk.delivery(id)).state).toBe("given_up");
    expect(sink.requests).toHaveLength(2);
    expect(desk.finished.filter(({ deliveryId }) => deliveryId === id)).toHaveLength(1);
    const { typedSearchAttributes } = await handle.describe();
    const outcome = typedSearchAttributes.getAll().find(({ key }) => key.name === "TocsinOutcome");
    expect(outcome?.value).toBe("given_up");
    await sink.close();
  });

  it("that came while an attempt was under way have the next follow at once, and count no more once one has begun since", async () => {
    const sink = await openSink((n) => (n === 1 ? "hang" : 500));
    const ticket = await desk.addTicket();
    const schedule = { retryEveryMs: 600_000, timeoutMs: 2000 };
    const id = await desk.addDelivery({ ticketId: ticket.id, request: { url: sink.url }, schedule });
    await until(() => sink.requests.length === 1, "the first attempt is under way");
    const handle = client.workflow.getHandle(`callout:${id}`);
    // More than was begun, as anybody may type it, is one attempt too.
    await handle.signal("retryNow", { afterAttempt: 99 });
    await until(() => sink.requests.length === 2, "the second follows");
    await until(
      async () => (await handle.query<{ state: string }>("state")).state === "waiting",
      "it waits again",
    );
    await handle.signal("retryNow", { afterAttempt: 1 });
    await handle.signal("giveUp");
    expect(await handle.result()).toMatchObject({ state: "given_up", attempts: 2 });
    expect(sink.requests).toHaveLength(2);
    await sink.close();
  });
});
