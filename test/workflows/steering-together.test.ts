/** Several admins press at once, too early and too late: over HTTP, with a server and two workers. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { until } from "./desk.ts";
import { openSteering, rulesOf, type DeliveryJson, type Steering } from "./steering-desk.ts";

const SLOW = "retry every 10 minutes up to 5 times";
const callouts = { slow: SLOW, hangs: SLOW, once: "retry every 1 second up to 0 times" };
const FAILED_RULE = `
rule "It failed"
  when callout "slow" failed
  then add note "given up or failed"
end
`;

let at: Steering;
beforeAll(async () => {
  at = await openSteering({ workers: 2 });
  await at.publish(rulesOf(at.sinkUrl, callouts, FAILED_RULE));
  at.answer("/slow/", 503);
  at.answer("/hangs/", "hang");
}, 120_000);
afterAll(async () => {
  await at?.close();
});

const press = async (id: string, verb: string): ReturnType<typeof at.call<DeliveryJson>> =>
  await at.call<DeliveryJson>("POST", `/deliveries/${id}/${verb}`);

const replaysOf = async (id: string): Promise<readonly string[]> => {
  const { items } = await at.call<{ items: DeliveryJson[] }>("GET", "/deliveries?limit=500");
  return items.filter((one) => one.replay_of === id).map((one) => one.id);
};

/** Reopens and completes its ticket, so that a second delivery stands behind the first. */
async function another(id: string): Promise<string> {
  const { ticket } = await at.call<{ ticket: string }>("GET", `/deliveries/${id}`);
  await at.call("PATCH", `/tickets/${ticket}`, { status: "New" });
  await at.call("PATCH", `/tickets/${ticket}`, { status: "Complete" });
  const { items } = await at.call<{ items: DeliveryJson[] }>("GET", `/deliveries?ticket=${ticket}`);
  return items[0]!.id;
}

describe("a delivery that waits behind an earlier one of its ticket", () => {
  it("is given up before its first attempt, and not retried out of turn: the answer says which one to steer", async () => {
    const first = await at.triggered("slow order");
    await at.becomes(first, "waiting");
    const [second, third] = [await another(first), await another(first)];
    expect(await press(third, "retry-now")).toMatchObject({
      http: 409,
      code: "wrong_state",
      state: "pending",
      waits_for: first,
      detail: expect.stringContaining(first),
    });
    expect(await press(second, "give-up")).toMatchObject({ http: 200 });
    expect(await at.becomes(second, "given_up")).toMatchObject({ attempts: [], reason: "given up by hand" });
    expect(await press(second, "give-up")).toMatchObject({
      http: 409,
      state: "given_up",
      detail: "the delivery has ended, it is given_up: there is nothing left to give up",
    });
    expect(await press(second, "retry-now")).toMatchObject({
      http: 409,
      detail: "the delivery has ended, it is given_up: replay it to send it again",
    });
    expect(at.sentTo("/slow/slow%20order")).toBe(1);
    await press(first, "give-up");
    await at.becomes(third, "waiting");
    expect(at.sentTo("/slow/slow%20order")).toBe(2);
  });
});

