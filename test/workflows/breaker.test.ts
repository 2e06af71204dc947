/** A callout that pauses itself, over several tickets, two workers and other texts: with a server, over HTTP. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { until } from "./desk.ts";
import { openSteering, rulesOf, type DeliveryJson, type Steering } from "./steering-desk.ts";

const PAUSES = "retry every 1 second up to 0 times\n  pause after 2 failed deliveries";
/** Of the tests below, each with a callout of its own. */
const callouts = {
  several: "retry every 1 second up to 1 times\n  pause after 2 failed deliveries",
  pressed: PAUSES,
  loses: PAUSES,
  leaves: PAUSES,
  mended: PAUSES,
  off: PAUSES,
  beside: PAUSES,
};

let at: Steering;
beforeAll(async () => {
  at = await openSteering({ workers: 2 });
  await at.publish(rulesOf(at.sinkUrl, callouts));
}, 120_000);
afterAll(async () => {
  await at?.close();
});

/** Two failures, then these wait. */
async function paused(name: string, titles: readonly string[]): Promise<readonly string[]> {
  at.answer(`/${name}/`, 503);
  for (const title of ["one", "two"]) await at.becomes(await at.triggered(`${name} ${title}`), "failed");
  await until(async () => (await at.callout(name))?.paused !== undefined, `${name} is paused`);
  const waiting: string[] = [];
  for (const title of titles) waiting.push(await at.triggered(`${name} ${title}`));
  for (const id of waiting) expect((await at.pauses(id)).attempts).toEqual([]);
  return waiting;
}

/** The next try is five minutes away: the test moves it here, and wakes all that wait, as their timers would. */
async function itIsTime(name: string): Promise<void> {
  await at.store.query({
    text: "update callout_breakers set next_probe_at = opened_at where callout = $1",
    values: [name],
  });
  await at.store.query({
    text: `insert into outbox (lane, kind, workflow_id, payload)
      select 0, 'callout-resumed', 'callout:' || id, '{}' from deliveries
      where callout = $1 and state in ('pending', 'waiting') order by position desc`,
    values: [name],
  });
  await at.store.query({ text: "select pg_notify('tocsin_outbox', '')::text" });
}

const attemptsOf = async (ids: readonly string[]): Promise<readonly number[]> =>
  (await Promise.all(ids.map(at.delivery))).map(({ attempts }) => attempts.length);

const told = (name: string, what: string): number =>
  at.requests.filter(({ path, body }) => path === "/chat" && body.includes(`\\"${name}\\" ${what}`)).length;

describe("a callout that pauses after two failed deliveries", () => {
  it("tries one of several tickets' at a time, keeps the order of each, and tells pausing and going on once", async () => {
    const waiting = await paused("several", ["a", "b", "c"]);
    // A second for the ticket of "a": it waits behind the first.
    const { items } = await at.call<{ items: { number: string }[] }>("GET", "/tickets?title=several%20a");
    const number = items[0]?.number ?? "";
    await at.call("PATCH", `/tickets/${number}`, { status: "New" });
    await at.call("PATCH", `/tickets/${number}`, { status: "Complete" });
    const sent = at.sentTo("/several/");

    await itIsTime("several");
    await until(async () => (await attemptsOf(waiting))[0] === 1, "the oldest is tried");
    await until(
      async () => (await at.delivery(waiting[0]!)).reason?.includes("paused") === true,
      "it waits on",
    );
    expect(await attemptsOf(waiting)).toEqual([1, 0, 0]);
    expect(at.sentTo("/several/")).toBe(sent + 1);
    expect((await at.delivery(waiting[0]!)).next_attempt_at).toBeDefined();
    expect((await at.delivery(waiting[2]!)).next_attempt_at).toBeUndefined();

    at.answer("/several/", 200);
    await itIsTime("several");
    for (const id of waiting) await at.becomes(id, "succeeded");
    expect(await attemptsOf(waiting)).toEqual([2, 1, 1]);
    const ofTicket = await at.call<{ items: DeliveryJson[] }>("GET", `/deliveries?ticket=${number}`);
    await at.becomes(ofTicket.items[0]!.id, "succeeded");
    expect(at.requests.filter(({ path }) => path === "/several/several%20a")).toHaveLength(3);
    expect((await at.callout("several"))?.paused).toBeUndefined();
    await until(() => told("several", "goes on") === 1, "going on is told");
    expect(told("several", "is paused")).toBe(1);
  }, 90_000);

  it("tries the one that a person asks for, whichever it is, and goes on when that succeeds", async () => {
    const [first, second] = await paused("pressed", ["a", "b"]);
    expect(await at.call("POST", `/deliveries/${second}/give-up`)).toMatchObject({ http: 200 });
    await at.becomes(second!, "given_up");
    const third = await at.triggered("pressed c");
    await at.pauses(third);
    at.answer("/pressed/", 200);
    expect(await at.call("POST", `/deliveries/${third}/retry-now`)).toMatchObject({ http: 200 });
    expect((await at.becomes(third, "succeeded")).attempts).toHaveLength(1);
    await at.becomes(first!, "succeeded");
    await until(() => told("pressed", "goes on") === 1, "going on is told");
  });

  it("lets a test call out in the pause, also for a ticket whose delivery waits, and has a replay wait in order", async () => {
    const [waiting] = await paused("beside", ["a"]);
    const { items } = await at.call<{ items: (DeliveryJson & { ticket: string })[] }>(
      "GET",
      "/deliveries?callout=beside&state=failed",
    );
    const { ticket } = await at.call<{ ticket: string }>("GET", `/deliveries/${waiting}`);
    at.answer("/beside/", 200);
    const test = await at.call<DeliveryJson>("POST", "/callouts/beside/test", { ticket });
    expect((await at.becomes(test.id, "succeeded")).attempts).toHaveLength(1);
    expect((await at.callout("beside"))?.paused).toBeDefined();
    const replay = await at.call<DeliveryJson>("POST", `/deliveries/${items[0]?.id}/replay`);
    expect((await at.pauses(replay.id)).attempts).toEqual([]);
    await itIsTime("beside");
    await at.becomes(waiting!, "succeeded");
    await at.becomes(replay.id, "succeeded");
  });
});

