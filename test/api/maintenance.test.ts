/** Maintenance windows over HTTP: what is refused, what they do to alerts, and the list of what waits. Temporal is away all the time. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestServer, TEST_RULES, type TestServer } from "./test-server.ts";

const HOUR = 3_600_000;
const PATH = "/api/v1/maintenance";

let server: TestServer;
beforeAll(async () => {
  const rules = `${TEST_RULES}
rule "Stays" when alert still firing after 1 hour if alert.source is "Quiet" then create ticket end
rule "Silent" when no alert for 26 hours per alert.device if alert.source is "Quiet" then create ticket end
maintenance "In the rules" for source "Patcher" from 2020-01-01 00:00 to 2099-01-01 00:00 end
`;
  server = await startTestServer({ rules });
  await server.admin("POST", "/api/v1/organizations", { name: "Acme" });
});
afterAll(async () => {
  await server?.close();
});

const from = (): string => new Date(Date.now() - HOUR).toISOString();
const to = (): string => new Date(Date.now() + HOUR).toISOString();
const window = (more: object = {}): object => ({ name: "Patch night", from: from(), to: to(), ...more });
const alert = async (more: object): Promise<{ id: string; outcome: string }> => {
  const { json } = await server.admin("POST", "/api/v1/alerts", { source: "Probe", title: "down", ...more });
  return json as { id: string; outcome: string };
};

describe("a window made over HTTP", () => {
  it("suppresses its alerts from the next one on, says so, and lets the others through", async () => {
    const made = await server.admin("POST", PATH, window({ organizations: ["acme"], devices: ["SRV-B"] }));
    expect([made.status, made.json]).toMatchObject([
      201,
      { name: "Patch night", organizations: ["Acme"], devices: ["SRV-B"], sources: [] },
    ]);
    expect(made.headers.get("location")).toBe(`${PATH}/${made.json.id as string}`);
    const inside = await alert({ organization: "ACME", device: "srv-b", alert_id: "1" });
    expect(inside.outcome).toBe("suppressed");
    const { json } = await server.admin("GET", `/api/v1/alerts/${inside.id}/explain`);
    expect(json).toMatchObject({ outcome: "suppressed", why: 'suppressed by maintenance "Patch night"' });
    expect((await alert({ organization: "Acme", device: "SRV-A" })).outcome).toBe("ticket_created");
    expect((await server.admin("GET", PATH)).json).toMatchObject({ items: [made.json], next: null });
    expect((await server.admin("GET", `${PATH}/${made.json.id as string}`)).json).toEqual(made.json);
    const waiting = await server.admin("GET", "/api/v1/waiting?kind=maintenance");
    expect(waiting.json.items).toMatchObject([
      { maintenance: "Patch night", until: made.json.to, alerts: 1 },
    ]);
    expect((await server.admin("DELETE", `${PATH}/${made.json.id as string}`)).status).toBe(204);
    expect((await server.admin("DELETE", `${PATH}/${made.json.id as string}`)).status).toBe(404);
    expect((await alert({ organization: "Acme", device: "SRV-B", title: "again" })).outcome).toBe(
      "ticket_created",
    );
  });

  it("is one in the rule files too", async () => {
    const { id, outcome } = await alert({ source: "Patcher" });
    expect(outcome).toBe("suppressed");
    const { json } = await server.admin("GET", `/api/v1/alerts/${id}`);
    expect(json).toMatchObject({ outcome: "suppressed", firings: [] });
  });

  it.each([
    ["ends before it begins", { from: to(), to: from() }, "`to`: must be later than `from`"],
    ["ends when it begins", { to: from(), from: from().slice(0, 10) + "T00:00:00Z" }, undefined],
    ["is past", { from: "2020-01-01T00:00:00Z", to: "2020-01-02T00:00:00Z" }, "`to`: is past already"],
    ["is longer than a year", { to: "2099-01-01T00:00:00Z" }, "`to`: must be at most 366 days after `from`"],
    [
      "has no zone in a time",
      { to: "2099-01-01T00:00:00" },
      "`to`: must be a time like 2026-11-22T22:00:00Z",
    ],
    ["is of ten years", { to: "2036-11-22T00:00:00Z" }, "`to`: must be at most 366 days after `from`"],
    [
      "ends on a day that does not exist",
      { to: "2027-02-30T00:00:00Z" },
      "`to`: must be a time like 2026-11-22T22:00:00Z",
    ],
    ["has a number for a time", { to: 1795348800000 }, undefined],
    ["has words for a time", { from: "tomorrow" }, "`from`: must be a time like 2026-11-22T22:00:00Z"],
    ["has no end", { to: undefined }, undefined],
    ["has one name instead of a list", { devices: "SRV-B" }, undefined],
    ["names a device of nothing", { devices: [""] }, undefined],
    ["has no name", { name: "  " }, "`name`: must not be blank"],
    ["has another member", { organisation: ["Acme"] }, undefined],
    ["names too many", { devices: Array.from({ length: 201 }, (_, n) => `SRV-${n}`) }, undefined],
  ])("that %s is refused", async (what, more, detail) => {
    if (what === "ends when it begins")
      more = { from: "2090-01-01T00:00:00Z", to: "2090-01-01T00:00:00.000Z" };
    const refused = await server.admin("POST", PATH, window(more));
    expect([refused.status, refused.json.code]).toEqual([400, "invalid_body"]);
    if (detail !== undefined) expect(refused.json.detail).toBe(detail);
  });

  it("is deleted once by two who press at the same time, and says so to the other", async () => {
    const made = await server.admin("POST", PATH, window({ sources: ["Twice"] }));
    const path = `${PATH}/${made.json.id as string}`;
    const answers = await Promise.all([1, 2, 3].map(async () => await server.admin("DELETE", path)));
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 404, 404]);
    expect((await alert({ source: "Twice" })).outcome).toBe("ticket_created");
  });

  it("over another one: its alerts wait for the end of the one that lasts longer, or for the other's when it is deleted", async () => {
    const longer = new Date(Date.now() + 2 * HOUR).toISOString();
    const made = await server.admin("POST", PATH, window({ sources: ["Both"], to: longer, name: "longer" }));
    await server.admin("POST", PATH, window({ sources: ["Both"], name: "shorter" }));
    const { id, outcome } = await alert({ source: "Both" });
    expect(outcome).toBe("suppressed");
    await server.admin("DELETE", `${PATH}/${made.json.id as string}`);
    expect((await alert({ source: "Both", title: "another" })).outcome).toBe("suppressed");
    const { json } = await server.admin("GET", `/api/v1/alerts/${id}/explain`);
    expect(json.why).toMatch(/suppressed by maintenance "(longer|shorter)"/u);
  });

  it("of an unknown organization is refused with its place", async () => {
    const refused = await server.admin("POST", PATH, window({ organizations: ["Acme", "Nobody"] }));
    expect([refused.status, refused.json]).toMatchObject([
      422,
      { code: "unknown_reference", errors: [{ path: "organizations.1" }] },
    ]);
  });

  it("is made by keys that may operate, seen by those that may read", async () => {
    const [read, operate] = await Promise.all([server.keyOf("read"), server.keyOf("operate")]);
    expect((await server.call("POST", PATH, { key: read, body: window() })).status).toBe(403);
    expect((await server.call("GET", PATH, { key: read })).status).toBe(200);
    const made = await server.call("POST", PATH, { key: operate, body: window({ sources: ["Nobody"] }) });
    expect(made.json).toMatchObject({ created_by: "operate key" });
    expect((await server.call("DELETE", `${PATH}/${made.json.id as string}`, { key: read })).status).toBe(
      403,
    );
    expect((await server.call("DELETE", `${PATH}/${made.json.id as string}`, { key: operate })).status).toBe(
      204,
    );
  });

  it("of an organization that was deleted is about nobody", async () => {
    const { json } = await server.admin("POST", "/api/v1/organizations", { name: "Gone" });
    const made = await server.admin("POST", PATH, window({ organizations: ["Gone"] }));
    await server.admin("DELETE", `/api/v1/organizations/${json.id as string}`);
    expect((await alert({ title: "of nobody" })).outcome).toBe("ticket_created");
    await server.admin("DELETE", `${PATH}/${made.json.id as string}`);
  });
});

describe("what waits", () => {
  it("is listed with its rule, its time and its workflow", async () => {
    const held = await alert({ source: "Quiet", title: "Disk slow", device: "SRV-Q" });
    expect(held.outcome).toBe("held");
    const { json } = await server.admin("GET", "/api/v1/waiting?kind=hold&kind=absence");
    expect(json.items).toMatchObject([
      { kind: "absence", rule: "Silent", title: "Disk slow", source: "Quiet", alert: held.id },
      { kind: "hold", rule: "Stays", title: "Disk slow", source: "Quiet", alert: held.id, alerts: 1 },
    ]);
    const [absence, hold] = json.items as { id: string; workflow_id: string; workflow_url: string }[];
    expect(hold).toMatchObject({
      workflow_id: `held:${hold!.id}`,
      workflow_url: `http://127.0.0.1:8233/namespaces/default/workflows/held%3A${hold!.id}`,
    });
    const page = await server.admin("GET", "/api/v1/waiting?kind=hold&kind=absence&limit=1");
    expect(page.json.items).toMatchObject([{ id: absence!.id }]);
    const rest = await server.admin(
      "GET",
      `/api/v1/waiting?kind=hold&kind=absence&cursor=${page.json.next as string}`,
    );
    expect(rest.json.items).toMatchObject([{ id: hold!.id }]);
    expect((await server.admin("GET", "/api/v1/waiting?rule=Stays")).json.items).toHaveLength(1);
    expect((await server.admin("GET", "/api/v1/waiting?kind=nothing")).status).toBe(400);
  });
});
