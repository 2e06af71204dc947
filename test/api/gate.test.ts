/** Who may do what, in which order refusals come, and what they look like. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ROUTES } from "../../src/api/index.ts";
import type { Route } from "../../src/api/route.ts";
import { startTestServer, TEST_RULES, type TestServer } from "./test-server.ts";

const ROLES = ["ingest", "read", "operate", "admin"] as const;
/** contract.md 3, the table of roles, written a second time. */
const MAY: Readonly<Record<string, readonly string[]>> = {
  ingest: ["ingest", "operate", "admin"],
  read: ["read", "operate", "admin"],
  operate: ["operate", "admin"],
  admin: ["admin"],
};

let server: TestServer;
const keys = new Map<string, string>();
beforeAll(async () => {
  server = await startTestServer({ rules: TEST_RULES });
  for (const role of ROLES) keys.set(role, await server.keyOf(role));
});
afterAll(async () => {
  await server.close();
});

const concrete = (route: Route): string => route.path.replaceAll(/\{\w+\}/gu, "nobody");
const guarded = ROUTES.filter((route) => route.permission !== "open");

describe("the table of routes", () => {
  it("gives every route the permission of the contract", () => {
    const permission = (route: Route): string => `${route.method} ${route.path.replace("/api/v1", "")}`;
    const of = (name: string): string[] =>
      ROUTES.filter((route) => route.permission === name).map(permission);
    expect(of("open")).toEqual(["GET /healthz", "GET /readyz", "GET /openapi.json", "GET /docs", "GET /"]);
    expect(of("ingest").filter((one) => !/^POST \/(alerts|mail\/\{mailbox\})/u.test(one))).toEqual([]);
    expect(of("admin")).toEqual([
      "POST /rule-sets",
      "POST /rule-sets/check",
      "POST /rule-sets/{number}/activate",
      "GET /keys",
      "POST /keys",
      "DELETE /keys/{id}",
    ]);
    expect(of("read").every((one) => one.startsWith("GET "))).toBe(true);
    expect(of("operate").filter((one) => one.startsWith("GET "))).toEqual(["GET /mail/{id}/raw"]);
  });

  it.each(guarded.map((route) => [`${route.method} ${route.path}`, route] as const))(
    "%s answers each role as the contract says",
    async (_name, route) => {
      const ask = route.method === "GET" || route.method === "DELETE" ? {} : { raw: "{" };
      const nobody = await server.call(route.method, concrete(route), ask);
      expect(nobody.status).toBe(401);
      for (const role of ROLES) {
        const { status } = await server.call(route.method, concrete(route), { ...ask, key: keys.get(role) });
        const may = MAY[route.permission]?.includes(role) === true;
        expect([role, status === 403], `${role} got ${status}`).toEqual([role, !may]);
        expect(status).not.toBe(401);
      }
    },
  );
});

describe("the order of refusals", () => {
  it("asks for a key before it says that a path is unknown", async () => {
    expect((await server.call("GET", "/api/v1/nothing")).status).toBe(401);
    expect((await server.call("GET", "/api/v1/nothing", { key: "wrong" })).status).toBe(401);
    expect((await server.call("GET", "/api/v1/nothing", { key: keys.get("read") })).status).toBe(404);
    expect((await server.call("PUT", "/api/v1/alerts", { key: keys.get("ingest") })).status).toBe(404);
    expect((await server.call("GET", "/api/v1/%ff", { key: keys.get("read") })).status).toBe(404);
  });

  it("looks for the key and the role before it looks at the body", async () => {
    const big = "x".repeat(2 * 1024 * 1024);
    expect((await server.call("POST", "/api/v1/alerts", { raw: big })).status).toBe(401);
    expect((await server.call("POST", "/api/v1/alerts", { raw: big, key: keys.get("read") })).status).toBe(
      403,
    );
    expect((await server.call("POST", "/api/v1/alerts/pagerduty", { raw: big })).status).toBe(401);
  });

  it("looks for existence before validation", async () => {
    const key = keys.get("admin");
    for (const [method, path] of [
      ["PATCH", "/api/v1/tickets/T20200101.0001"],
      ["POST", "/api/v1/tickets/T20200101.0001/notes"],
      ["PATCH", "/api/v1/organizations/og_nobody"],
      ["POST", "/api/v1/rule-sets/99/activate"],
      ["POST", "/api/v1/rule-sets/none/activate"],
      ["POST", "/api/v1/callouts/none/activate"],
    ] as const)
      expect((await server.call(method, path, { key, raw: "{" })).status, path).toBe(404);
    expect((await server.call("GET", "/api/v1/alerts/al_none/explain?limit=x", { key })).status).toBe(404);
  });

  it("looks at the body before the version", async () => {
    const opened = await server.admin("POST", "/api/v1/tickets", { title: "order" });
    const path = `/api/v1/tickets/${opened.json.number}`;
    const key = keys.get("operate");
    const stale = { "if-match": '"99"' };
    expect((await server.call("PATCH", path, { key, raw: "{", headers: stale })).json.code).toBe(
      "invalid_json",
    );
    expect((await server.call("PATCH", path, { key, body: { title: "x" }, headers: stale })).json.code).toBe(
      "version_conflict",
    );
  });
});