describe("a callout that is paused", () => {
  it("and switched off has what waits skipped; switched on again it is not paused, but is at the next failure", async () => {
    const waiting = await paused("off", ["a", "b"]);
    expect(await at.call("POST", "/callouts/off/deactivate")).toMatchObject({ http: 200, active: false });
    for (const id of waiting)
      expect(await at.becomes(id, "skipped")).toMatchObject({
        attempts: [],
        reason: expect.stringContaining("inactive"),
      });
    expect(await at.callout("off")).not.toHaveProperty("paused");
    expect(await at.call("POST", "/callouts/off/activate")).toMatchObject({ http: 200, active: true });
    expect(await at.callout("off")).not.toHaveProperty("paused");
    await until(() => told("off", "goes on") === 1, "going on is told");
    await at.becomes(await at.triggered("off c"), "failed");
    await until(async () => (await at.callout("off"))?.paused !== undefined, "it is paused again");
    await until(() => told("off", "is paused") === 2, "that is told again");
  });

  it("goes on when its text asks for no pause any more, ends what waits when it leaves the text, and is tried at once when it is mended", async () => {
    const loses = await paused("loses", ["a", "b"]);
    const leaves = await paused("leaves", ["a", "b"]);
    const mended = await paused("mended", ["a", "b"]);
    at.answer("/loses/", 200);
    at.answer("/mended/mended%20new", 200);
    const { leaves: _left, ...others } = callouts;
    await at.publish(
      rulesOf(at.sinkUrl, {
        ...others,
        loses: "retry every 1 second up to 0 times",
        mended: PAUSES.replace("1 second", "2 seconds"),
      }),
    );
    for (const id of loses) await at.becomes(id, "succeeded");
    await until(() => told("loses", "goes on") === 1, "going on is told");
    for (const id of leaves)
      expect(await at.becomes(id, "skipped")).toMatchObject({
        attempts: [],
        reason: "the callout left the rule set",
      });
    expect(await at.callout("leaves")).toBeUndefined();
    // The oldest is tried, and fails; the other waits on.
    await at.becomes(mended[0]!, "failed");
    expect((await at.pauses(mended[1]!)).attempts).toEqual([]);
    expect((await at.callout("mended"))?.paused).toBeDefined();
    // What the new text made goes before what the old one made.
    const made = await at.triggered("mended new");
    await at.pauses(made);
    await itIsTime("mended");
    await at.becomes(made, "succeeded");
    // All go on; what the old text made still fails, and that is no reason to pause.
    await at.becomes(mended[1]!, "failed");
    expect((await at.callout("mended"))?.paused).toBeUndefined();
  }, 90_000);
});
