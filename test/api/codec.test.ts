/** The codec server that the Temporal UI asks: with a key set, at its own address, for pages of the UI only. */
import { randomBytes } from "node:crypto";
import type { Payload } from "@temporalio/common";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { codecPath } from "../../src/config/index.ts";
import { buildDataConverter } from "../../src/dispatch/data-converter.ts";
import { startTestServer, type TestServer } from "./test-server.ts";

const codecKey = randomBytes(32).toString("base64");
const UI = "http://127.0.0.1:8233";
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ env: { TOCSIN_TEMPORAL_CODEC_KEY: codecKey } });
});
afterAll(async () => {
  await server.close();
});

const payload: Payload = {
  metadata: { encoding: Buffer.from("json/plain") },
  data: Buffer.from('{"deliveryId":"dl_1"}'),
};

/** As the UI sends it. */
async function sealed(key: string): Promise<{ metadata: Record<string, string>; data: string }> {
  const [one] = await buildDataConverter(key).payloadCodecs![0]!.encode([payload]);
  const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");
  return {
    metadata: Object.fromEntries(
      Object.entries(one!.metadata!).map(([name, value]) => [name, base64(value)]),
    ),
    data: base64(one!.data!),
  };
}

async function decode(path: string, body: unknown): Promise<Response> {
  const headers = { "content-type": "application/json", "x-namespace": "default", origin: UI };
  return await fetch(`${server.url}${path}/decode`, {
    method: "POST",
    headers,
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
}

describe("the codec server", () => {
  it("opens what the key sealed, and lets pages of the Temporal UI read it", async () => {
    const answer = await decode(codecPath(codecKey), { payloads: [await sealed(codecKey)] });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("access-control-allow-origin")).toBe(UI);
    const { payloads } = (await answer.json()) as { payloads: { data: string }[] };
    expect(Buffer.from(payloads[0]!.data, "base64").toString()).toBe('{"deliveryId":"dl_1"}');
    const asked = await fetch(`${server.url}${codecPath(codecKey)}/decode`, { method: "OPTIONS" });
    expect([asked.status, asked.headers.get("access-control-allow-headers")]).toEqual([
      204,
      expect.stringContaining("x-namespace"),
    ]);
  });

  it("opens nothing at another address, of another key, or that was damaged", async () => {
    const body = { payloads: [await sealed(codecKey)] };
    expect((await decode(codecPath(randomBytes(32).toString("base64")), body)).status).toBe(401);
    expect((await decode("/temporal-codec/x", body)).status).toBe(401);
    const other = await decode(codecPath(codecKey), {
      payloads: [await sealed(randomBytes(32).toString("hex"))],
    });
    expect([other.status, await other.json()]).toMatchObject([400, { code: "invalid_body" }]);
    const [one] = body.payloads;
    const damaged = { ...one, data: Buffer.from("x".repeat(40)).toString("base64") };
    expect((await decode(codecPath(codecKey), { payloads: [damaged] })).status).toBe(400);
    for (const bad of ["{", "[]", '{"payloads":[{"data":"%"}]}', '{"payloads":[1]}'])
      expect((await decode(codecPath(codecKey), bad)).status, bad).toBe(400);
  });

  it("is an unknown path where no key is set", async () => {
    const plain = await startTestServer();
    const answer = await fetch(`${plain.url}${codecPath(codecKey)}/decode`, { method: "POST", body: "{}" });
    expect(answer.status).toBe(401);
    await plain.close();
  });
});
