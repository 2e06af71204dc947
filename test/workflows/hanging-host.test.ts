/** A host that never answers, on a real Temporal and Postgres: it keeps its own slots busy, and no other host waits for it. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CALLOUT_HOST_AT_ONCE_MAX } from "../../src/domain/index.ts";
import { openDesk, openSink, until, type Desk, type Sink } from "./desk.ts";
import { services } from "./services.ts";

const GOOD_HOSTS = 9;
const EACH = 4;
/** More than a worker has slots for slow calls: without turns they would fill all of them. */
const AT_THE_HANGING = 70;

let desk: Desk;
let hanging: Sink;
let good: readonly Sink[];
beforeAll(async () => {
  desk = await openDesk(services());
  hanging = await openSink(() => "hang");
  good = await Promise.all(Array.from({ length: GOOD_HOSTS }, async () => await openSink(() => 200)));
}, 60_000);
afterAll(async () => {
  await hanging?.close();
  for (const sink of good ?? []) await sink.close();
  await desk?.close();
});

async function deliver(url: string, schedule: object, callout = "Datto close"): Promise<string> {
  const ticket = await desk.addTicket();
  return await desk.addDelivery({ ticketId: ticket.id, callout, request: { url }, schedule });
}

describe("a host that never answers", () => {
  it("gets so many requests at once and no more, while all others get theirs before its first attempts end", async () => {
    // Long enough that none of its attempts can end within this test.
    const slow = { timeoutMs: 60_000 };
    const stuck: string[] = [];
    // Under two names, and by many callouts.
    const names = [hanging.url, hanging.url.replace("127.0.0.1", "localhost")];
    for (let i = 0; i < AT_THE_HANGING; i += 1)
      stuck.push(await deliver(names[i % names.length]!, slow, `callout ${i % 10}`));
    const served: string[] = [];
    for (let i = 0; i < EACH; i += 1) for (const { url } of good) served.push(await deliver(url, {}));
    const dispatch = await desk.openDispatch();
    dispatch.startRelay();
    await desk.runWorkers({ graceMs: 500 }).polling;
    await until(
      async () => {
        const states = await Promise.all(served.map(async (id) => (await desk.delivery(id)).state));
        return states.every((state) => state === "succeeded");
      },
      "the good hosts have all of theirs",
      55_000,
    );
    expect(hanging.requests).toHaveLength(names.length * CALLOUT_HOST_AT_ONCE_MAX);
    const open = await Promise.all(stuck.map(async (id) => await desk.delivery(id)));
    const begun = open.filter(({ attempts }) => attempts.length > 0);
    expect(begun).toHaveLength(names.length * CALLOUT_HOST_AT_ONCE_MAX);
    expect(begun.every(({ attempts }) => attempts[0]?.succeeded === null)).toBe(true);
    // The others were sent away without using one of their attempts.
    expect(open.filter(({ reason }) => reason?.includes("as many requests") === true).length).toBeGreaterThan(
      0,
    );
  }, 90_000);
});
