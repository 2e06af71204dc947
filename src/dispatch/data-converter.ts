/** Encrypts payloads when TOCSIN_TEMPORAL_CODEC_KEY is set: arguments, results, summaries, details; never ids and search attributes. */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";
import type { DataConverter, Payload, PayloadCodec } from "@temporalio/common";
import { codecKeyBytes } from "../config/index.ts";

const ENCODING = "binary/encrypted";
const CIPHER = "aes-256-gcm";
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const ENCODING_KEY = "encoding";
const KEY_ID_KEY = "encryption-key-id";

export function buildDataConverter(codecKey: string | undefined): DataConverter {
  return codecKey === undefined ? {} : { payloadCodecs: [buildCodec(codecKeyBytes(codecKey))] };
}

/** A payload as the remote codec protocol writes it: bytes in base64. */
export interface WirePayload {
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  readonly data?: string | undefined;
}

/** Throws where a payload was sealed with another key or changed since. */
export async function openPayloads(
  codecKey: string,
  payloads: readonly WirePayload[],
): Promise<readonly WirePayload[]> {
  const sealed = payloads.map(({ metadata, data }) =>
    fromText(JSON.stringify({ metadata: metadata ?? {}, data: data ?? "" })),
  );
  const opened = await buildCodec(codecKeyBytes(codecKey)).decode(sealed);
  return opened.map((payload) => JSON.parse(toText(payload)) as WirePayload);
}

function buildCodec(key: Buffer): PayloadCodec {
  const keyId = createHash("sha256").update(key).digest().subarray(0, 8).toString("hex");
  return {
    encode: (payloads) => Promise.resolve(payloads.map((payload) => seal(payload, key, keyId))),
    decode: (payloads) => Promise.resolve(payloads.map((payload) => open(payload, key, keyId))),
  };
}

/** nonce | ciphertext | tag, over the payload as JSON with its metadata. */
function seal(payload: Payload, key: Buffer, keyId: string): Payload {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce);
  const sealed = Buffer.concat([cipher.update(toText(payload), "utf8"), cipher.final()]);
  return {
    metadata: { [ENCODING_KEY]: Buffer.from(ENCODING), [KEY_ID_KEY]: Buffer.from(keyId) },
    data: Buffer.concat([nonce, sealed, cipher.getAuthTag()]),
  };
}

/** Payloads from before the key was set are handed on as they are. */
function open(payload: Payload, key: Buffer, keyId: string): Payload {
  const { metadata, data } = payload;
  if (data === undefined || data === null || textOf(metadata?.[ENCODING_KEY]) !== ENCODING) return payload;
  if (textOf(metadata?.[KEY_ID_KEY]) !== keyId)
    throw new Error("a payload was encrypted with another TOCSIN_TEMPORAL_CODEC_KEY");
  const bytes = Buffer.from(data);
  const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, NONCE_BYTES));
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  const opened = Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
  return fromText(opened.toString("utf8"));
}

function toText({ metadata, data }: Payload): string {
  const entries = Object.entries(metadata ?? {}).map(([name, value]) => [name, base64(value)]);
  return JSON.stringify({
    metadata: Object.fromEntries(entries) as unknown,
    data: base64(data ?? new Uint8Array()),
  });
}

function fromText(text: string): Payload {
  const { metadata, data } = JSON.parse(text) as { metadata: Record<string, string>; data: string };
  return {
    metadata: Object.fromEntries(
      Object.entries(metadata).map(([name, value]) => [name, Buffer.from(value, "base64")]),
    ),
    data: Buffer.from(data, "base64"),
  };
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}

function textOf(bytes: Uint8Array | null | undefined): string | undefined {
  return bytes === undefined || bytes === null ? undefined : Buffer.from(bytes).toString("utf8");
}
