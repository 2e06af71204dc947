/** An admin steers callouts: over HTTP, with a server and a worker, on a real Postgres, a real Temporal and real receivers. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startServer, type RunningServer } from "../../src/server/index.ts";
import { startWorker, type RunningWorker } from "../../src/worker/index.ts";
import { openDesk, openSink, silent, until, type Desk } from "./desk.ts";
import { services } from "./services.ts";

const KEY = "admin-key-of-this-test";

type Sink = Awaited<ReturnType<typeof openSink>>;
interface DeliveryJson {
  readonly id: string;
  readonly state: string;
  readonly reason?: string;
  readonly attempts: readonly { readonly status?: number; readonly response_start?: string }[];
  readonly replay_of?: string;
  readonly requested_by?: { readonly name: string };
  readonly test?: true;
}

let desk: Desk;
let server: RunningServer;
let worker: RunningWorker;
/** Answers what `status` says at the moment. */
let sink: Sink;
let status = 200;

const rules = (url: string): string => `
recipient "noc"
  webhook "${url}/chat"
end

callout "close"
  post "${url}/close/{ticket.title}"
  body json
    number = ticket.number
  end
  retry every 1 second up to 1 times
  pause after 2 failed deliveries
  notify "noc" on failure
end

callout "plain"
  post "${url}/plain"
  retry every 1 second up to 0 times
  notify "noc" on failure
end

callout "slow"
  post "${url}/slow"
  retry every 10 minutes up to 5 times
  notify "noc" on failure
end

inactive callout "off"
  post "${url}/off"
  only when ticket.status is "New"
  notify "noc" on failure
end

rule "Tell"
  when ticket completed
  if ticket.queue is "close"
  then run callout "close"
end

rule "Tell plainly"
  when ticket completed
  if ticket.queue is "plain"
  then run callout "plain"
end

rule "Tell slowly"
  when ticket completed
  if ticket.queue is "slow"
  then run callout "slow"
end

rule "It failed"
  when callout "plain" failed
  then add note "failed: {callout.last_error}"
end
`;

