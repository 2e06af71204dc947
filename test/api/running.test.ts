/** Health, readiness, metrics and the documentation; and what happens when Postgres is away. */
import { createServer, connect, type Server, type Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, it, inject } from "vitest";
import { openApiDocument, ROUTES } from "../../src/api/index.ts";
import { startTestServer, TEST_RULES, type TestServer } from "./test-server.ts";

/** Between the server and Postgres: can be cut, or go silent. */
class Wire {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  isSilent = false;

  constructor() {
    const target = new URL(inject("postgresUrl"));
    this.#server = createServer((near) => {
      const far = connect(Number(target.port), target.hostname);
      for (const [from, to] of [
        [near, far],
        [far, near],
      ] as const) {
        this.#sockets.add(from);
        from.on("error", () => to.destroy());
        from.on("close", () => to.destroy());
        from.on("data", (chunk: Buffer) => {
          if (!this.isSilent) to.write(chunk);
        });
      }
    });
  }

  async open(port = 0): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(port, "127.0.0.1", resolve));
    const address = this.#server.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  }

  async cut(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#sockets.clear();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

describe("with everything there but Temporal", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(async () => {
    await server.close();
  });

  it("is alive from the start, and ready from the first rule set on", async () => {
    expect((await server.call("GET", "/healthz")).json).toEqual({ status: "ok" });
    const before = await server.call("GET", "/readyz");
    expect([before.status, before.json]).toMatchObject([
      503,
      { status: "unavailable", postgres: "ok", rule_set: null },
    ]);
    expect((await server.admin("POST", "/api/v1/alerts", { source: "x", title: "y" })).json.code).toBe(
      "unavailable",
    );
    await server.admin("POST", "/api/v1/rule-sets", { files: [{ path: "a.rules", text: TEST_RULES }] });
    const { status, json } = await server.call("GET", "/readyz");
    expect([status, json]).toEqual([
      200,
      { status: "ready", postgres: "ok", temporal: "unreachable", worker: "unreachable", rule_set: 1 },
    ]);
  });

  it("counts what it did in Prometheus text, for who may read", async () => {
    await server.admin("POST", "/api/v1/alerts", [
      { source: "x", title: "counted", organization: "Unheard of" },
      {},
    ]);
    const answer = await server.call("GET", "/metrics", { key: server.adminKey });
    expect(answer.headers.get("content-type")).toContain("text/plain");
    expect(answer.text).toMatch(/^tocsin_alerts_total\{outcome="ticket_created"\} 1$/mu);
    expect(answer.text).toMatch(/^tocsin_alerts_refused_total\{code="invalid_body"\} 1$/mu);
    expect(answer.text).toMatch(/^tocsin_alerts_unmapped_total 1$/mu);
    expect(answer.text).toMatch(/^tocsin_rule_disagreements_total 0$/mu);
    expect(answer.text).toMatch(
      /tocsin_http_request_seconds_count\{route="\/api\/v1\/alerts",method="POST",status="200"\}/u,
    );
    expect((await server.call("GET", "/metrics")).status).toBe(401);
  });

  it("leads from / to /docs, a page that needs nothing from elsewhere", async () => {
    const root = await server.call("GET", "/");
    expect([root.status, root.headers.get("location")]).toEqual([302, "/docs"]);
    const page = await server.call("GET", "/docs");
    expect(page.headers.get("content-type")).toContain("text/html");
    expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(page.text).not.toMatch(/<script|src=|href="https?:/u);
    for (const route of ROUTES.filter((one) => one.hidden !== true)) expect(page.text).toContain(route.path);
  });

  it("keeps its keys, tickets and rules over a restart", async () => {
    await server.restart();
    expect((await server.call("GET", "/readyz")).json.rule_set).toBe(1);
    expect((await server.admin("GET", "/api/v1/tickets?title=counted")).json.items).toHaveLength(1);
  });
});

describe("the setting TOCSIN_METRICS_OPEN", () => {
  it("shows the metrics without a key", async () => {
    const server = await startTestServer({ env: { TOCSIN_METRICS_OPEN: "true" } });
    try {
      expect((await server.call("GET", "/metrics")).status).toBe(200);
    } finally {
      await server.close();
    }
  });
});

describe("the OpenAPI document", () => {
  interface Operation {
    operationId: string;
    parameters: { name: string; in: string; schema: object }[];
    requestBody?: { content: object };
    responses: Record<string, { description: string; content?: Record<string, { schema: object }> }>;
    security?: object[];
  }
  const document = openApiDocument(ROUTES) as unknown as {
    openapi: string;
    paths: Record<string, Record<string, Operation>>;
    components: { schemas: Record<string, object> };
  };
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );

  it("is of version 3.1 and describes every route, once", () => {
    expect(document.openapi).toBe("3.1.0");
    expect(operations.map(({ path, method }) => `${method.toUpperCase()} ${path}`).toSorted()).toEqual(
      ROUTES.filter((route) => route.hidden !== true)
        .map((route) => `${route.method} ${route.path}`)
        .toSorted(),
    );
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("names every parameter of a path, and every reference leads somewhere", () => {
    for (const { path, operation } of operations) {
      const named = operation.parameters.filter((one) => one.in === "path").map((one) => `{${one.name}}`);
      expect(path.match(/\{\w+\}/gu) ?? []).toEqual(named);
    }
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/gu)].map(
      ([, to]) => to ?? "",
    );
    expect(references.length).toBeGreaterThan(20);
    for (const to of references)
      expect(document.components.schemas).toHaveProperty([to.replace("#/components/schemas/", "")]);
  });

  it("documents problems wherever a key is asked for", () => {
    for (const { path, operation } of operations) {
      if (operation.security?.length === 0) continue;
      for (const status of ["401", "403", "429", "503"])
        expect(operation.responses[status]?.content, path).toHaveProperty(["application/problem+json"]);
    }
  });

  it("has no schema that allows anything where members are known", () => {
    const answers = operations.flatMap(({ path, operation }) =>
      Object.entries(operation.responses).flatMap(([status, answer]) =>
        Object.values(answer.content ?? {}).map((content) => ({
          at: `${path} ${status}`,
          schema: content.schema,
        })),
      ),
    );
    for (const { at, schema } of answers) expect(Object.keys(schema).length, at).toBeGreaterThan(0);
  });
});

