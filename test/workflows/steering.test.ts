/** An admin steers callouts: replays, test calls, switching off. Over HTTP, with a server and a worker. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { until } from "./desk.ts";
import { openSteering, rulesOf, type DeliveryJson, type Steering } from "./steering-desk.ts";

const callouts = {
  close: "retry every 1 second up to 1 times",
  plain: "retry every 1 second up to 0 times",
  slow: "retry every 10 minutes up to 5 times",
  off: 'inactiveonly when ticket.status is "New"',
  away: "inactive",
};
const FAILED_RULE = `
rule "It failed"
  when callout "plain" failed
  then add note "failed: {callout.last_error}"
end
`;

let at: Steering;
beforeAll(async () => {
  at = await openSteering();
  await at.publish(rulesOf(at.sinkUrl, callouts, FAILED_RULE));
}, 120_000);
afterAll(async () => {
  await at?.close();
});

describe("replaying", () => {
  it("sends a finished delivery once more as one of its own, with the same body, and says whose replay it is", async () => {
    const first = await at.triggered("close one");
    await at.becomes(first, "succeeded");
    const replay = await at.call<DeliveryJson>("POST", `/deliveries/${first}/replay`);
    expect(replay).toMatchObject({ http: 201, replay_of: first, requested_by: { kind: "staff" } });
    await at.becomes(replay.id, "succeeded");
    const [before, after] = at.requests.filter(({ path }) => path === "/close/close%20one");
    expect(after?.body).toBe(before?.body);
    expect([before, after].map((one) => one?.headers["webhook-id"])).toEqual([first, replay.id]);
  });

  it("refuses what was never built, what is inactive and what does not exist", async () => {
    const open = await at.ticket("off skipped");
    const test = await at.call<DeliveryJson>("POST", "/callouts/off/test", { ticket: open });
    await at.becomes(test.id, "succeeded");
    expect(await at.call("POST", `/deliveries/${test.id}/replay`)).toMatchObject({
      http: 409,
      code: "wrong_state",
      detail: 'callout "off" is inactive: activate it first',
    });
    const never = await at.triggered("off never");
    await at.call("POST", "/callouts/off/activate");
    expect(await at.call("POST", `/deliveries/${never}/replay`)).toMatchObject({
      http: 409,
      state: "skipped",
      detail: expect.stringContaining("no request was ever built for it"),
    });
    await at.call("POST", "/callouts/off/deactivate");
    expect(await at.call("POST", "/deliveries/dl_nothing/replay")).toMatchObject({ http: 404 });
    const asked = { callout: "off", since: "2026-01-01T00:00:00Z", per_second: 1 };
    expect(await at.call("POST", "/deliveries/replay", asked)).toMatchObject({ http: 409 });
  });

  it("sends what was skipped since its callout was off, once it is on", async () => {
    const skipped = await at.triggered("away one");
    await at.becomes(skipped, "skipped");
    await at.call("POST", "/callouts/away/activate");
    const replay = await at.call<DeliveryJson>("POST", `/deliveries/${skipped}/replay`);
    expect(replay).toMatchObject({ http: 201, replay_of: skipped });
    expect((await at.becomes(replay.id, "succeeded")).attempts).toHaveLength(1);
    expect(await at.call("GET", `/deliveries/${skipped}`)).toMatchObject({ state: "skipped", attempts: [] });
  });

  it("replays what failed since a time, some a second, once", async () => {
    at.answer("/plain/", 500);
    const since = new Date().toISOString();
    const failed: string[] = [];
    for (const title of ["a", "b", "c"]) failed.push(await at.triggered(`plain ${title}`));
    for (const id of failed) await at.becomes(id, "failed");
    at.answer("/plain/", 200);
    const asked = { callout: "plain", since, per_second: 2 };
    const replay = await at.call("POST", "/deliveries/replay", asked);
    expect(replay).toMatchObject({
      http: 202,
      matching: 3,
      workflow_id: expect.stringMatching(/^replay:rp_/u),
    });
    await until(async () => {
      const { items } = await at.call<{ items: DeliveryJson[] }>(
        "GET",
        "/deliveries?callout=plain&state=succeeded",
      );
      return failed.every((id) => items.some((one) => one.replay_of === id));
    }, "all three were replayed");
    expect(await at.call("POST", "/deliveries/replay", asked)).toMatchObject({ http: 202, matching: 0 });
  });
});

describe("a test call", () => {
  it("sends once, also of an inactive callout, shows what came back, and runs neither rules nor notices", async () => {
    at.answer("/plain/", 500);
    const number = await at.ticket("plain tested");
    const test = await at.call<DeliveryJson>("POST", "/callouts/plain/test", { ticket: number });
    expect(test).toMatchObject({ http: 201, test: true });
    expect((await at.becomes(test.id, "failed")).attempts).toMatchObject([{ n: 1, status: 500 }]);
    const { notes } = await at.call<{ notes: readonly object[] }>("GET", `/tickets/${number}`);
    expect(notes).toEqual([]);
    const notices = await at.call<{ items: readonly object[] }>("GET", `/notifications?ticket=${number}`);
    expect(notices.items).toEqual([]);
    const off = await at.call<DeliveryJson>("POST", "/callouts/off/test", { ticket: number });
    await at.becomes(off.id, "succeeded");
  });

  it("goes out beside a delivery that waits for the same ticket, and holds it up in nothing", async () => {
    at.answer("/slow/", 503);
    const waiting = await at.triggered("slow tested");
    await at.becomes(waiting, "waiting");
    const { ticket } = await at.call<{ ticket: string }>("GET", `/deliveries/${waiting}`);
    at.answer("/slow/", "hang");
    const test = await at.call<DeliveryJson>("POST", "/callouts/slow/test", { ticket });
    await until(() => at.sentTo("/slow/slow%20tested") === 2, "the test call is under way");
    at.answer("/slow/", 200);
    await at.call("POST", `/deliveries/${waiting}/retry-now`);
    await at.becomes(waiting, "succeeded");
    expect((await at.delivery(test.id)).state).toBe("running");
  });

  it("says why nothing was sent, and which ticket or callout there is not", async () => {
    const number = await at.ticket("plain done");
    await at.call("PATCH", `/tickets/${number}`, { status: "Complete" });
    const skipped = await at.call<DeliveryJson>("POST", "/callouts/off/test", { ticket: number });
    expect(skipped).toMatchObject({
      http: 201,
      state: "skipped",
      reason: expect.stringContaining("only when"),
    });
    expect(await at.call("POST", "/callouts/off/test", { ticket: "T1" })).toMatchObject({
      http: 422,
      code: "unknown_reference",
    });
    expect(await at.call("POST", "/callouts/nobody/test", { ticket: number })).toMatchObject({ http: 404 });
  });
});

describe("a callout that is deactivated", () => {
  it("has what waits stop at once and recorded as skipped, and what follows too, until it is activated", async () => {
    at.answer("/slow/", 503);
    const waiting = await at.triggered("slow d1");
    await at.becomes(waiting, "waiting");
    expect(await at.call("POST", "/callouts/slow/deactivate")).toMatchObject({ http: 200, active: false });
    expect(await at.becomes(waiting, "skipped")).toMatchObject({ reason: "the callout became inactive" });
    await at.becomes(await at.triggered("slow d2"), "skipped");
    expect(at.sentTo("/slow/slow%20d")).toBe(1);
    at.answer("/slow/", 200);
    await at.call("POST", "/callouts/slow/activate");
    await at.becomes(await at.triggered("slow d3"), "succeeded");
    expect((await at.delivery(waiting)).state).toBe("skipped");
  });
});
