/** Signatures after Standard Webhooks (standardwebhooks.com): HMAC-SHA-256 over id, time and body; several secrets give several signatures. */
import { createHmac } from "node:crypto";
import { needSecret, SecretUnusable, type Secrets } from "./secrets.ts";

const BASE64_SECRET_PREFIX = "whsec_";

export interface SignedContent {
  readonly id: string;
  /** Seconds since 1970 UTC. */
  readonly timestamp: number;
  readonly body: string;
}

/** `v1,<base64> v1,<base64>`: the value of `webhook-signature`. */
export function signatureHeader(content: SignedContent, keys: readonly Buffer[]): string {
  return keys.map((key) => `v1,${sign(content, key)}`).join(" ");
}

function sign({ id, timestamp, body }: SignedContent, key: Buffer): string {
  return createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64");
}

/**
 * `whsec_...` is base64, any other secret raw bytes (contract.md 4, Callouts). Throws: SecretUnusable; what is no base64
 * would be read as an empty key, and anybody could sign with that.
 */
export function signingKey(secrets: Secrets, name: string): Buffer {
  const secret = needSecret(secrets, name);
  if (!secret.startsWith(BASE64_SECRET_PREFIX)) return Buffer.from(secret, "utf8");
  const text = secret.slice(BASE64_SECRET_PREFIX.length);
  const key = Buffer.from(text, "base64");
  const isBase64 = /^[A-Za-z0-9+/]+={0,2}$/u.test(text) && key.length > 0;
  if (isBase64) return key;
  throw new SecretUnusable(`secret "${name}" begins with whsec_, so base64 must follow, and it does not`);
}
