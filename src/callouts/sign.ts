/** Signatures after Standard Webhooks (standardwebhooks.com): HMAC-SHA-256 over id, time and body; several secrets give several signatures. */
import { createHmac } from "node:crypto";

const BASE64_SECRET_PREFIX = "whsec_";

export interface SignedContent {
  readonly id: string;
  /** Seconds since 1970 UTC. */
  readonly timestamp: number;
  readonly body: string;
}

/** `v1,<base64> v1,<base64>`: the value of `webhook-signature`. */
export function signatureHeader(content: SignedContent, secrets: readonly string[]): string {
  return secrets.map((secret) => `v1,${sign(content, keyOf(secret))}`).join(" ");
}

function sign({ id, timestamp, body }: SignedContent, key: Buffer): string {
  return createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64");
}

/** `whsec_...` is base64, any other secret raw bytes (contract.md 4, Callouts). */
function keyOf(secret: string): Buffer {
  return secret.startsWith(BASE64_SECRET_PREFIX)
    ? Buffer.from(secret.slice(BASE64_SECRET_PREFIX.length), "base64")
    : Buffer.from(secret, "utf8");
}
