/** Payloads with TOCSIN_TEMPORAL_CODEC_KEY. */
import { randomBytes } from "node:crypto";
import type { Payload } from "@temporalio/common";
import { describe, expect, it } from "vitest";
import { buildDataConverter } from "../../src/dispatch/data-converter.ts";

const payload: Payload = {
  metadata: { encoding: Buffer.from("json/plain") },
  data: Buffer.from('{"deliveryId":"dl_1"}'),
};

describe("the payload codec", () => {
  it("is not there without a key", () => {
    expect(buildDataConverter(undefined)).toEqual({});
  });

  it("hides what it seals, opens it again, and hands on what was never sealed", async () => {
    const key = randomBytes(32);
    const [codec] = buildDataConverter(key.toString("base64")).payloadCodecs!;
    const [same] = buildDataConverter(key.toString("hex")).payloadCodecs!;
    const sealed = await codec!.encode([payload]);
    expect(Buffer.from(sealed[0]!.data!).includes("dl_1")).toBe(false);
    const [opened] = await same!.decode(sealed);
    expect(Buffer.from(opened!.data!).toString()).toBe('{"deliveryId":"dl_1"}');
    expect(Buffer.from(opened!.metadata!["encoding"]!).toString()).toBe("json/plain");
    expect(await codec!.decode([payload])).toEqual([payload]);
  });

  it("says so when another key was used, and does not take a changed payload", async () => {
    const [one] = buildDataConverter(randomBytes(32).toString("base64")).payloadCodecs!;
    const [other] = buildDataConverter(randomBytes(32).toString("base64")).payloadCodecs!;
    const sealed = await one!.encode([payload]);
    expect(() => other!.decode(sealed)).toThrow(/another TOCSIN_TEMPORAL_CODEC_KEY/u);
    sealed[0]!.data![20]! ^= 1;
    expect(() => one!.decode(sealed)).toThrow();
  });
});
