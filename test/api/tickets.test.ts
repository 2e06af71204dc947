/** Tickets over HTTP: opening, changing, notes and time entries, lists with cursors. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestServer, TEST_RULES, type TestServer } from "./test-server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ rules: TEST_RULES });
  await server.admin("POST", "/api/v1/organizations", { name: "Acme", tags: ["vip"] });
  await server.admin("POST", "/api/v1/devices", { name: "SRV-B", organization: "Acme" });
  await server.admin("POST", "/api/v1/contacts", {
    first_name: "Anna",
    last_name: "Ash",
    emails: ["anna@acme.example"],
    organization: "Acme",
  });
  await server.admin("POST", "/api/v1/resources", { name: "Rita", email: "rita@msp.example" });
});
afterAll(async () => {
  await server.close();
});

const open = async (body: object) =>
  await server.admin("POST", "/api/v1/tickets", { title: "A ticket", ...body });
const change = async (number: string, body: object, headers: Record<string, string> = {}) =>
  await server.call("PATCH", `/api/v1/tickets/${number}`, { key: server.adminKey, body, headers });
const get = async (number: string) => (await server.admin("GET", `/api/v1/tickets/${number}`)).json;

describe("opening", () => {
  it("answers 201 with the ticket and where it is", async () => {
    const answer = await open({
      description: "what",
      organization: "acme ",
      device: "srv-b",
      contact: "Anna Ash",
      assigned_resource: "Rita",
      queue: "level i",
      priority: "High",
      external_id: "X-1",
      tags: ["a"],
      udf: { "Site code": "FRA" },
      due_at: "2026-12-01T08:00:00+01:00",
    });
    expect(answer.status).toBe(201);
    expect(answer.headers.get("location")).toBe(`/api/v1/tickets/${answer.json.number}`);
    expect(answer.json).toMatchObject({
      status: "New",
      priority: "High",
      queue: "Level I",
      organization: { name: "Acme" },
      device: { name: "SRV-B" },
      contact: { name: "Anna Ash" },
      assigned_resource: { name: "Rita" },
      external_id: "X-1",
      tags: ["a"],
      udf: { "Site code": "FRA" },
      due_at: "2026-12-01T07:00:00.000Z",
      created_by: { kind: "staff", name: "admin" },
      completed_at: null,
      repeat_count: 0,
      version: 1,
    });
  });

  it("shows dates and times of user-defined fields and of the history as times, and mends names of fields", async () => {
    const { json } = await open({ udf: { warranty: "2026-12-31" }, due_at: "2026-12-01T08:00:00Z" });
    expect(json.udf).toEqual({ Warranty: "2026-12-31T00:00:00.000Z" });
    const changed = await change(json.number, {
      udf: { Warranty: "2027-01-02T08:00:00+01:00" },
      due_at: null,
    });
    expect(changed.json.udf).toEqual({ Warranty: "2027-01-02T07:00:00.000Z" });
    const { history } = await get(json.number);
    expect(history).toMatchObject([
      { field: "due_at", from: "2026-12-01T08:00:00.000Z", to: null },
      { field: "udf.Warranty", from: "2026-12-31T00:00:00.000Z", to: "2027-01-02T07:00:00.000Z" },
    ]);
  });

  it.each(["1", "May", "2026-02-31", "2026-13-01", 1e300])("takes no %s for a date", async (Warranty) => {
    const { status, json } = await open({ udf: { Warranty } });
    expect([status, json.code, json.errors[0].path]).toEqual([422, "unknown_reference", "udf.Warranty"]);
  });

  it.each([
    [{ title: undefined }, "title", "is missing"],
    [{ title: 5 }, "title", "must be a text, not a number"],
    [{ titel: "x" }, "", "has no member `titel`"],
    [{ tags: "x" }, "tags", "must be a list, not a text"],
    [{ udf: null }, "udf", "must be an object, not null"],
  ])("says in plain words what is wrong with %j", async (body, path, message) => {
    expect((await open(body)).json.errors).toEqual([{ path, message }]);
  });

  it("needs a title only and then stands on the own organization", async () => {
    expect((await open({})).json).toMatchObject({
      organization: { name: "My Own MSP" },
      queue: null,
      contact: null,
    });
  });

  it.each([
    ["a queue outside the list", { queue: "Nowhere" }, "queue"],
    ["an organization that does not exist", { organization: "Nobody" }, "organization"],
    ["a device that does not exist", { organization: "Acme", device: "SRV-X" }, "device"],
    ["a field that nobody declared", { udf: { Colour: "red" } }, "udf.Colour"],
  ])("refuses %s with unknown_reference and its place", async (_what, body, path) => {
    const { status, json } = await open(body);
    expect([status, json.code, json.errors[0].path]).toEqual([422, "unknown_reference", path]);
  });

  it.each([
    ["no title", { title: undefined }, "title"],
    ["a blank title", { title: " " }, "title"],
    ["an unknown member", { priorty: "High" }, ""],
    ["a member that cannot be written", { version: 3 }, ""],
    ["a number as queue", { queue: 5 }, "queue"],
    ["a time that is none", { due_at: "tomorrow" }, "due_at"],
  ])("refuses %s with invalid_body and its place", async (_what, body, path) => {
    const { status, json } = await open(body);
    expect([status, json.code, json.errors[0].path]).toEqual([400, "invalid_body", path]);
  });

  it("cuts a long title and keeps the whole in the description", async () => {
    const title = "x".repeat(400);
    const { json } = await open({ title });
    expect(json.title).toBe("x".repeat(250));
    expect(json.description).toBe(title);
  });

  it("mends what Postgres cannot keep", async () => {
    const { status, json } = await open({ title: "odd \u0000 \ud800 byte", description: "a\u0000" });
    expect(status).toBe(201);
    expect(json.title).toBe("odd \ufffd \ufffd byte");
  });
});

describe("changing", () => {
  it("changes what is given, leaves the rest, empties with null, and tells the history", async () => {
    const { json } = await open({ queue: "Level I", description: "stays" });
    const changed = await change(json.number, { queue: null, priority: "low", organization: "Globex?" });
    expect(changed.json.code).toBe("unknown_reference");
    expect((await change(json.number, { queue: null, priority: "low" })).json).toMatchObject({
      queue: null,
      priority: "Low",
      description: "stays",
      version: 2,
    });
    expect((await get(json.number)).history).toMatchObject([
      { field: "priority", from: "Medium", to: "Low" },
      { field: "queue", from: "Level I", to: null, by: { kind: "staff", name: "admin" } },
    ]);
  });

  it("obeys If-Match and says which version there is", async () => {
    const { json } = await open({});
    expect((await change(json.number, { priority: "High" }, { "if-match": '"1"' })).status).toBe(200);
    const late = await change(json.number, { priority: "Low" }, { "if-match": '"1"' });
    expect([late.status, late.json.code, late.json.version]).toEqual([412, "version_conflict", 2]);
    expect((await change(json.number, { priority: "Low" }, { "if-match": "*" })).status).toBe(200);
    expect((await change(json.number, {}, { "if-match": "yesterday" })).json.code).toBe("invalid_body");
  });

  it("sets completed_at on Complete and clears it on reopening", async () => {
    const { json } = await open({});
    expect((await change(json.number, { status: "complete" })).json).toMatchObject({
      status: "Complete",
      completed_at: expect.stringMatching(/Z$/u),
    });
    expect((await change(json.number, { status: "In Progress" })).json.completed_at).toBeNull();
  });

  it("runs callout rules: the delivery is listed, skipped without its field", async () => {
    const { json } = await open({});
    await change(json.number, { status: "Complete" });
    const { json: page } = await server.admin("GET", `/api/v1/deliveries?ticket=${json.number}`);
    expect(page.items).toMatchObject([
      { callout: "Datto close", ticket: json.number, rule: "Tell the source", state: "skipped" },
    ]);
    const one = await server.admin("GET", `/api/v1/deliveries/${page.items[0].id}`);
    expect(one.json).toEqual(page.items[0]);
    expect(one.json.workflow_url).toContain("/namespaces/default/workflows/callout%3Adl_");
    const again = await server.admin("POST", `/api/v1/deliveries/${one.json.id}/retry-now`);
    expect([again.status, again.json.code]).toEqual([409, "wrong_state"]);
  });
});

describe("notes and time entries", () => {
  it("are added, internal unless said, and leave the version", async () => {
    const { json } = await open({});
    const path = `/api/v1/tickets/${json.number}`;
    expect((await server.admin("POST", `${path}/notes`, { text: "inside" })).json).toMatchObject({
      visibility: "internal",
      text: "inside",
    });
    expect(
      (await server.admin("POST", `${path}/notes`, { text: "outside", visibility: "public" })).status,
    ).toBe(201);
    expect(
      (await server.admin("POST", `${path}/time-entries`, { hours: 1.5, role: "Support" })).json,
    ).toMatchObject({ hours: 1.5, role: "Support" });
    expect(await get(json.number)).toMatchObject({
      version: 1,
      notes: [
        { text: "inside", by: { name: "admin" } },
        { text: "outside", visibility: "public" },
      ],
      time_entries: [{ hours: 1.5, role: "Support" }],
    });
  });

  it("are refused when blank or not positive", async () => {
    const { json } = await open({});
    const path = `/api/v1/tickets/${json.number}`;
    expect((await server.admin("POST", `${path}/notes`, { text: " " })).json.errors[0].path).toBe("text");
    expect((await server.admin("POST", `${path}/notes`, { text: "x", visibility: "secret" })).status).toBe(
      400,
    );
    expect((await server.admin("POST", `${path}/time-entries`, { hours: 0 })).json.errors[0].path).toBe(
      "hours",
    );
  });
});

describe("lists", () => {
  it("page by cursor, newest first, without missing or repeating what comes meanwhile", async () => {
    const numbers: string[] = [];
    for (let i = 0; i < 7; i++)
      numbers.unshift((await open({ title: `page ${i}`, queue: "Level I", source: "Paging" })).json.number);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const after: string = cursor === null ? "" : `&cursor=${cursor}`;
      const { json } = await server.admin("GET", `/api/v1/tickets?source=paging&limit=3${after}`);
      expect(json.items.length).toBeLessThanOrEqual(3);
      seen.push(...json.items.map((ticket: { number: string }) => ticket.number));
      cursor = json.next as string | null;
      await open({ title: "meanwhile", source: "Paging" });
    } while (cursor !== null && seen.length < 20);
    expect(seen).toEqual(numbers);
  });

  it("take a filter twice as either, and several filters as all", async () => {
    await open({ title: "f1", source: "F", queue: "Level I" });
    await open({ title: "f2", source: "F", queue: "Monitoring" });
    await open({ title: "f3", source: "F", queue: "Monitoring", organization: "Acme" });
    const titles = async (query: string): Promise<string[]> =>
      (await server.admin("GET", `/api/v1/tickets?source=F&${query}`)).json.items.map(
        (ticket: { title: string }) => ticket.title,
      );
    expect(await titles("title=f1&title=f3")).toEqual(["f3", "f1"]);
    expect(await titles("queue=monitoring&organization=ACME")).toEqual(["f3"]);
    expect(await titles("status=new&queue=Level%20I")).toEqual(["f1"]);
    expect(await titles("status=Complete")).toEqual([]);
  });

  it.each(["limit=0", "limit=501", "limit=x", "cursor=nonsense", "cursor=%00", "limit=1.5"])(
    "refuse %s",
    async (query) => {
      expect((await server.admin("GET", `/api/v1/tickets?${query}`)).json.code).toBe("invalid_body");
    },
  );

  it("never fail on odd characters in filters and paths", async () => {
    expect((await server.admin("GET", "/api/v1/tickets?title=%00&source=%ff&queue='--")).json.items).toEqual(
      [],
    );
    expect((await server.admin("GET", "/api/v1/tickets/%00")).status).toBe(404);
    expect((await server.admin("GET", "/api/v1/alerts?delivery_id=%00&organization=%00")).json.items).toEqual(
      [],
    );
    expect((await server.admin("GET", "/api/v1/organizations/%00")).status).toBe(404);
  });
});
