/** The outbox and the reconciler against a Temporal of their own that goes, comes back, and loses everything. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client, Connection } from "@temporalio/client";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import type { Dispatch, Relay } from "../../src/dispatch/index.ts";
import { startTemporal, type EmbeddedTemporal } from "../../src/supervisor/index.ts";
import { openDesk, openSink, until, type Desk } from "../workflows/desk.ts";

const dataDir = mkdtempSync(join(tmpdir(), "tocsin-test-away-"));
let temporal: EmbeddedTemporal;
let desk: Desk;
let dispatch: Dispatch;
let relay: Relay;

async function start(port: number, durability: "full" | "none"): Promise<void> {
  temporal = await startTemporal({ dataDir, port, uiPort: "none", durability });
}

beforeAll(async () => {
  await start(0, "none");
  desk = await openDesk({ postgresUrl: inject("postgresUrl"), temporalAddress: temporal.address });
  dispatch = await desk.openDispatch();
  relay = dispatch.startRelay();
  await desk.runWorkers().polling;
});
afterAll(async () => {
  await relay.close();
  await desk.close();
  await temporal.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

describe("with Temporal away", () => {
  it("what was committed waits in the outbox, and goes out when Temporal is back", async () => {
    const sink = await openSink(() => 200);
    const ticket = await desk.addTicket();
    await temporal.stop();
    expect(await dispatch.temporalHealth()).toBe("unreachable");
    const id = await desk.addDelivery({ ticketId: ticket.id, request: { url: sink.url } });
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(await desk.delivery(id)).toMatchObject({ state: "pending", attempt_count: 0 });
    await expect(dispatch.retryNow(id, 0)).rejects.toMatchObject({ code: "temporal_away" });
    await start(temporal.port, "none");
    await until(async () => (await desk.delivery(id)).state === "succeeded", "it is sent", 60_000);
    expect(sink.requests).toHaveLength(1);
    expect(await dispatch.temporalHealth()).toBe("ok");
    await sink.close();
  }, 120_000);

  it("a delivery that Temporal forgot goes on with the attempts it had, and a window opens again", async () => {
    const sink = await openSink((n) => (n < 3 ? 503 : 200));
    const ticket = await desk.addTicket({ windowMs: 300_000 });
    const schedule = { retryEveryMs: 3000, resends: 4 };
    const id = await desk.addDelivery({ ticketId: ticket.id, request: { url: sink.url }, schedule });
    await until(async () => (await desk.delivery(id)).state === "waiting", "the first attempt fails");
    await temporal.stop();
    // In memory: the new one knows nothing.
    await start(temporal.port, "none");
    await until(async () => (await desk.delivery(id)).state === "succeeded", "it is sent", 60_000);
    const { attempts } = await desk.delivery(id);
    expect(attempts.map(({ n, status }) => [n, status])).toEqual([
      [1, 503],
      [2, 503],
      [3, 200],
    ]);
    expect(sink.requests).toHaveLength(3);
    expect(sink.requests[1]!.at - sink.requests[0]!.at).toBeGreaterThanOrEqual(2900);
    const connection = await Connection.connect({ address: temporal.address });
    const window = await new Client({ connection }).workflow.getHandle(`dedup:${ticket.number}`).describe();
    expect(window.status.name).toBe("RUNNING");
    await connection.close();
    await sink.close();
  }, 120_000);

  it("a delivery whose workflow was terminated is given up, and one that finished without its rules has them run", async () => {
    const sink = await openSink(() => 503);
    const ticket = await desk.addTicket();
    const schedule = { retryEveryMs: 60_000 };
    const id = await desk.addDelivery({ ticketId: ticket.id, request: { url: sink.url }, schedule });
    await until(async () => (await desk.delivery(id)).state === "waiting", "the first attempt fails");
    const connection = await Connection.connect({ address: temporal.address });
    await new Client({ connection }).workflow.getHandle(`callout:${id}`).terminate("by hand");
    await connection.close();
    const other = await desk.addTicket();
    const [done] = await desk.store.query<{ id: string }>({
      text: `insert into deliveries (id, callout, ticket_id, rule, created_at, state, request, schedule, finished_at, attempt_count)
        select id || 'x', callout, $2, rule, created_at, 'succeeded', request, schedule, now(), 1 from deliveries where id = $1
        returning id`,
      values: [id, other.id],
    });
    expect((await dispatch.reconcile()).started).toBeGreaterThanOrEqual(2);
    await until(() => desk.finished.some((it) => it.deliveryId === id), "the rules on failure run");
    await until(() => desk.finished.some((it) => it.deliveryId === done!.id), "the rules on success run");
    expect(await desk.delivery(id)).toMatchObject({ state: "given_up", attempt_count: 1 });
    expect(sink.requests).toHaveLength(1);
    await sink.close();
  }, 60_000);
});
