/** One attempt against receivers that behave and receivers that do not. */
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { names, openReceiver, send, type Receiver } from "./receiver.ts";
import { selfSigned } from "./self-signed.ts";

const open: Receiver[] = [];
afterAll(async () => {
  await Promise.all(open.map((receiver) => receiver.close()));
});

async function receiver(...args: Parameters<typeof openReceiver>): Promise<Receiver> {
  const opened = await openReceiver(...args);
  open.push(opened);
  return opened;
}

describe("a request", () => {
  it("carries method, path, headers and body as built, and says who sends which delivery when", async () => {
    const sink = await receiver((_, response) => response.end("ok"));
    const outcome = await send({
      request: {
        url: `http://127.0.0.1:${sink.port}/api/close?id=1%2F2`,
        method: "PATCH",
        headers: [
          { name: "X-Tenant", value: "Müller & Söhne" },
          { name: "Content-Length", value: "3" },
        ],
        body: '{"title":"Gerät"}',
      },
    });
    expect(outcome).toEqual({ kind: "succeeded", status: 200, responseStart: "ok" });
    const [request] = sink.requests;
    expect(request).toMatchObject({ method: "PATCH", url: "/api/close?id=1%2F2", body: '{"title":"Gerät"}' });
    expect(Buffer.from(request!.headers["x-tenant"] as string, "latin1").toString("utf8")).toBe(
      "Müller & Söhne",
    );
    expect(request!.headers).toMatchObject({
      "webhook-id": "dl_1",
      "webhook-timestamp": "1795388700",
      "user-agent": "Tocsin/1",
    });
  });

  it("without a body sends none with GET", async () => {
    const sink = await receiver((_, response) => response.end());
    await send({ request: { url: `http://127.0.0.1:${sink.port}/x`, method: "GET", body: undefined } });
    expect(sink.requests[0]).toMatchObject({ method: "GET", body: "" });
  });

  it("brings user and password, a token or a header from the secrets", async () => {
    const sink = await receiver((_, response) => response.end());
    const url = `http://127.0.0.1:${sink.port}/`;
    const secrets = { API_USER: "tocsin", PASSWORD: "pässword" };
    await send({
      request: {
        url,
        auth: { kind: "basic", user: { secret: "api_user" }, password: { secret: "password" } },
      },
      secrets,
    });
    await send({
      request: { url, auth: { kind: "bearer", token: { secret: "Password" } } },
      secrets: { PASSWORD: "t0k" },
    });
    await send({
      request: { url, auth: { kind: "header", header: "X-Api-Key", value: { secret: "password" } } },
      secrets: { PASSWORD: "t0k" },
    });
    expect(sink.requests.map(({ headers }) => headers["authorization"] ?? headers["x-api-key"])).toEqual([
      `Basic ${Buffer.from("tocsin:pässword").toString("base64")}`,
      "Bearer t0k",
      "t0k",
    ]);
  });

  it("is not sent while a secret is missing, and says which", async () => {
    const outcome = await send({
      request: { url: "http://127.0.0.1:9/", auth: { kind: "bearer", token: { secret: "datto_token" } } },
    });
    expect(outcome).toMatchObject({ kind: "failed", retry: true });
    expect(outcome).toHaveProperty("error", expect.stringContaining("TOCSIN_SECRET_DATTO_TOKEN"));
  });

  it("is not sent with a header value that would break out of its line", async () => {
    const sink = await receiver((_, response) => response.end());
    const outcome = await send({
      request: { url: `http://127.0.0.1:${sink.port}/`, headers: [{ name: "X-A", value: "a\r\nX-B: b" }] },
    });
    expect(outcome).toMatchObject({ kind: "failed", error: 'header "X-A" has a value that cannot be sent' });
    expect(sink.requests).toEqual([]);
  });
});