async function call<Answer>(
  method: string,
  path: string,
  body?: unknown,
): Promise<Answer & { http: number }> {
  const response = await fetch(`${server.url}/api/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${KEY}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { ...(text === "" ? {} : (JSON.parse(text) as object)), http: response.status } as Answer & {
    http: number;
  };
}

async function newTicket(title: string, queue: string): Promise<string> {
  const { number } = await call<{ number: string }>("POST", "/tickets", { title, queue });
  return number;
}

/** Completes a ticket, so that the queue's callout runs; its delivery when it has ended or waits as asked. */
async function triggered(title: string, queue: "close" | "plain" | "slow"): Promise<string> {
  const number = await newTicket(title, queue);
  await call("PATCH", `/tickets/${number}`, { status: "Complete" });
  let id = "";
  await until(async () => {
    const { items } = await call<{ items: DeliveryJson[] }>("GET", `/deliveries?ticket=${number}`);
    id = items[0]?.id ?? "";
    return id !== "";
  }, "the delivery is there");
  return id;
}

const delivery = async (id: string): Promise<DeliveryJson> =>
  await call<DeliveryJson>("GET", `/deliveries/${id}`);

async function becomes(id: string, state: string): Promise<DeliveryJson> {
  await until(async () => (await delivery(id)).state === state, `${id} is ${state}`);
  return await delivery(id);
}

const sentTo = (path: string): number => sink.requests.filter((request) => request.path === path).length;

beforeAll(async () => {
  desk = await openDesk(services(), {
    env: { TOCSIN_API_KEY: KEY, TOCSIN_HTTP_PORT: "0", TOCSIN_SMTP_PORT: "0" },
  });
  server = await startServer(desk.config, silent);
  worker = await startWorker(desk.config, silent, { taskQueuePrefix: desk.prefix });
  sink = await openSink((_n, { path }) => (path === "/chat" ? 200 : status));
  const files = [{ path: "test.rules", text: rules(sink.url) }];
  const published = await call("POST", "/rule-sets", { files });
  if (published.http !== 201) throw new Error(JSON.stringify(published));
}, 60_000);
afterAll(async () => {
  await worker?.close();
  await server?.close();
  await sink?.close();
  await desk?.close();
});

describe("replaying", () => {
  it("sends a finished delivery once more as one of its own, with the same body, and says whose replay it is", async () => {
    status = 200;
    const first = await triggered("one", "close");
    await becomes(first, "succeeded");
    const replay = await call<DeliveryJson>("POST", `/deliveries/${first}/replay`);
    expect(replay).toMatchObject({ http: 201, replay_of: first, requested_by: { kind: "staff" } });
    await becomes(replay.id, "succeeded");
    const [before, after] = sink.requests.filter(({ path }) => path === "/close/one");
    expect(after?.body).toBe(before?.body);
    expect([before, after].map((one) => one?.headers["webhook-id"])).toEqual([first, replay.id]);
  });

  it("refuses what is under way, what was never built and what does not exist", async () => {
    status = 200;
    const number = await newTicket("skipped", "plain");
    const test = await call<DeliveryJson>("POST", "/callouts/off/test", { ticket: number });
    await becomes(test.id, "succeeded");
    expect(await call("POST", `/deliveries/${test.id}/replay`)).toMatchObject({
      http: 409,
      code: "wrong_state",
    });
    expect(await call("POST", "/deliveries/dl_nothing/replay")).toMatchObject({ http: 404 });
    status = 503;
    const waiting = await triggered("waits", "close");
    expect(await call("POST", `/deliveries/${waiting}/replay`)).toMatchObject({
      http: 409,
      code: "wrong_state",
    });
    await becomes(waiting, "failed");
    expect(await call("POST", "/callouts/close/activate")).toMatchObject({ http: 200 });
  });

  it("replays what failed since a time, some a second, once", async () => {
    status = 500;
    const since = new Date().toISOString();
    const failed = [
      await triggered("a", "plain"),
      await triggered("b", "plain"),
      await triggered("c", "plain"),
    ];
    for (const id of failed) await becomes(id, "failed");
    status = 200;
    const asked = { callout: "plain", since, per_second: 2 };
    const replay = await call<{ workflow_id: string; matching: number }>("POST", "/deliveries/replay", asked);
    expect(replay).toMatchObject({
      http: 202,
      matching: 3,
      workflow_id: expect.stringMatching(/^replay:rp_/u),
    });
    await until(async () => {
      const { items } = await call<{ items: DeliveryJson[] }>(
        "GET",
        "/deliveries?callout=plain&state=succeeded",
      );
      return failed.every((id) => items.some((one) => one.replay_of === id));
    }, "all three were replayed");
    expect(await call("POST", "/deliveries/replay", asked)).toMatchObject({ http: 202, matching: 0 });
    const audit = await call<{ items: { action: string; details: object }[] }>(
      "GET",
      "/audit?action=deliveries%20replay",
    );
    expect(audit.items.map(({ details }) => details)).toMatchObject([{ matching: 0 }, { matching: 3 }]);
  });

  it.each([
    [{ callout: "plain", since: "yesterday", per_second: 1 }, 400],
    [{ callout: "plain", since: "2999-01-01T00:00:00Z", per_second: 1 }, 400],
    [{ callout: "plain", since: "2026-01-01T00:00:00Z", per_second: 0 }, 400],
    [{ callout: "plain", since: "2026-01-01T00:00:00Z", per_second: 1e9 }, 400],
    [{ callout: "nobody", since: "2026-01-01T00:00:00Z", per_second: 1 }, 404],
    [{ callout: "off", since: "2026-01-01T00:00:00Z", per_second: 1 }, 409],
  ])("refuses %j", async (body, http) => {
    expect(await call("POST", "/deliveries/replay", body)).toMatchObject({ http });
  });
});

describe("a test call", () => {
  it("sends once, also of an inactive callout, shows what came back, and runs neither rules nor notices", async () => {
    status = 500;
    const number = await newTicket("tested", "plain");
    const test = await call<DeliveryJson>("POST", "/callouts/plain/test", { ticket: number });
    expect(test).toMatchObject({ http: 201, test: true });
    expect((await becomes(test.id, "failed")).attempts).toMatchObject([{ n: 1, status: 500 }]);
    const { notes } = await call<{ notes: readonly object[] }>("GET", `/tickets/${number}`);
    expect(notes).toEqual([]);
    const notices = await call<{ items: readonly object[] }>("GET", `/notifications?ticket=${number}`);
    expect(notices.items).toEqual([]);
    status = 200;
    const off = await call<DeliveryJson>("POST", "/callouts/off/test", { ticket: number });
    await becomes(off.id, "succeeded");
  });

  it("says why nothing was sent, and which ticket or callout there is not", async () => {
    const number = await newTicket("done", "plain");
    await call("PATCH", `/tickets/${number}`, { status: "Complete" });
    const skipped = await call<DeliveryJson>("POST", "/callouts/off/test", { ticket: number });
    expect(skipped).toMatchObject({
      http: 201,
      state: "skipped",
      reason: expect.stringContaining("only when"),
    });
    expect(await call("POST", "/callouts/off/test", { ticket: "T1" })).toMatchObject({
      http: 422,
      code: "unknown_reference",
    });
    expect(await call("POST", "/callouts/nobody/test", { ticket: number })).toMatchObject({ http: 404 });
  });
});

describe("a callout that is deactivated", () => {
  it("has what waits stop at once and recorded as skipped, and what follows too, until it is activated", async () => {
    status = 503;
    const waiting = await triggered("d1", "slow");
    await becomes(waiting, "waiting");
    expect(await call("POST", "/callouts/slow/deactivate")).toMatchObject({ http: 200, active: false });
    expect(await becomes(waiting, "skipped")).toMatchObject({ reason: "the callout became inactive" });
    await becomes(await triggered("d2", "slow"), "skipped");
    expect(sentTo("/slow")).toBe(1);
    status = 200;
    await call("POST", "/callouts/slow/activate");
    await becomes(await triggered("d3", "slow"), "succeeded");
    expect((await delivery(waiting)).state).toBe("skipped");
  });
});

describe("a callout that pauses after two failed deliveries", () => {
  it("lets new ones wait without using attempts, tries the oldest, and goes on in order after a success", async () => {
    status = 200;
    await becomes(await triggered("p0", "close"), "succeeded");
    status = 503;
    const failed = [await triggered("p1", "close"), await triggered("p2", "close")];
    for (const id of failed) await becomes(id, "failed");
    const paused = async (): Promise<unknown> => {
      const { items } = await call<{ items: { name: string; paused?: unknown }[] }>("GET", "/callouts");
      return items.find(({ name }) => name === "close")?.paused;
    };
    await until(async () => (await paused()) !== undefined, "the callout is paused");
    const waiting = [await triggered("p3", "close"), await triggered("p4", "close")];
    for (const id of waiting) {
      await until(async () => (await delivery(id)).reason?.includes("paused") === true, `${id} waits`);
      expect((await delivery(id)).attempts).toEqual([]);
    }
    expect(sentTo("/close/p3") + sentTo("/close/p4")).toBe(0);

    status = 200;
    // The next try is five minutes away; a person's is now.
    expect(await call("POST", `/deliveries/${waiting[0]}/retry-now`)).toMatchObject({ http: 200 });
    for (const id of waiting) expect((await becomes(id, "succeeded")).attempts).toHaveLength(1);
    expect(await paused()).toBeUndefined();
    const told = sink.requests.filter(({ path }) => path === "/chat").map(({ body }) => body);
    expect(told.filter((body) => body.includes('callout \\"close\\" is paused'))).toHaveLength(1);
    await until(
      () => Promise.resolve(sink.requests.some(({ body }) => body.includes("goes on"))),
      "it is told",
    );
  });

  it("goes on at once when an admin activates it", async () => {
    status = 503;
    for (const id of [await triggered("q1", "close"), await triggered("q2", "close")])
      await becomes(id, "failed");
    const waiting = await triggered("q3", "close");
    await until(async () => (await delivery(waiting)).reason?.includes("paused") === true, "it waits");
    status = 200;
    expect(await call("POST", "/callouts/close/activate")).toMatchObject({ http: 200, active: true });
    await becomes(waiting, "succeeded");
  });
});
