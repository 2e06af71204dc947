/** Publishing, rolling back, checking; what follows from the set in force: callouts, fields, explanations. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestServer, TEST_RULES, type TestServer } from "./test-server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ rules: TEST_RULES });
});
afterAll(async () => {
  await server.close();
});

const api = async (method: string, path: string, body?: unknown) =>
  await server.admin(method, `/api/v1${path}`, body);
const files = (text: string): object => ({ files: [{ path: "test.rules", text }] });
let n = 0;
const send = async (more: object = {}) =>
  (await api("POST", "/alerts", { source: "Test", title: `rules ${++n}`, ...more })).json;

describe("a rule set", () => {
  it("is in force as soon as publishing is answered, and so is a rollback", async () => {
    const quiet = `rule "Nothing"\n  when alert received\n  if alert.title is "never"\n  then\n    suppress alert\nend\n`;
    const before = (await api("GET", "/rule-sets?limit=1")).json.items[0];
    const published = await api("POST", "/rule-sets", { ...files(quiet), message: "hush" });
    expect([published.status, published.json]).toMatchObject([
      201,
      {
        number: before.number + 1,
        active: true,
        author: "admin",
        message: "hush",
        hash: expect.stringMatching(/^[0-9a-f]{64}$/u),
      },
    ]);
    expect((await send()).outcome).toBe("unmatched");
    const back = await api("POST", `/rule-sets/${before.number}/activate`);
    expect(back.json).toMatchObject({ number: before.number, active: true });
    expect((await send()).outcome).toBe("ticket_created");
    expect((await api("GET", `/rule-sets/${published.json.number}`)).json).toMatchObject({
      active: false,
      files: [{ path: "test.rules", text: quiet }],
    });
  });

  it("with errors is refused with diagnostics, and the one in force stays", async () => {
    const refused = await api(
      "POST",
      "/rule-sets",
      files('rule "x"\n  when alert received\n  if alert.severty is "a"\n  then\n    suppress alert\nend\n'),
    );
    expect([refused.status, refused.json.code]).toEqual([422, "rule_set_invalid"]);
    expect(refused.json.diagnostics[0]).toMatchObject({
      code: "R1203",
      severity: "error",
      span: { file: "test.rules", start: { line: 3 } },
      docs: expect.any(String),
    });
    expect((await send()).outcome).toBe("ticket_created");
  });

  it("with every kind of time is published: the server keeps them all", async () => {
    const timed = `calendar "hours"
  zone "Europe/Berlin"
  monday to friday 08:00 to 18:00
end
rule "x"
  when ticket idle for 30 minutes during "hours" or alert still firing after 2 minutes
  then
    stop
end
rule "y"
  when alert received
  if during "hours" and more than 20 alerts in 5 minutes per alert.organization
  then
    suppress alert
end
maintenance "Patch night"
  every saturday 22:00 to 04:00
end
`;
    const before = (await api("GET", "/rule-sets")).json.items as { number: number; active: boolean }[];
    const published = await api("POST", "/rule-sets", files(timed));
    expect(published.status).toBe(201);
    const active = before.find((one) => one.active);
    if (active !== undefined) await api("POST", `/rule-sets/${active.number}/activate`);
  });

  it("with a hundred errors is refused, bounded, without a failure of ours", async () => {
    const bad = Array.from(
      { length: 100 },
      (_, i) => `rule "r${i}"\n  when alert recieved\n  if alert.x${i} is 5 5\n  then\n    explode\nend`,
    ).join("\n");
    const refused = await api("POST", "/rule-sets", files(bad));
    expect([refused.status, refused.json.diagnostics.length > 10]).toEqual([422, true]);
  });

  it("is checked without publishing, always 200", async () => {
    const before = (await api("GET", "/rule-sets?limit=1")).json.items[0].number;
    expect((await api("POST", "/rule-sets/check", files("rule"))).json.diagnostics[0].severity).toBe("error");
    expect(
      (await api("POST", "/rule-sets/check", files(TEST_RULES))).json.diagnostics.filter(
        (d: { severity: string }) => d.severity === "error",
      ),
    ).toEqual([]);
    expect((await api("GET", "/rule-sets?limit=1")).json.items[0].number).toBe(before);
  });

  it.each([
    ["no files", {}, "files"],
    ["a path outside the folder", { files: [{ path: "../x.rules", text: "" }] }, "files[0].path"],
    ["a path that is no rule file", { files: [{ path: "x.txt", text: "" }] }, "files[0].path"],
    [
      "a path twice",
      {
        files: [
          { path: "x.rules", text: "" },
          { path: "x.rules", text: "" },
        ],
      },
      "files",
    ],
    ["a text that is none", { files: [{ path: "x.rules", text: 5 }] }, "files[0].text"],
  ])("refuses %s", async (_what, body, path) => {
    expect((await api("POST", "/rule-sets", body)).json).toMatchObject({
      code: "invalid_body",
      errors: [{ path }],
    });
  });

  it("with NUL and lone surrogates in it is no failure of ours", async () => {
    const odd = await api("POST", "/rule-sets/check", files('rule "a\u0000\ud800"'));
    expect(odd.status).toBe(200);
  });

  it("pages by cursor", async () => {
    const first = await api("GET", "/rule-sets?limit=1");
    const second = await api("GET", `/rule-sets?limit=1&cursor=${first.json.next}`);
    expect(second.json.items[0].number).toBe(first.json.items[0].number - 1);
  });
});

describe("declared fields and callouts", () => {
  it("are listed, with those of partners", async () => {
    const { json } = await api("GET", "/udfs");
    expect(json.items).toEqual(
      expect.arrayContaining([
        { scope: "ticket", name: "Site code", type: "text", partner: null, active: true },
        {
          scope: "organization",
          name: "Datto RMM Customer ID",
          type: "text",
          partner: "Datto RMM",
          active: true,
        },
        { scope: "device", name: "Datto RMM Device ID", type: "text", partner: "Datto RMM", active: true },
        { scope: "ticket", name: "Datto RMM Alert ID", type: "text", partner: "Datto RMM", active: true },
        { scope: "ticket", name: "Datto RMM Ticket ID", type: "text", partner: "Datto RMM", active: true },
      ]),
    );
  });

  it("can be switched off and on; the switch ends when the text changes", async () => {
    const shown = async () => (await api("GET", "/callouts")).json.items[0];
    expect(await shown()).toEqual({
      name: "Datto close",
      method: expect.stringMatching(/^post$/iu),
      url: "https://rmm.example/close",
      rules: 1,
      active: true,
      declared_active: true,
    });
    expect((await api("POST", "/callouts/datto%20close/deactivate")).json).toMatchObject({
      active: false,
      declared_active: true,
    });
    expect((await shown()).active).toBe(false);
    await api("POST", "/rule-sets", files(`${TEST_RULES}\n# a comment changes nothing\n`));
    expect((await shown()).active).toBe(false);
    await api("POST", "/rule-sets", files(TEST_RULES.replace("rmm.example/close", "rmm.example/end")));
    expect((await shown()).active).toBe(true);
    expect((await api("POST", "/callouts/Datto close/activate")).status).toBe(200);
  });
});

describe("explain", () => {
  it("tells the rules that fired with their conditions, then the nearest misses", async () => {
    const alert = await send();
    const { json } = await api("GET", `/alerts/${alert.id}/explain`);
    expect(json).toMatchObject({
      id: alert.id,
      outcome: "ticket_created",
      rules: [
        {
          rule: "Ticket for an alert",
          result: "fired",
          file: "test.rules",
          conditions: [{ text: 'alert.source is not "Quiet"', result: true, actual: "Test" }],
        },
        {
          rule: "Ignore tests",
          result: "not_fired",
          nearest: {
            text: `alert.title would have to start with "TEST" (is "rules ${n}")`,
            changes: [{ path: "alert.title", from: `rules ${n}`, to: `TEST rules ${n}` }],
          },
          conditions: [
            { text: 'alert.title starts with "TEST"', result: false, actual: `rules ${n}` },
            { text: 'alert.source is "Test"', result: true, actual: "Test" },
          ],
        },
      ],
    });
    expect((await api("GET", `/alerts/${alert.id}/explain?limit=0`)).json.rules).toHaveLength(1);
  });

  it("tells why an alert matched nothing and why one was suppressed", async () => {
    const unmatched = await send({ source: "Quiet" });
    expect(unmatched).toMatchObject({ outcome: "unmatched", firings: [] });
    const why = (await api("GET", `/alerts/${unmatched.id}/explain`)).json;
    expect(why.rules.map((rule: { result: string }) => rule.result)).toEqual(["not_fired", "not_fired"]);
    const suppressed = await send({ title: "TEST of the siren" });
    expect(suppressed.outcome).toBe("suppressed");
    expect((await api("GET", `/alerts/${suppressed.id}/explain`)).json.why).toContain("Ignore tests");
  });
});

describe("alerts", () => {
  it("are listed by every filter of the contract", async () => {
    const alert = await send({
      source: "Filters",
      organization: "Unheard of",
      delivery_id: "f-1",
      alert_id: "fa",
    });
    await send({ source: "Quiet", delivery_id: "f-2" });
    const ids = async (query: string): Promise<string[]> =>
      (await api("GET", `/alerts?${query}`)).json.items.map((item: { id: string }) => item.id);
    expect(await ids("source=filters")).toEqual([alert.id]);
    expect(await ids(`ticket=${alert.ticket}`)).toEqual([alert.id]);
    expect(await ids("organization=unheard%20of")).toEqual([alert.id]);
    expect(await ids("delivery_id=f-1")).toEqual([alert.id]);
    expect((await ids("delivery_id=f-1&delivery_id=f-2")).length).toBe(2);
    expect(await ids(`title=rules ${n - 1}`)).toEqual([alert.id]);
    expect(await ids("outcome=ticket_created&source=Filters")).toEqual([alert.id]);
    expect(await ids("outcome=unmatched&source=Filters")).toEqual([]);
    expect((await api("GET", "/alerts?outcome=lost")).json.code).toBe("invalid_body");
  });

  it("page over taken and refused ones together, in order of time", async () => {
    await send();
    await api("POST", "/alerts", { source: "x" });
    await send();
    await api("POST", "/alerts", { title: "y" });
    const seen: string[] = [];
    let cursor = "";
    for (let page = 0; page < 4; page++) {
      const { json } = await api("GET", `/alerts?outcome=refused&outcome=ticket_created&limit=1${cursor}`);
      seen.push(json.items[0].outcome);
      cursor = `&cursor=${json.next}`;
    }
    expect(seen).toEqual(["refused", "ticket_created", "refused", "ticket_created"]);
  });
});
