/** Windows on a real Temporal: they wait, tell, and cost little. */
import { Client, Connection } from "@temporalio/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Dispatch, Relay } from "../../src/dispatch/index.ts";
import { openDesk, until, type Desk } from "./desk.ts";
import { services } from "./services.ts";

let desk: Desk;
let dispatch: Dispatch;
let relay: Relay;
let connection: Connection;
let client: Client;

beforeAll(async () => {
  desk = await openDesk(services());
  dispatch = await desk.openDispatch();
  relay = dispatch.startRelay();
  connection = await Connection.connect({ address: services().temporalAddress });
  client = new Client({ connection });
  await desk.runWorkers().polling;
});
afterAll(async () => {
  await relay.close();
  await desk.close();
  await connection.close();
});

async function isRunning(number: string): Promise<boolean> {
  try {
    return (await client.workflow.getHandle(`dedup:${number}`).describe()).status.name === "RUNNING";
  } catch {
    return false;
  }
}

describe("a dedup window", () => {
  it("waits for its end, and without a repeat schedules no activity task", async () => {
    const { number } = await desk.addTicket({ windowMs: 2500 });
    await until(() => isRunning(number), "it opens");
    const handle = client.workflow.getHandle(`dedup:${number}`);
    expect(await handle.result()).toEqual({ ended: "time is up", repeats: 0 });
    const { events } = await handle.fetchHistory();
    expect(
      events!.some(
        (it) =>
          it.activityTaskScheduledEventAttributes !== null &&
          it.activityTaskScheduledEventAttributes !== undefined,
      ),
    ).toBe(false);
    expect(events!.length).toBeLessThanOrEqual(12);
  });

  it("tells at its end how many repeats came in, without a signal for each", async () => {
    const { id, number } = await desk.addTicket({ windowMs: 2500 });
    await desk.store.query({
      text: `update tickets set repeat_count = 3 where id = $1`,
      values: [id],
    });
    await until(() => isRunning(number), "it opens");
    expect(await client.workflow.getHandle(`dedup:${number}`).result()).toMatchObject({ repeats: 3 });
  });

  it("ends when the ticket is completed", async () => {
    const { number } = await desk.addTicket({ windowMs: 300_000 });
    await until(() => isRunning(number), "it opens");
    await desk.store.query({
      text: `insert into outbox (lane, kind, workflow_id, payload) values (2, 'ticket-completed', $1, '{}')`,
      values: [`dedup:${number}`],
    });
    expect(await client.workflow.getHandle(`dedup:${number}`).result()).toMatchObject({
      ended: "ticket completed",
    });
  });

  it("that was over before anybody could start it is not started", async () => {
    await relay.close();
    const { number } = await desk.addTicket({ windowMs: 100 });
    await new Promise((resolve) => setTimeout(resolve, 200));
    relay = dispatch.startRelay();
    await until(async () => {
      const rows = await desk.store.query({
        text: "select from outbox where workflow_id = $1 and done_at is null",
        values: [`dedup:${number}`],
      });
      return rows.length === 0;
    }, "the outbox lets it go");
    await expect(client.workflow.getHandle(`dedup:${number}`).describe()).rejects.toThrow();
  });
});
