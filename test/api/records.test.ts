/** Organizations, devices, contacts and resources over HTTP, and their import from CSV. */
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
const importCsv = async (path: string, raw: string) =>
  await server.call("POST", `/api/v1${path}/import`, {
    key: server.adminKey,
    raw,
    headers: { "content-type": "text/csv" },
  });

describe("an organization", () => {
  it("is created, found by name without case, changed and deleted", async () => {
    const made = await api("POST", "/organizations", {
      name: " Initech ",
      domains: ["Initech.example"],
      tags: ["vip"],
    });
    expect([made.status, made.json]).toMatchObject([
      201,
      { name: "Initech", domains: ["initech.example"], tags: ["vip"], active: true },
    ]);
    expect((await api("GET", "/organizations?name=INITECH")).json.items).toEqual([made.json]);
    const path = `/organizations/${made.json.id}`;
    expect((await api("GET", path)).json).toEqual(made.json);
    expect((await api("PATCH", path, { active: false })).json).toEqual({ ...made.json, active: false });
    expect((await api("DELETE", path)).status).toBe(204);
    expect((await api("GET", path)).status).toBe(404);
    expect((await api("DELETE", path)).status).toBe(404);
  });

  it("shows a partner's id as external and as field: two views of one value", async () => {
    const made = await api("POST", "/organizations", {
      name: "Views",
      external: [{ source: "datto rmm", id: "100" }],
    });
    expect(made.json.udf).toEqual({ "Datto RMM Customer ID": "100" });
    const path = `/organizations/${made.json.id}`;
    const changed = await api("PATCH", path, {
      udf: { "datto rmm customer id": "200", Contract: "Gold", Seats: 12 },
    });
    expect(changed.json).toMatchObject({
      external: [{ source: "Datto RMM", id: "200" }],
      udf: { "Datto RMM Customer ID": "200", Contract: "Gold", Seats: 12 },
    });
    expect(
      (await api("PATCH", path, { udf: { "Datto RMM Customer ID": null, Contract: null } })).json,
    ).toMatchObject({
      external: [],
      udf: { Seats: 12 },
    });
  });

  it("is what alerts with its customer id stand on", async () => {
    await api("POST", "/organizations", { name: "Mapped", external: [{ source: "Datto RMM", id: "m-1" }] });
    const alert = await api("POST", "/alerts", {
      source: "Datto RMM",
      title: "mapped",
      customer_id: "m-1",
      organization: "Other",
    });
    expect((await api("GET", `/tickets/${alert.json.ticket}`)).json.organization.name).toBe("Mapped");
    const listed = await api("GET", "/alerts?organization=mapped");
    expect(listed.json.items.map((item: { id: string }) => item.id)).toEqual([alert.json.id]);
  });

  it("refuses a name or an id that another has, an unknown field, and a wrong type of field", async () => {
    await api("POST", "/organizations", { name: "Taken", external: [{ source: "S", id: "1" }] });
    expect((await api("POST", "/organizations", { name: "TAKEN" })).json).toMatchObject({
      code: "wrong_state",
      errors: [{ path: "name" }],
    });
    expect(
      (await api("POST", "/organizations", { name: "T2", external: [{ source: "s", id: "1" }] })).json,
    ).toMatchObject({
      code: "wrong_state",
      errors: [{ path: "external" }],
    });
    expect((await api("POST", "/organizations", { name: "T3", udf: { Nope: 1 } })).json.code).toBe(
      "unknown_reference",
    );
    expect((await api("POST", "/organizations", { name: "T4", udf: { Seats: "many" } })).json).toMatchObject({
      code: "invalid_body",
      errors: [{ path: "udf.Seats" }],
    });
    expect((await api("POST", "/organizations", { name: "T5", nonsense: true })).json.code).toBe(
      "invalid_body",
    );
  });

  it("cannot be deleted while something refers to it, and says what", async () => {
    const { json } = await api("POST", "/organizations", { name: "Kept" });
    await api("POST", "/tickets", { title: "x", organization: "Kept" });
    await api("POST", "/contacts", { emails: ["a@kept.example"], organization: json.id });
    const refused = await api("DELETE", `/organizations/${json.id}`);
    expect([refused.status, refused.json.code, refused.json.references]).toEqual([
      409,
      "still_referenced",
      [
        { kind: "tickets", count: 1 },
        { kind: "contacts", count: 1 },
      ],
    ]);
  });

  it("that is our own can neither be deleted nor renamed", async () => {
    const own = (await api("GET", "/organizations?name=My%20Own%20MSP")).json.items[0];
    expect((await api("DELETE", `/organizations/${own.id}`)).json.code).toBe("still_referenced");
    expect((await api("PATCH", `/organizations/${own.id}`, { name: "Ours" })).json.code).toBe("wrong_state");
    expect((await api("PATCH", `/organizations/${own.id}`, { tags: ["own"] })).status).toBe(200);
  });
});

