/** Callout deliveries on a real Temporal, a real Postgres and a real receiver. Durations are those of the delivery's row, short. */
import { Client, Connection } from "@temporalio/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Dispatch, Relay } from "../../src/dispatch/index.ts";
import { openDesk, openSink, until, type Desk } from "./desk.ts";
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

/** Ended, and the rules on it have run. */
async function ended(id: string): Promise<Awaited<ReturnType<Desk["delivery"]>>> {
  await until(async () => {
    const { state } = await desk.delivery(id);
    return state === "skipped" || (/succeeded|failed|given_up/u.test(state) && finishedOf(id).length > 0);
  }, `${id} ends`);
  return await desk.delivery(id);
}

function finishedOf(id: string): Desk["finished"] {
  return desk.finished.filter((it) => it.deliveryId === id);
}

async function historyOf(id: string): Promise<string> {
  return JSON.stringify(await client.workflow.getHandle(`callout:${id}`).fetchHistory());
}

describe("a callout delivery", () => {
  it("sends one request to a receiver that takes it, and runs the rules once", async () => {
    const sink = await openSink(() => 204);
    const ticket = await desk.addTicket();
    const request = { url: `${sink.url}/close`, body: '{"a":1}' };
    const id = await desk.addDelivery({ ticketId: ticket.id, request });
    expect(await ended(id)).toMatchObject({ state: "succeeded", attempt_count: 1 });
    expect(sink.requests).toHaveLength(1);
    expect(sink.requests[0]).toMatchObject({ method: "POST", path: "/close", body: '{"a":1}' });
    expect(finishedOf(id)).toMatchObject([{ succeeded: true, callout: { attempts: 1 } }]);
    await sink.close();
  });

  it("tries again after a 503 and after a time-out, with the same webhook-id, one interval after each end", async () => {
    const answers = [503, "hang", 200] as const;
    const sink = await openSink((n) => answers[n - 1] ?? 200);
    const ticket = await desk.addTicket();
    const schedule = { retryEveryMs: 300, timeoutMs: 400 };
    const id = await desk.addDelivery({ ticketId: ticket.id, request: { url: sink.url }, schedule });
    const delivery = await ended(id);
    expect(delivery).toMatchObject({ state: "succeeded", attempt_count: 3 });
    expect(delivery.attempts).toMatchObject([
      { n: 1, status: 503, error: "HTTP 503", response_start: "answer 1", succeeded: false },
      { n: 2, status: null, error: "no answer within 0.4 s", succeeded: false },
      { n: 3, status: 200, error: null, succeeded: true },
    ]);
    const [first, second, third] = sink.requests;
    expect(new Set(sink.requests.map(({ headers }) => headers["webhook-id"]))).toEqual(new Set([id]));
    expect(second!.at - first!.at).toBeGreaterThanOrEqual(300);
    expect(third!.at - second!.at).toBeGreaterThanOrEqual(700);
    await sink.close();
  });

  it("fails after the first request and ten resends, and tells the rules once", async () => {
    const sink = await openSink(() => 503);
    const ticket = await desk.addTicket();
    const id = await desk.addDelivery({ ticketId: ticket.id, request: { url: sink.url } });
    expect(await ended(id)).toMatchObject({
      state: "failed",
      attempt_count: 11,
      reason: "11 attempts failed, the last: HTTP 503",
    });
    expect(sink.requests).toHaveLength(11);
    expect(finishedOf(id)).toMatchObject([
      {
        succeeded: false,
        callout: { name: "Datto close", attempts: 11, lastStatus: 503, lastError: "HTTP 503" },
      },
    ]);
    const history = await historyOf(id);
    expect(history).not.toContain("answer 11");
    await sink.close();
  });

  it("retries now when asked, and that uses one of the attempts", async () => {
    const sink = await openSink((n) => (n < 3 ? 500 : 200));
    const ticket = await desk.addTicket();
    const schedule = { retryEveryMs: 60_000, resends: 2 };
    const id = await desk.addDelivery({ ticketId: ticket.id, request: { url: sink.url }, schedule });
    for (const attempts of [1, 2]) {
      await until(async () => {
        const { state, attempt_count } = await desk.delivery(id);
        return state === "waiting" && attempt_count === attempts;
      }, `attempt ${attempts} fails`);
      // The row says so a moment before the workflow waits: the press is not lost.
      expect(await dispatch.retryNow(id, attempts)).toBe("signalled");
    }
    expect(await ended(id)).toMatchObject({ state: "succeeded", attempt_count: 3 });
    await until(async () => (await dispatch.retryNow(id, 3)) === "not-running", "the workflow has ended");
    await sink.close();
  });

  it.each([
    ["ten years", "315360000"],
    ["no time at all", "0"],
    ["a time that is past", "Sun, 06 Nov 1994 08:49:37 GMT"],
  ])("asked to come again after %s comes within its own schedule", async (_what, header) => {
    const sink = await openSink((n) => (n < 3 ? { status: 503, headers: { "retry-after": header } } : 200));
    const ticket = await desk.addTicket();
    const schedule = { retryEveryMs: 400, resends: 3, honourRetryAfter: true };
    const id = await desk.addDelivery({ ticketId: ticket.id, request: { url: sink.url }, schedule });
    expect(await ended(id)).toMatchObject({ state: "succeeded", attempt_count: 3 });
    const [first, second, third] = sink.requests;
    expect(second!.at - first!.at).toBeGreaterThanOrEqual(400);
    expect(third!.at - second!.at).toBeGreaterThanOrEqual(400);
    await sink.close();
  });

  it("gives up when asked, and runs the rules on failure", async () => {
    const sink = await openSink(() => 500);
    const ticket = await desk.addTicket();
    const id = await desk.addDelivery({
      ticketId: ticket.id,
      request: { url: sink.url },
      schedule: { retryEveryMs: 60_000 },
    });
    await until(async () => (await desk.delivery(id)).state === "waiting", "the first attempt fails");
    expect(await dispatch.giveUp(id)).toBe("signalled");
    expect(await ended(id)).toMatchObject({ state: "given_up", attempt_count: 1 });
    expect(finishedOf(id)).toMatchObject([{ succeeded: false, callout: { lastError: "HTTP 500" } }]);
    expect(await dispatch.giveUp(id)).toBe("not-running");
    await sink.close();
  });

  it("keeps the order of one callout and ticket: a later one waits until the earlier has ended", async () => {
    const sink = await openSink((n, { path }) => (path === "/created" && n < 4 ? 503 : 200));
    const ticket = await desk.addTicket();
    const other = await desk.addTicket();
    const created = await desk.addDelivery({
      ticketId: ticket.id,
      request: { url: `${sink.url}/created` },
      schedule: { retryEveryMs: 150 },
    });
    const closed = await desk.addDelivery({ ticketId: ticket.id, request: { url: `${sink.url}/closed` } });
    const elsewhere = await desk.addDelivery({
      ticketId: other.id,
      request: { url: `${sink.url}/elsewhere` },
    });
    await Promise.all([ended(created), ended(closed), ended(elsewhere)]);
    const paths = sink.requests.map(({ path }) => path).filter((path) => path !== "/elsewhere");
    expect(paths.at(-1)).toBe("/closed");
    expect(paths.filter((path) => path === "/closed")).toHaveLength(1);
    expect(sink.requests.findIndex(({ path }) => path === "/elsewhere")).toBeLessThan(
      sink.requests.findIndex(({ path }) => path === "/closed"),
    );
    await sink.close();
  });

  it("gives up a delivery that waits its turn without sending anything", async () => {
    const sink = await openSink(() => 503);
    const ticket = await desk.addTicket();
    const schedule = { retryEveryMs: 60_000 };
    const first = await desk.addDelivery({
      ticketId: ticket.id,
      request: { url: `${sink.url}/1` },
      schedule,
    });
    const second = await desk.addDelivery({
      ticketId: ticket.id,
      request: { url: `${sink.url}/2` },
      schedule,
    });
    await until(async () => (await desk.delivery(first)).state === "waiting", "the first waits");
    await dispatch.giveUp(second);
    expect(await ended(second)).toMatchObject({ state: "given_up", attempt_count: 0 });
    await dispatch.giveUp(first);
    await ended(first);
    expect(sink.requests.map(({ path }) => path)).toEqual(["/1"]);
    await sink.close();
  });

  it("does not resend what the egress guard refuses", async () => {
    const ticket = await desk.addTicket();
    const id = await desk.addDelivery({
      ticketId: ticket.id,
      request: { url: "http://169.254.169.254/latest" },
    });
    const delivery = await ended(id);
    expect(delivery).toMatchObject({ state: "failed", attempt_count: 1 });
    expect(delivery.reason).toContain("egress refused: a link-local address");
  });

  it("does not resend a 4xx when the rule file says so", async () => {
    const sink = await openSink(() => 422);
    const ticket = await desk.addTicket();
    const schedule = { retryOn4xx: false };
    const id = await desk.addDelivery({ ticketId: ticket.id, request: { url: sink.url }, schedule });
    expect(await ended(id)).toMatchObject({ state: "failed", attempt_count: 1, reason: "HTTP 422" });
    await sink.close();
  });

  it("stops resending when the callout becomes inactive, and then lets the next one go", async () => {
    const sink = await openSink(() => 503);
    const ticket = await desk.addTicket();
    const callout = "Switched off";
    const id = await desk.addDelivery({
      ticketId: ticket.id,
      callout,
      request: { url: sink.url },
      schedule: { retryEveryMs: 400 },
    });
    await until(async () => (await desk.delivery(id)).state === "waiting", "the first attempt fails");
    await desk.store.query({
      text: `insert into callout_switches (callout, active, declaration_hash, switched_by) values ($1, false, 'x', 'test')`,
      values: [callout],
    });
    expect(await ended(id)).toMatchObject({
      state: "skipped",
      reason: "the callout became inactive",
      attempt_count: 1,
    });
    expect(finishedOf(id)).toEqual([]);
    await sink.close();
  });

  it("shows an admin in Temporal what happens, without customers' text in ids and attributes", async () => {
    const sink = await openSink((n) => (n === 1 ? 503 : 200));
    const ticket = await desk.addTicket();
    const schedule = { retryEveryMs: 2000 };
    const id = await desk.addDelivery({ ticketId: ticket.id, request: { url: sink.url }, schedule });
    await ended(id);
    const handle = client.workflow.getHandle(`callout:${id}`);
    await handle.result();
    const description = await handle.describe();
    expect(await description.staticSummary()).toBe(`Datto close for ${ticket.number}`);
    expect(await description.staticDetails()).toContain("at most 11 requests, 2 s after a failed one");
    const attributes = description.typedSearchAttributes.getAll();
    expect(Object.fromEntries(attributes.map(({ key, value }) => [key.name, value]))).toMatchObject({
      TocsinTicket: ticket.number,
      TocsinRule: "Tell the monitoring product",
      TocsinCallout: "Datto close",
      TocsinOrganization: "og_1",
      TocsinAttempt: 2,
    });
    const { events = [] } = await handle.fetchHistory();
    const summaries = events!.map(({ userMetadata }) =>
      Buffer.from(userMetadata?.summary?.data ?? "").toString("utf8"),
    );
    expect(summaries).toContain('"attempt 1 of 11"');
    expect(summaries).toContain('"waits 2 s before attempt 2"');
    expect(summaries).toContain('"attempt 2 of 11"');
    await sink.close();
  });

  it("is one workflow however often it is started", async () => {
    const sink = await openSink(() => "hang");
    const ticket = await desk.addTicket();
    const id = await desk.addDelivery({
      ticketId: ticket.id,
      request: { url: sink.url },
      schedule: { resends: 0, timeoutMs: 1500 },
    });
    await until(() => sink.requests.length === 1, "the first attempt is under way");
    await desk.store.query({
      text: "update outbox set done_at = null, next_at = now() where workflow_id = $1",
      values: [`callout:${id}`],
    });
    await until(async () => {
      const rows = await desk.store.query({
        text: "select from outbox where workflow_id = $1 and done_at is not null",
        values: [`callout:${id}`],
      });
      return rows.length === 1;
    }, "the relay told it again");
    await ended(id);
    expect(sink.requests).toHaveLength(1);
    await sink.close();
  });
});