describe("keys", () => {
  it("are shown once and stored as a hash", async () => {
    const made = await server.admin("POST", "/api/v1/keys", { name: "shown once", role: "read" });
    expect(made.json).toMatchObject({
      role: "read",
      actor: "staff",
      integration: null,
      key: expect.any(String),
    });
    const listed = await server.admin("GET", "/api/v1/keys");
    expect(listed.text).not.toContain(made.json.key);
    expect(listed.json.items.map((key: { name: string }) => key.name)).toContain("shown once");
  });

  it("of the role ingest act as an integration unless said", async () => {
    const made = await server.admin("POST", "/api/v1/keys", { name: "i", role: "ingest" });
    expect(made.json.actor).toBe("integration");
  });

  it("stop working at once when revoked", async () => {
    const { json } = await server.admin("POST", "/api/v1/keys", { name: "gone", role: "read" });
    expect((await server.call("GET", "/api/v1/tickets", { key: json.key })).status).toBe(200);
    expect((await server.admin("DELETE", `/api/v1/keys/${json.id}`)).status).toBe(204);
    expect((await server.call("GET", "/api/v1/tickets", { key: json.key })).status).toBe(401);
    expect((await server.admin("DELETE", `/api/v1/keys/${json.id}`)).status).toBe(404);
  });

  it("stop working when they expire", async () => {
    const expires = new Date(Date.now() + 400).toISOString();
    const { json } = await server.admin("POST", "/api/v1/keys", {
      name: "short",
      role: "read",
      expires_at: expires,
    });
    expect((await server.call("GET", "/api/v1/tickets", { key: json.key })).status).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect((await server.call("GET", "/api/v1/tickets", { key: json.key })).status).toBe(401);
  });

  it("that name an integration send for that one only", async () => {
    const key = await server.keyOf("ingest", { integration: "Checkmk" });
    const send = async (source: string) =>
      await server.call("POST", "/api/v1/alerts", { key, body: { source, title: "x" } });
    expect((await send("checkmk ")).status).toBe(200);
    expect((await send("Datto RMM")).json.code).toBe("forbidden");
    const many = await server.call("POST", "/api/v1/alerts", {
      key,
      body: [
        { source: "Other", title: "x" },
        { source: "Checkmk", title: "y" },
      ],
    });
    expect(many.json.results).toMatchObject([
      { error: { code: "forbidden" } },
      { id: expect.any(String) as string },
    ]);
  });

  it("are refused with what is wrong", async () => {
    const { json } = await server.admin("POST", "/api/v1/keys", { name: "", role: "root", colour: "red" });
    expect(json).toMatchObject({ code: "invalid_body" });
    expect(json.errors.map((error: { path: string }) => error.path)).toEqual(
      expect.arrayContaining(["name", "role"]),
    );
  });

  it("say who did it", async () => {
    const key = await server.keyOf("operate", { name: "Anna", actor: "contact" });
    const { json } = await server.call("POST", "/api/v1/tickets", { key, body: { title: "by Anna" } });
    expect(json.created_by).toEqual({ kind: "contact", name: "Anna" });
  });
});

describe("limits", () => {
  it("answers 429 with Retry-After above the rate of a key", async () => {
    const slow = await startTestServer({ env: { TOCSIN_RATE_PER_KEY: "5" } });
    try {
      const statuses: number[] = [];
      for (let i = 0; i < 12; i++) statuses.push((await slow.admin("GET", "/api/v1/udfs")).status);
      expect(statuses).toContain(429);
      expect(statuses[0]).toBe(200);
    } finally {
      await slow.close();
    }
  });

  it("answers at most 100 times 401 a second to an address, and lets known keys through", async () => {
    const guarded = await startTestServer();
    try {
      await guarded.admin("GET", "/api/v1/udfs");
      let limited = 0;
      for (let round = 0; round < 3 && limited === 0; round++) {
        const answers = await Promise.all(
          Array.from(
            { length: 250 },
            async (_, i) => await guarded.call("GET", "/api/v1/udfs", { key: `wrong-${i}` }),
          ),
        );
        limited = answers.filter(({ status }) => status === 429).length;
      }
      expect(limited).toBeGreaterThan(0);
      expect((await guarded.admin("GET", "/api/v1/udfs")).status).toBe(200);
    } finally {
      await guarded.close();
    }
  });
});
