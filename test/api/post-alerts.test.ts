/** `POST /api/v1/alerts` over HTTP: what is taken, what is refused, what is kept of both. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestServer, TEST_RULES, type TestServer } from "./test-server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ rules: TEST_RULES });
});
afterAll(async () => {
  await server.close();
});

let n = 0;
const fresh = (more: object = {}): object => ({ source: "Test", title: `Alert ${++n}`, ...more });
const post = async (body: unknown) => await server.admin("POST", "/api/v1/alerts", body);
const postRaw = async (raw: string | Buffer) =>
  await server.call("POST", "/api/v1/alerts", {
    key: server.adminKey,
    raw,
    headers: { "content-type": "application/json" },
  });

describe("one alert", () => {
  it("is answered with its id, outcome, ticket and the rules that fired", async () => {
    const { status, json } = await post(fresh());
    expect(status).toBe(200);
    expect(json).toMatchObject({
      id: expect.stringMatching(/^al_/u),
      outcome: "ticket_created",
      ticket: expect.stringMatching(/^T\d{8}\.\d{4,}$/u),
      firings: [
        { rule: "Ticket for an alert", on: "alert received", file: "test.rules", line: expect.any(Number) },
      ],
    });
  });

  it("becomes a note when it repeats", async () => {
    const alert = fresh();
    const first = await post(alert);
    const second = await post(alert);
    expect(second.json).toMatchObject({ outcome: "note_added", ticket: first.json.ticket, repeat: 1 });
  });

  it("is a duplicate when its delivery id comes again", async () => {
    const alert = fresh({ delivery_id: `d-${n}` });
    const first = await post(alert);
    const second = await post(alert);
    expect(second.json).toMatchObject({
      id: first.json.id,
      outcome: "duplicate_delivery",
      ticket: first.json.ticket,
    });
  });

  it("is stored before the answer", async () => {
    const { json } = await post(
      fresh({ severity: "critical", device: "SRV-B", fields: { free: 3 }, organization: "Nobody knows" }),
    );
    const kept = await server.admin("GET", `/api/v1/alerts/${json.id}`);
    expect(kept.json).toMatchObject({
      id: json.id,
      severity: "critical",
      device: { asked: "SRV-B" },
      organization: { asked: "Nobody knows" },
      fields: { free: 3 },
      outcome: "ticket_created",
      ticket: json.ticket,
      rule_set: 1,
    });
  });
});

describe("an array", () => {
  it("is answered in its order, bad elements as errors that harm nobody", async () => {
    const titles = ["first", 5, "third", "  ", "fifth"].map((title) => ({ source: "Array", title }));
    const { status, json } = await post([...titles, "no object", [[]]]);
    expect(status).toBe(200);
    expect(json.results).toMatchObject([
      { outcome: "ticket_created" },
      { error: { code: "invalid_body", errors: [{ path: "title" }] } },
      { outcome: "ticket_created" },
      { error: { code: "invalid_body" } },
      { outcome: "ticket_created" },
      { error: { code: "invalid_body" } },
      { error: { code: "invalid_body" } },
    ]);
    const refused = await server.admin("GET", "/api/v1/alerts?outcome=refused&limit=4");
    expect(refused.json.items).toHaveLength(4);
  });

  it("may be empty", async () => {
    expect((await post([])).json).toEqual({ results: [] });
  });

  it("takes 1,000 alerts", async () => {
    const { json } = await post(Array.from({ length: 1000 }, () => ({ source: "Thousand", title: "same" })));
    expect(json.results).toHaveLength(1000);
    expect(new Set(json.results.map((result: { ticket: string }) => result.ticket)).size).toBe(1);
    expect(json.results[999]).toMatchObject({ outcome: "note_added", repeat: 999 });
  });

  it("of 1,001 is refused whole with 413", async () => {
    const { status, json } = await post(Array.from({ length: 1001 }, () => fresh()));
    expect([status, json.code]).toEqual([413, "too_many_items"]);
  });

  it("has the second of equal delivery ids as the duplicate", async () => {
    const alert = fresh({ delivery_id: "in-one-array" });
    const { json } = await post([alert, alert]);
    expect(json.results.map((result: { outcome: string }) => result.outcome)).toEqual([
      "ticket_created",
      "duplicate_delivery",
    ]);
  });

  it("with one element that is too deep answers that one only", async () => {
    let deep: unknown = 1;
    for (let i = 0; i < 40; i++) deep = { in: deep };
    const { json } = await post([fresh(), fresh({ fields: deep })]);
    expect(json.results).toMatchObject([{ outcome: "ticket_created" }, { error: { code: "too_deep" } }]);
  });
});

describe("bad input", () => {
  it.each([
    ["what is not JSON", "hello", 400, "invalid_json"],
    ["half a document", '{"source":"x"', 400, "invalid_json"],
    ["an empty body", "", 400, "invalid_json"],
    ["a number", "5", 400, "invalid_body"],
    ["null", "null", 400, "invalid_body"],
    ["a wrong type", '{"source":"x","title":5}', 400, "invalid_body"],
    ["an empty title", '{"source":"x","title":""}', 400, "invalid_body"],
    ["a depth bomb of arrays", `${"[".repeat(100_000)}${"]".repeat(100_000)}`, 400, "too_deep"],
    [
      "a depth bomb of objects",
      `{"source":"x","title":"y","f":${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)}}`,
      400,
      "too_deep",
    ],
  ])("refuses %s and keeps it in the refused list", async (_what, raw, status, code) => {
    const answer = await postRaw(raw);
    expect([answer.status, answer.json.code]).toEqual([status, code]);
    const { json } = await server.admin("GET", "/api/v1/alerts?outcome=refused&limit=1");
    expect(json.items[0]).toMatchObject({
      outcome: "refused",
      refusal: { code, key: "admin", body_start: raw.slice(0, 2000) },
    });
    const one = await server.admin("GET", `/api/v1/alerts/${json.items[0].id}`);
    expect(one.json).toEqual(json.items[0]);
    const why = await server.admin("GET", `/api/v1/alerts/${json.items[0].id}/explain`);
    expect(why.json).toMatchObject({ outcome: "refused", rules: [] });
  });

  it("says what is wrong and where", async () => {
    const { json } = await post({ source: "x", severity: 1, tags: [2] });
    expect(json.errors.map((error: { path: string }) => error.path)).toEqual([
      "tags[0]",
      "title",
      "severity",
    ]);
    expect(json.detail).toContain("tags[0]");
  });

  it("refuses a body of 2 MiB with 413, and the sender sees the answer", async () => {
    const answer = await postRaw(JSON.stringify(fresh({ description: "x".repeat(2 * 1024 * 1024) })));
    expect([answer.status, answer.json.code]).toEqual([413, "body_too_large"]);
  });

  it("takes a body of just under 1 MiB", async () => {
    expect((await post(fresh({ description: "x".repeat(1024 * 1024 - 200) }))).status).toBe(200);
  });

  it("takes a title of 10,000 characters: cut on the ticket, whole in its description", async () => {
    const title = `Long ${++n} ${"ü".repeat(10_000)}`;
    const { json } = await post({ source: "Test", title });
    expect(json.warnings).toEqual(expect.arrayContaining([expect.stringContaining("cut on the ticket")]));
    const ticket = await server.admin("GET", `/api/v1/tickets/${json.ticket}`);
    expect([...ticket.json.title]).toHaveLength(250);
    expect(ticket.json.description).toContain(title.slice(0, 7000));
    expect((await server.admin("GET", `/api/v1/alerts/${json.id}`)).json.title).toBe(title);
  });

  it("takes NUL, control characters and lone surrogates as U+FFFD and says so", async () => {
    const answer = await postRaw(
      `{"source":"Test","title":"odd ${++n} \\u0000\\u0007\\ud800","fields":{"a\\u0000":"b\\u0000"}}`,
    );
    expect(answer.status).toBe(200);
    expect(answer.json.warnings).toEqual(
      expect.arrayContaining(["control characters in `title` were replaced by U+FFFD"]),
    );
    const kept = await server.admin("GET", `/api/v1/alerts/${answer.json.id}`);
    expect(kept.json).toMatchObject({
      title: `odd ${n} \ufffd\ufffd\ufffd`,
      fields: { "a\ufffd": "b\ufffd" },
    });
  });

  it("takes broken UTF-8 as U+FFFD and says so", async () => {
    const raw = Buffer.concat([
      Buffer.from(`{"source":"Test","title":"utf ${++n} `),
      Buffer.from([0xc3, 0x28, 0xff]),
      Buffer.from('"}'),
    ]);
    const answer = await postRaw(raw);
    expect(answer.status).toBe(200);
    expect(answer.json.warnings).toContain("bytes that are not UTF-8 were replaced by U+FFFD");
  });

  it("takes a clock in the future as it is", async () => {
    const { json } = await post(fresh({ occurred_at: "2199-01-01T00:00:00Z" }));
    const kept = await server.admin("GET", `/api/v1/alerts/${json.id}`);
    expect(kept.json).toMatchObject({ occurred_at: "2199-01-01T00:00:00.000Z", outcome: "ticket_created" });
  });

  it("takes a severity that nobody maps and a source that nobody knows", async () => {
    const { json } = await post(fresh({ source: `Unheard ${++n}`, severity: "purple" }));
    expect(json.outcome).toBe("ticket_created");
  });

  it("tells unknown members and keeps them as fields", async () => {
    const { json } = await post(fresh({ datacenter: "FRA" }));
    expect(json.warnings).toContain("unknown member `datacenter` was kept as a field");
    expect((await server.admin("GET", `/api/v1/alerts/${json.id}`)).json.fields).toEqual({
      datacenter: "FRA",
    });
  });

  it("takes the longest identifiers that it allows, of the widest characters", async () => {
    const wide = Array.from({ length: 500 }, (_, i) => String.fromCodePoint(0x1f300 + (i % 400))).join("");
    const alert = {
      source: "s".repeat(250),
      title: `wide ${++n}`,
      alert_id: wide,
      delivery_id: wide,
      organization: wide,
      device: wide,
      customer_id: wide,
      device_id: wide,
    };
    expect((await post(alert)).json.outcome).toBe("ticket_created");
    expect((await post({ ...alert, status: "resolved", delivery_id: undefined })).json.outcome).toBe(
      "resolved",
    );
    const { status, json } = await post(fresh({ alert_id: "x".repeat(1001) }));
    expect([status, json.errors[0].path]).toEqual([400, "alert_id"]);
  });

  it("never answers 500 to a body that is cut off", async () => {
    const { request } = await import("node:http");
    await new Promise<void>((resolve) => {
      const sent = request(`${server.url}/api/v1/alerts`, {
        method: "POST",
        headers: { authorization: `Bearer ${server.adminKey}`, "content-length": "1000" },
      });
      sent.on("error", () => resolve());
      sent.write('{"source":');
      setTimeout(() => sent.destroy(), 50);
    });
    expect((await server.call("GET", "/healthz")).status).toBe(200);
  });
});