describe("devices, contacts and resources", () => {
  it("live as organizations do", async () => {
    await api("POST", "/organizations", { name: "Home" });
    const device = await api("POST", "/devices", {
      name: "SRV-1",
      organization: "home",
      addresses: ["Scan@home.example"],
      udf: { Rack: "4", "Datto RMM Device ID": "d-9" },
    });
    expect(device.json).toMatchObject({
      organization: { name: "Home" },
      addresses: ["scan@home.example"],
      external: [{ source: "Datto RMM", id: "d-9" }],
      udf: { Rack: "4", "Datto RMM Device ID": "d-9" },
    });
    const contact = await api("POST", "/contacts", {
      first_name: "Ada",
      last_name: "Day",
      emails: ["ada@home.example"],
      organization: "Home",
    });
    expect((await api("GET", "/contacts?name=ada%20day")).json.items).toEqual([contact.json]);
    const resource = await api("POST", "/resources", {
      name: "Rob",
      email: "rob@msp.example",
      roles: ["Support"],
    });
    expect((await api("PATCH", `/resources/${resource.json.id}`, { active: false })).json.active).toBe(false);
    for (const [path, one] of [
      ["/devices", device],
      ["/contacts", contact],
      ["/resources", resource],
    ] as const) {
      expect((await api("GET", `${path}/${one.json.id}`)).status).toBe(200);
      expect((await api("DELETE", `${path}/${one.json.id}`)).status).toBe(204);
    }
  });

  it("are refused with what is wrong", async () => {
    expect((await api("POST", "/devices", { name: "x", organization: "Nobody" })).json).toMatchObject({
      code: "unknown_reference",
      errors: [{ path: "organization" }],
    });
    expect((await api("POST", "/devices", { name: "x" })).json.errors[0].path).toBe("organization");
    expect((await api("POST", "/contacts", { organization: "Home", emails: [] })).json.errors[0].path).toBe(
      "emails",
    );
    expect(
      (await api("POST", "/contacts", { organization: "Home", emails: ["a@b", "c@d", "e@f", "g@h"] })).status,
    ).toBe(400);
    expect((await api("POST", "/resources", { name: "x", email: "nobody" })).json.errors[0].path).toBe(
      "email",
    );
  });
});

describe("an import", () => {
  it("creates and changes, all rows or none", async () => {
    const csv =
      'name,domains,tags,active,Datto RMM Customer ID\nOne,one.example;two.example,vip,,11\n"Two, Inc.",,,false,12\n';
    expect((await importCsv("/organizations", csv)).json).toEqual({ created: 2, updated: 0 });
    expect((await importCsv("/organizations", csv)).json).toEqual({ created: 0, updated: 2 });
    expect((await api("GET", "/organizations?name=one&name=two,%20inc.")).json.items).toMatchObject([
      { name: "Two, Inc.", active: false, external: [{ source: "Datto RMM", id: "12" }] },
      { name: "One", domains: ["one.example", "two.example"], tags: ["vip"], active: true },
    ]);
  });

  it("says which line is wrong and leaves everything as it was", async () => {
    const refused = await importCsv("/organizations", "name,active\nThree,true\nFour,perhaps\n");
    expect(refused.json).toMatchObject({ code: "invalid_body", errors: [{ path: "line 3, active" }] });
    const clash = await importCsv("/organizations", "name,S Customer ID\nFive,77\nSix,77\n");
    expect(clash.json).toMatchObject({ code: "invalid_body", errors: [{ path: "line 3, external" }] });
    expect((await api("GET", "/organizations?name=three&name=five")).json.items).toEqual([]);
    expect((await importCsv("/devices", "name,organization\nX,Nobody\n")).json).toMatchObject({
      code: "unknown_reference",
      detail: expect.stringContaining("line 2") as string,
    });
    expect((await importCsv("/organizations", "name,colour\nSeven,red\n")).json.code).toBe("invalid_body");
  });

  it("works for devices, contacts and resources", async () => {
    await importCsv("/organizations", "name\nDepot\n");
    expect((await importCsv("/devices", "name;organization;tags\nSRV;Depot;a\n")).json.created).toBe(1);
    expect(
      (
        await importCsv(
          "/contacts",
          "first_name,last_name,emails,organization\nA,B,a@d.example;b@d.example,Depot\n",
        )
      ).json.created,
    ).toBe(1);
    expect(
      (await importCsv("/resources", "name,email,roles\nR,r@d.example,Support;Lead\n")).json.created,
    ).toBe(1);
    expect((await importCsv("/devices", "name;organization;tags\nsrv;depot;b\n")).json.updated).toBe(1);
  });
});
