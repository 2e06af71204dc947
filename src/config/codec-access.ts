/** What follows from TOCSIN_TEMPORAL_CODEC_KEY. Knows no payload. */
import { createHmac } from "node:crypto";

/** 32 bytes as hex or base64; the settings have checked them. */
export function codecKeyBytes(text: string): Buffer {
  return /^[0-9a-f]{64}$/iu.test(text) ? Buffer.from(text, "hex") : Buffer.from(text, "base64");
}

/**
 * Path of the codec server, `/temporal-codec/<access>`, to which the Temporal UI adds `/decode`. The UI can send no key of
 * ours, so the path carries one, told from the codec's key: who knows it was given it by somebody who has the key.
 */
export function codecPath(codecKey: string): string {
  const access = createHmac("sha256", codecKeyBytes(codecKey)).update("tocsin codec server 1");
  return `/temporal-codec/${access.digest("base64url")}`;
}