describe("an answer", () => {
  it.each([
    [200, {}, "succeeded"],
    [204, {}, "succeeded"],
    [299, {}, "succeeded"],
    [201, { successStatuses: [200] }, "failed"],
    [202, { successStatuses: [200, 202] }, "succeeded"],
    [404, {}, "failed"],
    [503, {}, "failed"],
  ] as const)("%d with %j is %s", async (status, schedule, kind) => {
    const sink = await receiver((_, response) => response.writeHead(status).end());
    const outcome = await send({ request: { url: `http://127.0.0.1:${sink.port}/` }, schedule });
    expect(outcome).toMatchObject({ kind, status });
    if (kind === "failed") expect(outcome).toMatchObject({ error: `HTTP ${status}`, retry: true });
  });

  it("of 4xx is not asked for again where the rule file says so", async () => {
    const sink = await receiver((_, response) => response.writeHead(409).end());
    const outcome = await send({
      request: { url: `http://127.0.0.1:${sink.port}/` },
      schedule: { retryOn4xx: false },
    });
    expect(outcome).toMatchObject({ kind: "failed", retry: false });
  });

  it("of 302 is an error: no redirect is followed, least of all to loopback", async () => {
    const inner = await receiver((_, response) => response.end("secret"));
    const sink = await receiver((_, response) =>
      response.writeHead(302, { location: `http://127.0.0.1:${inner.port}/` }).end(),
    );
    const outcome = await send({ request: { url: `http://127.0.0.1:${sink.port}/` } });
    expect(outcome).toMatchObject({ kind: "failed", status: 302, error: "HTTP 302", retry: true });
    expect(inner.requests).toEqual([]);
  });

  it("is kept to its first 4 KiB, with known secrets masked in every form", async () => {
    const password = "hunter/2 & more";
    const basic = Buffer.from(`bob:${password}`).toString("base64");
    const sink = await receiver((_, response) =>
      response
        .writeHead(500)
        .end(`${password} ${basic} ${encodeURIComponent(password)} ${"x".repeat(4038)}${password}`),
    );
    const outcome = await send({
      request: {
        url: `http://127.0.0.1:${sink.port}/`,
        auth: { kind: "basic", user: "bob", password: { secret: "pw" } },
      },
      secrets: { PW: password },
    });
    const text = (outcome as { responseStart: string }).responseStart;
    expect(text.startsWith("*** *** *** xxx")).toBe(true);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(4096);
    expect(text).not.toMatch(/hunter/u);
  });

  it("of five gigabytes is cut after its start", async () => {
    let written = 0;
    const sink = await receiver((_, response) => {
      response.writeHead(200, { "content-length": String(5 * 1024 ** 3) });
      const chunk = Buffer.alloc(64 * 1024, "a");
      const more = (): void => {
        while (!response.destroyed && written < 5 * 1024 ** 3) {
          written += chunk.length;
          if (!response.write(chunk)) {
            response.once("drain", more);
            return;
          }
        }
      };
      more();
    });
    const outcome = await send({
      request: { url: `http://127.0.0.1:${sink.port}/` },
      schedule: { timeoutMs: 5000 },
    });
    expect(outcome).toMatchObject({ kind: "succeeded", status: 200 });
    expect(written).toBeLessThan(64 * 1024 ** 2);
  });

  it("that unpacks to a hundred megabytes is cut after its start", async () => {
    const bomb = gzipSync(Buffer.alloc(100 * 1024 ** 2));
    const sink = await receiver((_, response) =>
      response.writeHead(200, { "content-encoding": "gzip" }).end(bomb),
    );
    const before = process.memoryUsage.rss();
    const outcome = await send({
      request: { url: `http://127.0.0.1:${sink.port}/` },
      schedule: { timeoutMs: 5000 },
    });
    expect(outcome).toMatchObject({ kind: "succeeded" });
    expect(process.memoryUsage.rss() - before).toBeLessThan(64 * 1024 ** 2);
  });

  it.each(["headers", "body"])("whose %s never come is a time-out of the whole call", async (part) => {
    const sink = await receiver((_, response) => {
      if (part === "body") response.writeHead(200).write("start");
    });
    const startedAt = Date.now();
    const outcome = await send({
      request: { url: `http://127.0.0.1:${sink.port}/` },
      schedule: { timeoutMs: 300 },
    });
    expect(outcome).toMatchObject({ kind: "failed", error: "no answer within 0.3 s", retry: true });
    expect(Date.now() - startedAt).toBeLessThan(1500);
  });

  it("that trickles is a time-out of the whole call", async () => {
    const timers: NodeJS.Timeout[] = [];
    const sink = await receiver((_, response) => {
      response.writeHead(200);
      timers.push(setInterval(() => response.write("."), 20));
    });
    expect(
      await send({ request: { url: `http://127.0.0.1:${sink.port}/` }, schedule: { timeoutMs: 300 } }),
    ).toMatchObject({ kind: "failed", error: "no answer within 0.3 s" });
    timers.forEach(clearInterval);
  });

  it("that is not HTTP is an error without a stack", async () => {
    const server = createServer((socket) => socket.end("SSH-2.0-OpenSSH\r\n"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const outcome = await send({ request: { url: `http://127.0.0.1:${port}/` } });
    expect(outcome).toMatchObject({ kind: "failed", retry: true, status: undefined });
    expect((outcome as { error: string }).error).not.toMatch(/\n|node_modules/u);
    server.close();
  });
});

describe("a receiver", () => {
  it("whose name does not resolve is an error", async () => {
    const outcome = await send({ request: { url: "http://nowhere.example/" }, resolve: names({}) });
    expect(outcome).toMatchObject({
      kind: "failed",
      error: "the host does not resolve (ENOTFOUND)",
      retry: true,
    });
  });

  it("that refuses the connection is an error", async () => {
    const sink = await openReceiver(() => undefined);
    await sink.close();
    const outcome = await send({ request: { url: `http://127.0.0.1:${sink.port}/` } });
    expect(outcome).toMatchObject({
      kind: "failed",
      error: "the connection was refused (ECONNREFUSED)",
      retry: true,
    });
  });

  it.each([
    "http://127.0.0.1:8080/",
    "http://2130706433/",
    "http://0x7f.1/",
    "http://[::1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://169.254.169.254/latest/meta-data",
    "https://10.0.0.1/",
  ])("at %s is refused before a packet leaves, and not asked again", async (url) => {
    const outcome = await send({ request: { url }, allow: [] });
    expect(outcome).toMatchObject({ kind: "failed", retry: false });
    expect((outcome as { error: string }).error).toMatch(
      /^egress refused: an? (loopback|link-local|private) address/u,
    );
  });

  it("whose name points inside is refused after resolving; the name in TOCSIN_EGRESS_ALLOW lets it through", async () => {
    const sink = await receiver((_, response) => response.end());
    const resolve = names({ "rmm.example": ["127.0.0.1"] });
    const request = { url: `http://rmm.example:${sink.port}/` };
    expect(await send({ request, resolve, allow: [] })).toMatchObject({ kind: "failed", retry: false });
    expect(sink.requests).toEqual([]);
    expect(await send({ request, resolve, allow: [`rmm.example:${sink.port}`] })).toMatchObject({
      kind: "succeeded",
    });
  });

  it("whose name answers differently the second time is reached at the address that was checked", async () => {
    const sink = await receiver((_, response) => response.end());
    let asked = 0;
    const resolve: ReturnType<typeof names> = (host, options, callback) => {
      asked += 1;
      names({ "rebind.example": asked === 1 ? ["127.0.0.2"] : ["127.0.0.1"] })(host, options, callback);
    };
    const outcome = await send({
      request: { url: `http://rebind.example:${sink.port}/` },
      resolve,
      allow: ["127.0.0.2"],
    });
    expect(outcome).toMatchObject({ kind: "failed", error: "the connection was refused (ECONNREFUSED)" });
    expect(asked).toBe(1);
    expect(sink.requests).toEqual([]);
  });

  it("with a certificate that nobody vouches for is an error", async () => {
    const sink = await receiver((_, response) => response.end(), selfSigned);
    const outcome = await send({ request: { url: `https://127.0.0.1:${sink.port}/` } });
    expect(outcome).toMatchObject({ kind: "failed", retry: true });
    expect((outcome as { error: string }).error).toMatch(/^the certificate or TLS was not accepted/u);
    expect(sink.requests).toEqual([]);
  });

  it("that is cut off by the caller is interrupted, not failed", async () => {
    const sink = await receiver(() => undefined);
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 100);
    const outcome = await send({ request: { url: `http://127.0.0.1:${sink.port}/` }, signal: stop.signal });
    expect(outcome).toEqual({ kind: "interrupted" });
  });
});
