/** A callout that is left out of the text, made inactive by it, or switched over it: with a server and a worker, over HTTP. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openSteering, rulesOf, type DeliveryJson, type Steering } from "./steering-desk.ts";

const SLOW = "retry every 10 minutes up to 5 times";
const ONCE = "retry every 1 second up to 0 times";
const FAILED_RULES = `
rule "It failed"
  when callout failed
  then add note "failed"
end
`;

let at: Steering;
beforeAll(async () => {
  at = await openSteering();
}, 120_000);
afterAll(async () => {
  await at?.close();
});

const publish = async (callouts: Readonly<Record<string, string>>, more = ""): Promise<number> =>
  await at.publish(rulesOf(at.sinkUrl, callouts, FAILED_RULES + more));

async function secondOf(id: string): Promise<string> {
  const { ticket } = await at.call<{ ticket: string }>("GET", `/deliveries/${id}`);
  await at.call("PATCH", `/tickets/${ticket}`, { status: "New" });
  await at.call("PATCH", `/tickets/${ticket}`, { status: "Complete" });
  const { items } = await at.call<{ items: DeliveryJson[] }>("GET", `/deliveries?ticket=${ticket}`);
  return items[0]!.id;
}

describe("a callout that is left out of the text", () => {
  it("ends what waits for it as skipped, without rules, notices or a further request, and is not there any more", async () => {
    at.answer("/gone/", 503);
    await publish({ gone: SLOW, stays: SLOW });
    const waiting = await at.triggered("gone a");
    await at.becomes(waiting, "waiting");
    const behind = await secondOf(waiting);
    at.answer("/stays/", 503);
    const other = await at.triggered("stays a");
    await at.becomes(other, "waiting");

    await publish({ stays: SLOW });
    expect(await at.becomes(waiting, "skipped")).toMatchObject({
      reason: "the callout left the rule set",
      attempts: [{ n: 1, status: 503 }],
    });
    expect(await at.becomes(behind, "skipped")).toMatchObject({
      reason: "the callout left the rule set",
      attempts: [],
    });
    expect(at.sentTo("/gone/")).toBe(1);
    const { ticket } = await at.call<{ ticket: string }>("GET", `/deliveries/${waiting}`);
    expect(await at.call("GET", `/tickets/${ticket}`)).toMatchObject({ notes: [] });
    expect(await at.call("GET", `/notifications?ticket=${ticket}`)).toMatchObject({ items: [] });
    expect((await at.delivery(other)).state).toBe("waiting");

    expect(await at.callout("gone")).toBeUndefined();
    for (const [path, body] of [
      ["/callouts/gone/activate", undefined],
      ["/callouts/gone/test", { ticket }],
      ["/deliveries/replay", { callout: "gone", since: "2026-01-01T00:00:00Z", per_second: 1 }],
    ] as const)
      expect(await at.call("POST", path, body), path).toMatchObject({ http: 404, code: "not_found" });
    expect(await at.call("POST", `/deliveries/${waiting}/replay`)).toMatchObject({
      http: 409,
      code: "wrong_state",
      detail: 'the rule set in force does not declare callout "gone": publish it again first',
    });
  });

  it("is there again when it is put back: what was skipped stays so, and can be replayed", async () => {
    const { items } = await at.call<{ items: DeliveryJson[] }>(
      "GET",
      "/deliveries?callout=gone&state=skipped",
    );
    expect(items).toHaveLength(2);
    at.answer("/gone/", 200);
    await publish({ gone: SLOW, stays: SLOW });
    const replay = await at.call<DeliveryJson>("POST", `/deliveries/${items[1]!.id}/replay`);
    expect(replay.http).toBe(201);
    await at.becomes(replay.id, "succeeded");
    for (const { id } of items) expect((await at.delivery(id)).state).toBe("skipped");
  });

  it("is an error while a rule uses it, and nothing changes", async () => {
    const text = rulesOf(
      at.sinkUrl,
      { stays: SLOW },
      'rule "Uses it" when ticket created then run callout "gone" end',
    );
    const files = [{ path: "test.rules", text }];
    expect(await at.call("POST", "/rule-sets", { files })).toMatchObject({
      http: 422,
      code: "rule_set_invalid",
    });
    expect(await at.callout("gone")).toBeDefined();
  });
});

describe("a callout that the text makes inactive", () => {
  it("ends what waits for it as skipped at once", async () => {
    at.answer("/quiet/", 503);
    await publish({ quiet: SLOW });
    const waiting = await at.triggered("quiet a");
    await at.becomes(waiting, "waiting");
    await publish({ quiet: `inactive${SLOW}` });
    expect(await at.becomes(waiting, "skipped")).toMatchObject({ reason: "the callout became inactive" });
    expect(await at.callout("quiet")).toMatchObject({ active: false, declared_active: false });
    expect(await at.callout("quiet")).not.toHaveProperty("switched");
  });
});

describe("what an admin switched", () => {
  const off = { active: false, declared_active: true, switched: { active: false } };

  it("is told with who and when, and wins over the text while that stays, however the rest of the set changes", async () => {
    await publish({ switched: ONCE });
    expect(await at.callout("switched")).not.toHaveProperty("switched");
    expect(await at.call("POST", "/callouts/switched/deactivate")).toMatchObject({
      http: 200,
      ...off,
      switched: {
        active: false,
        by: { kind: "staff", name: expect.any(String) },
        at: expect.stringMatching(/Z$/u),
      },
    });
    await publish({ switched: ONCE, other: ONCE });
    // Another layout is no other text.
    await at.publish(rulesOf(at.sinkUrl, { switched: `# a comment\n\n   ${ONCE}` }, FAILED_RULES));
    expect(await at.callout("switched")).toMatchObject(off);
    await at.becomes(await at.triggered("switched a"), "skipped");
  });

  it("is over when the text of the callout changes, and stays so when the old text comes back", async () => {
    const before = await publish({ switched: ONCE });
    expect(await at.callout("switched")).toMatchObject(off);
    await publish({ switched: `${ONCE}\n  timeout 9 seconds` });
    expect(await at.callout("switched")).toMatchObject({ active: true, declared_active: true });
    expect(await at.callout("switched")).not.toHaveProperty("switched");
    await at.becomes(await at.triggered("switched b"), "succeeded");
    expect(await at.call("POST", `/rule-sets/${before}/activate`)).toMatchObject({ http: 200 });
    expect(await at.callout("switched")).toMatchObject({ active: true });
    await at.becomes(await at.triggered("switched c"), "succeeded");
  });

  it("makes an inactive one active as well, until its text changes", async () => {
    await publish({ woken: `inactive${ONCE}` });
    await at.becomes(await at.triggered("woken a"), "skipped");
    expect(await at.call("POST", "/callouts/woken/activate")).toMatchObject({
      active: true,
      declared_active: false,
      switched: { active: true },
    });
    await at.becomes(await at.triggered("woken b"), "succeeded");
    await publish({ woken: `inactive${ONCE}\n  timeout 9 seconds` });
    expect(await at.callout("woken")).toMatchObject({ active: false, declared_active: false });
    await at.becomes(await at.triggered("woken c"), "skipped");
  });
});