describe("two admins who press at the same instant", () => {
  it("give up, retry and replay one delivery: it ends once, with its rules and its notice, and each press is answered for", async () => {
    for (let round = 0; round < 4; round += 1) {
      const id = await at.triggered(`slow together${round}`);
      await at.becomes(id, "waiting");
      const verbs = ["give-up", "retry-now", "replay", "give-up", "replay", "retry-now"];
      const answers = await Promise.all(verbs.map(async (verb) => ({ verb, ...(await press(id, verb)) })));
      for (const { verb, http, code } of answers) {
        if (http === 409) expect(code).toBe("wrong_state");
        else expect([verb, http]).toEqual([verb, verb === "replay" ? 201 : 200]);
      }
      expect(answers.filter(({ verb, http }) => verb === "give-up" && http === 200)).not.toEqual([]);
      const ended = await at.becomes(id, "given_up");
      expect(ended.attempts.length).toBeLessThanOrEqual(2);
      const { ticket } = await at.call<{ ticket: string }>("GET", `/deliveries/${id}`);
      const notes = async (): Promise<readonly string[]> => {
        const answer = await at.call<{ notes: { text: string }[] }>("GET", `/tickets/${ticket}`);
        return answer.notes.map(({ text }) => text);
      };
      await until(async () => (await notes()).length > 0, "the rules on it have run");
      await at.becomes(id, "given_up");
      expect(await notes()).toEqual(["given up or failed"]);
      const notices = await at.call<{ items: object[] }>("GET", `/notifications?ticket=${ticket}`);
      expect(notices.items).toHaveLength(1);
      const made = answers.filter(({ http }) => http === 201).map((answer) => answer.id);
      expect((await replaysOf(id)).toSorted()).toEqual(made.toSorted());
      // As many lines in the audit as presses that did something.
      const { items } = await at.call<{ items: { action: string }[] }>("GET", `/audit?object=${id}`);
      expect(items.map(({ action }) => action).toSorted()).toEqual(
        answers
          .filter(({ http }) => http < 400)
          .map(({ verb }) => `delivery ${verb}`)
          .toSorted(),
      );
    }
  }, 90_000);

  it("replay one finished delivery twice: two presses are two deliveries, each with an id of its own", async () => {
    const id = await at.triggered("once twice");
    await at.becomes(id, "succeeded");
    const [one, two] = await Promise.all([press(id, "replay"), press(id, "replay")]);
    expect([one.http, two.http, one.replay_of, two.replay_of]).toEqual([201, 201, id, id]);
    await at.becomes(one.id, "succeeded");
    await at.becomes(two.id, "succeeded");
    const ids = at.requests
      .filter(({ path }) => path.startsWith("/once/once%20twice"))
      .map(({ headers }) => headers["webhook-id"]);
    expect(ids.toSorted()).toEqual([id, one.id, two.id].toSorted());
  });

  it("start the same replay of all that failed: each is sent once more, and once", async () => {
    at.answer("/once/once%20bulk", 500);
    const since = new Date().toISOString();
    const failed: string[] = [];
    for (let i = 0; i < 12; i += 1) failed.push(await at.triggered(`once bulk${i}`));
    for (const id of failed) await at.becomes(id, "failed");
    at.answer("/once/once%20bulk", 200);
    const asked = { callout: "once", since, per_second: 3 };
    type Bulk = { id: string; matching: number };
    const both = await Promise.all([
      at.call<Bulk>("POST", "/deliveries/replay", asked),
      at.call<Bulk>("POST", "/deliveries/replay", { ...asked, per_second: 100 }),
    ]);
    expect(both.map(({ http, matching }) => [http, matching])).toEqual([
      [202, 12],
      [202, 12],
    ]);
    expect(both[0].id).not.toBe(both[1].id);
    for (const id of failed) await until(async () => (await replaysOf(id)).length > 0, `${id} is replayed`);
    // The slower one has looked again by then and found nothing.
    await new Promise((resolve) => setTimeout(resolve, 3000));
    for (const id of failed) expect(await replaysOf(id)).toHaveLength(1);
    expect(at.sentTo("/once/once%20bulk")).toBe(24);
  }, 60_000);
});

describe("a replay", () => {
  it.each(["waiting", "running"])(
    "of a delivery that is %s is refused, and says what to do",
    async (state) => {
      const id = await at.triggered(state === "running" ? "hangs now" : "slow waits");
      await at.becomes(id, state);
      expect(await press(id, "replay")).toMatchObject({
        http: 409,
        code: "wrong_state",
        state,
        detail: `the delivery has not ended, it is ${state}: retry it now, or give it up first`,
      });
      expect(await replaysOf(id)).toEqual([]);
    },
  );

  const since = "2026-01-01T00:00:00Z";
  it.each([
    ["a negative rate", { callout: "once", since, per_second: -5 }, "per_second", "must be at least 1"],
    ["a rate of nothing", { callout: "once", since, per_second: 0 }, "per_second", "must be at least 1"],
    [
      "half a delivery a second",
      { callout: "once", since, per_second: 0.5 },
      "per_second",
      "must be a whole number",
    ],
    ["an absurd rate", { callout: "once", since, per_second: 1e12 }, "per_second", "must be at most 100"],
    ["a rate in words", { callout: "once", since, per_second: "fast" }, "per_second", "must be a number"],
    ["no rate", { callout: "once", since }, "per_second", "must be a number"],
    [
      "a time to come",
      { callout: "once", since: "2999-01-01T00:00:00Z", per_second: 1 },
      "since",
      "must not lie in the future",
    ],
    [
      "no time",
      { callout: "once", since: "yesterday", per_second: 1 },
      "since",
      "must be a time as in RFC 3339: 2026-11-22T23:05:00Z",
    ],
  ])("of all that failed with %s is refused, and names the member", async (_what, body, path, message) => {
    const answer = await at.call<{ errors: object[] }>("POST", "/deliveries/replay", body);
    expect(answer).toMatchObject({ http: 400, code: "invalid_body", errors: [{ path, message }] });
  });

  it("of all that failed since a very long time ago finds what there is; of a callout that is not declared nothing", async () => {
    const since = "1970-01-01T00:00:00Z";
    expect(
      await at.call("POST", "/deliveries/replay", { callout: "hangs", since, per_second: 1 }),
    ).toMatchObject({
      http: 202,
      matching: 0,
    });
    expect(
      await at.call("POST", "/deliveries/replay", { callout: "nobody", since, per_second: 1 }),
    ).toMatchObject({
      http: 404,
      code: "not_found",
    });
  });
});
