/** Signatures, read by receivers with the published verifier of Standard Webhooks, over real sockets: also while keys change. */
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { openReceiver, send, type Receiver } from "./receiver.ts";

let sink: Receiver;
beforeAll(async () => {
  sink = await openReceiver((_, response) => response.end());
});
afterAll(async () => {
  vi.useRealTimers();
  await sink?.close();
});

const base64 = (text: string): string => Buffer.from(text, "utf8").toString("base64");
/** A secret as it is configured here, and the receiver that knows it. */
interface Party {
  readonly secret: string;
  readonly receiver: Webhook;
}
const shared = (text: string): Party => ({
  secret: `whsec_${base64(text)}`,
  receiver: new Webhook(`whsec_${base64(text)}`),
});
const raw = (text: string): Party => ({
  secret: text,
  receiver: new Webhook(Buffer.from(text, "utf8"), { format: "raw" }),
});

async function signed(secrets: readonly string[], body?: string): Promise<(party: Party) => unknown> {
  const names = secrets.map((_, n) => `key_${n}`);
  await send({
    request: {
      url: `http://127.0.0.1:${sink.port}/`,
      ...(body === undefined ? { method: "GET", body: undefined } : { body }),
      signWith: names,
    },
    secrets: Object.fromEntries(secrets.map((secret, n) => [`KEY_${n}`, secret])),
  });
  const { headers, body: arrived } = sink.requests.at(-1)!;
  return ({ receiver }) => {
    // Receivers refuse what is older than five minutes; the attempt was at a fixed time.
    vi.useFakeTimers({ now: new Date("2026-11-22T23:05:01Z"), toFake: ["Date"] });
    try {
      return receiver.verify(arrived, headers as Record<string, string>);
    } finally {
      vi.useRealTimers();
    }
  };
}

const parties: readonly (readonly [string, Party])[] = [
  ["whsec_, of base64", shared("a fresh secret of our own")],
  ["whsec_, whose base64 needs padding", shared("a fresh secret of our ow")],
  ["raw text", raw("plain old secret")],
  ["raw text with umlauts", raw("Schlüssel für Müller & Söhne")],
  ["raw text that only looks like base64", raw(base64("not decoded"))],
];

describe("a callout signed with a new and an old secret", () => {
  it.each(
    parties.flatMap((one) => parties.filter((other) => other !== one).map((other) => [one, other] as const)),
  )(
    "is accepted by who knows the new one only and by who knows the old one only: %s",
    async ([, fresh], [, old]) => {
      const verified = await signed([fresh.secret, old.secret], '{"title":"Gerät"}');
      expect(verified(fresh)).toEqual({ title: "Gerät" });
      expect(verified(old)).toEqual({ title: "Gerät" });
      expect(() => verified(raw("another secret"))).toThrow("No matching signature found");
      expect(() => verified(shared("another secret"))).toThrow("No matching signature found");
    },
  );

  it("is accepted by none of the old ones once the old secret is left out", async () => {
    const [fresh, old] = [shared("fresh"), raw("old")];
    const verified = await signed([fresh.secret], "{}");
    expect(verified(fresh)).toEqual({});
    expect(() => verified(old)).toThrow("No matching signature found");
  });

  it("is accepted without a body too", async () => {
    const one = shared("fresh");
    expect((await signed([one.secret]))(one)).toBeUndefined();
  });
});

describe("a secret that begins with whsec_", () => {
  it.each(["whsec_", "whsec_not base64!", "whsec_a", "whsec_-_-_"])(
    "and goes on as %j signs nothing: an empty key would let anybody sign",
    async (secret) => {
      const before = sink.requests.length;
      const outcome = await send({
        request: { url: `http://127.0.0.1:${sink.port}/`, signWith: ["hook"] },
        secrets: { HOOK: secret },
      });
      expect(outcome).toMatchObject({
        kind: "failed",
        error: 'secret "hook" begins with whsec_, so base64 must follow, and it does not',
      });
      expect(sink.requests).toHaveLength(before);
    },
  );
});