describe("with Postgres away", () => {
  it.each([
    ["cut off", async (wire: Wire) => await wire.cut()],
    ["silent", async (wire: Wire) => void (wire.isSilent = true)],
  ])(
    "answers 503 with Retry-After within 5 seconds when it is %s, and serves again when it is back",
    async (_what, goAway) => {
      const wire = new Wire();
      const port = await wire.open();
      const server = await startTestServer({ rules: TEST_RULES, through: port });
      try {
        const ingest = await server.keyOf("ingest");
        const send = async () =>
          await server.call("POST", "/api/v1/alerts", { key: ingest, body: { source: "x", title: "y" } });
        expect((await send()).status).toBe(200);
        await goAway(wire);
        const startedAt = performance.now();
        const answers = await Promise.all([
          send(),
          server.admin("POST", "/api/v1/alerts", [{ source: "x", title: "z" }]),
          server.admin("GET", "/api/v1/tickets"),
          server.admin("POST", "/api/v1/tickets", { title: "t" }),
          server.call("GET", "/api/v1/tickets", { key: "not-known-yet" }),
        ]);
        expect(answers.map(({ status, json }) => [status, json.code])).toEqual(
          answers.map(() => [503, "unavailable"]),
        );
        const ready = await server.call("GET", "/readyz");
        expect([ready.status, ready.json.postgres]).toEqual([503, "unreachable"]);
        expect((await server.call("GET", "/healthz")).status).toBe(200);
        expect(performance.now() - startedAt).toBeLessThan(10_000);
        const back = new Wire();
        if (wire.isSilent) await wire.cut();
        await back.open(port);
        let status = 503;
        for (let i = 0; i < 40 && status !== 200; i++) {
          ({ status } = await send());
          await new Promise((resolve) => setTimeout(resolve, 100));
        }
        expect(status).toBe(200);
        await server.close();
        await back.cut();
      } catch (error) {
        await server.close();
        throw error;
      }
    },
  );
});
