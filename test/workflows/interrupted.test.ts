/** What happens to an attempt whose worker stops or dies in the middle of it. */
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Dispatch, Relay } from "../../src/dispatch/index.ts";
import { CALLOUT_HOST_AT_ONCE_MAX } from "../../src/domain/index.ts";
import { beginAttempt } from "../../src/store/index.ts";
import { openDesk, openSink, until, type Desk } from "./desk.ts";
import { services } from "./services.ts";

let desk: Desk;
let dispatch: Dispatch;
let relay: Relay;

beforeAll(async () => {
  desk = await openDesk(services());
  dispatch = await desk.openDispatch();
  relay = dispatch.startRelay();
});
afterAll(async () => {
  await relay.close();
  await desk.close();
});

describe("an attempt that is cut off", () => {
  it("by a stopping worker counts, is recorded as interrupted, and the next follows after its time-out", async () => {
    const sink = await openSink((n) => (n === 1 ? "hang" : 200));
    const workers = desk.runWorkers({ graceMs: 200 });
    await workers.polling;
    const ticket = await desk.addTicket();
    const schedule = { retryEveryMs: 500, timeoutMs: 3000 };
    const id = await desk.addDelivery({ ticketId: ticket.id, request: { url: sink.url }, schedule });
    await until(() => sink.requests.length === 1, "the first attempt is under way");
    await workers.close();
    await until(async () => (await desk.delivery(id)).attempts[0]?.error === "interrupted", "it is recorded");
    const next = desk.runWorkers();
    await until(async () => (await desk.delivery(id)).state === "succeeded", "the next attempt succeeds");
    expect((await desk.delivery(id)).attempts).toMatchObject([{ error: "interrupted" }, { succeeded: true }]);
    expect(sink.requests[1]!.at - sink.requests[0]!.at).toBeGreaterThanOrEqual(3400);
    await next.close();
    await sink.close();
  }, 60_000);

  it("by a killed worker counts, and is sent by nobody again under its number", async () => {
    const sink = await openSink((n) => (n === 1 ? "hang" : 200));
    const child = fork(fileURLToPath(new URL("worker-process.ts", import.meta.url)), {
      env: {
        ...process.env,
        WORKER_DATABASE_URL: desk.config.databaseUrl,
        WORKER_TEMPORAL_ADDRESS: desk.config.temporal.address,
        WORKER_QUEUE_PREFIX: desk.prefix,
      },
    });
    const ticket = await desk.addTicket();
    const schedule = { retryEveryMs: 200, timeoutMs: 500, resends: 1 };
    const id = await desk.addDelivery({
      ticketId: ticket.id,
      request: { url: sink.url },
      schedule: { ...schedule, timeoutMs: 2000 },
    });
    await until(() => sink.requests.length === 1, "the first attempt is under way");
    child.kill("SIGKILL");
    const workers = desk.runWorkers();
    await until(
      async () => (await desk.delivery(id)).state === "succeeded",
      "the next attempt succeeds",
      40_000,
    );
    expect((await desk.delivery(id)).attempts).toMatchObject([
      { n: 1, error: "interrupted", succeeded: false },
      { n: 2, succeeded: true },
    ]);
    expect(sink.requests).toHaveLength(2);
    await workers.close();
    await sink.close();
  }, 60_000);

  it("by a worker killed with all turns of a host leaves them to the next worker at once", async () => {
    const sink = await openSink((n) => (n <= CALLOUT_HOST_AT_ONCE_MAX ? "hang" : 200));
    const child = fork(fileURLToPath(new URL("worker-process.ts", import.meta.url)), {
      env: {
        ...process.env,
        WORKER_DATABASE_URL: desk.config.databaseUrl,
        WORKER_TEMPORAL_ADDRESS: desk.config.temporal.address,
        WORKER_QUEUE_PREFIX: desk.prefix,
      },
    });
    const ids: string[] = [];
    for (let i = 0; i < CALLOUT_HOST_AT_ONCE_MAX + 3; i += 1) {
      const ticket = await desk.addTicket();
      const schedule = { retryEveryMs: 200, timeoutMs: 5000, resends: 1 };
      ids.push(await desk.addDelivery({ ticketId: ticket.id, request: { url: sink.url }, schedule }));
    }
    const states = async (): Promise<Awaited<ReturnType<Desk["delivery"]>>[]> =>
      await Promise.all(ids.map(async (id) => await desk.delivery(id)));
    await until(
      async () =>
        // All of them at the host, else a later request would be one of those that it lets hang.
        sink.requests.length === CALLOUT_HOST_AT_ONCE_MAX &&
        (await states()).filter(({ reason }) => reason?.includes("as many requests")).length === 3,
      "the host has no turn left",
    );
    child.kill("SIGKILL");
    const workers = desk.runWorkers();
    // Those that waited for a turn go out although nobody heard the end of the others, and these go out again.
    await until(
      async () => (await states()).every(({ state }) => state === "succeeded"),
      "all went out",
      80_000,
    );
    const attempts = (await states()).map((delivery) => delivery.attempts.length);
    expect(attempts.filter((made) => made === 1)).toHaveLength(3);
    expect(attempts.filter((made) => made === 2)).toHaveLength(CALLOUT_HOST_AT_ONCE_MAX);
    expect(sink.requests).toHaveLength(2 * CALLOUT_HOST_AT_ONCE_MAX + 3);
    await workers.close();
    await sink.close();
  }, 150_000);

  it("is not begun a second time under its number", async () => {
    const ticket = await desk.addTicket();
    const id = await desk.addDelivery({ ticketId: ticket.id, request: { url: "http://127.0.0.1:9/" } });
    const begin = (): ReturnType<typeof beginAttempt> =>
      beginAttempt(desk.store, { deliveryId: id, n: 1, at: Date.now() });
    const outcomes = await Promise.all([begin(), begin(), begin()]);
    expect(outcomes.map(({ kind }) => kind).toSorted()).toEqual(["begun", "used", "used"]);
  });
});
