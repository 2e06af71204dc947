/** What the API refuses with a reason where it once answered as if nothing were wrong, and what it tells of. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestServer, type TestServer } from "./test-server.ts";

const RULES = `rule "Everything"
  when alert received
  then
    create ticket
      no dedup
end
callout "Inside"
  post "http://10.1.2.3/x"
  auth bearer secret "nobody_gave_it"
  do not retry on 4xx
end
`;

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ rules: RULES });
});
afterAll(async () => {
  await server.close();
});

const api = async (method: string, path: string, body?: unknown) =>
  await server.admin(method, `/api/v1${path}`, body);

describe("a filter over known words", () => {
  it.each([
    [
      "/deliveries?state=bogus",
      "must be one of pending, running, waiting, succeeded, failed, given_up, skipped",
    ],
    ["/deliveries?state=failed&state=Failed", "must be one of pending"],
    ["/notifications?state=bogus", "must be one of pending, sent, failed, no_transport"],
    ["/alerts?outcome=bogus", "must be one of"],
    ["/mail?state=bogus", "must be one of received, processed, ignored, failed"],
  ])("refuses another in %s", async (path, message) => {
    const { status, json } = await api("GET", path);
    expect([status, json.code]).toEqual([400, "invalid_body"]);
    expect(json.errors[0].message).toContain(message);
    expect(
      (await api("GET", path.replace(/=bogus|=Failed/u, "=failed").replace("outcome=failed", "outcome=held")))
        .status,
    ).toBe(200);
  });
});

describe("the own organization", () => {
  it("stays active, whatever a key may write", async () => {
    const { json } = await api("GET", `/organizations?name=${encodeURIComponent("My Own MSP")}`);
    const [own] = json.items;
    const refused = await api("PATCH", `/organizations/${own.id}`, { active: false });
    expect([refused.status, refused.json.code]).toEqual([409, "wrong_state"]);
    expect((await api("PATCH", `/organizations/${own.id}`, { tags: ["us"] })).json).toMatchObject({
      active: true,
      tags: ["us"],
    });
  });
});

describe("a ticket's contact", () => {
  it("is named by mail address too, in any case of letters, within the organization", async () => {
    for (const name of ["Acme R", "Globex R"]) await api("POST", "/organizations", { name });
    await api("POST", "/contacts", {
      first_name: "Anna",
      last_name: "Ash",
      emails: ["a@acme.example", "Anna.Ash@acme.example"],
      organization: "Acme R",
    });
    const ticket = { title: "Printer", organization: "Acme R", contact: "anna.ash@ACME.example" };
    expect((await api("POST", "/tickets", ticket)).json).toMatchObject({ contact: { name: "Anna Ash" } });
    const outside = await api("POST", "/tickets", { ...ticket, organization: "Globex R" });
    expect([outside.status, outside.json.code]).toEqual([422, "unknown_reference"]);
    expect(outside.json.detail).toContain("name, mail address or id");
  });
});

describe("an alert of an unknown device", () => {
  it("says that the ticket stands without it", async () => {
    await api("POST", "/organizations", { name: "Acme D" });
    const alert = { source: "Test", title: "x", organization: "Acme D", device: "SRV-NOBODY" };
    const { json } = await api("POST", "/alerts", alert);
    expect(json.warnings).toEqual([
      expect.stringContaining("the device is not one of the organization's: the ticket stands without it"),
    ]);
    expect((await api("GET", `/tickets/${json.ticket}`)).json.device).toBeNull();
  });
});

describe("checking rule files", () => {
  it("tells of secrets that nobody gave and of addresses that the server refuses", async () => {
    const { json } = await api("POST", "/rule-sets/check", { files: [{ path: "a.rules", text: RULES }] });
    const found = json.diagnostics.map(({ code, summary }: Record<string, string>) => `${code} ${summary}`);
    expect(found).toContain("R2017 nobody gave the secret `nobody_gave_it`");
    expect(found).toContain("R2018 the server refuses to call `10.1.2.3`: it is a private address");
  });
});
