/** Reads the start of an answer and hangs up: five gigabytes, a body without end and a compressed bomb cost no more than a page. */
import { RESPONSE_BYTES_MAX, RESPONSE_START_BYTES_MAX } from "../domain/index.ts";

/** Text of at most RESPONSE_BYTES_MAX bytes; bytes that are not UTF-8 become U+FFFD. */
export async function readBounded(body: ReadableStream<Uint8Array> | null): Promise<string> {
  if (body === null) return "";
  const reader = body.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    while (length < RESPONSE_BYTES_MAX) {
      const { done, value } = await reader.read();
      if (done) break;
      chunks.push(value.subarray(0, RESPONSE_BYTES_MAX - length));
      length += value.length;
    }
  } finally {
    reader.cancel().catch(ignore);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}

/** Hanging up on a receiver that has hung up: what was read stays. */
function ignore(): void {
  /* nobody waits for it */
}

/** What is kept for the admin: after masking, so that a secret at the cut does not show its half. NUL is no text for Postgres. */
export function toResponseStart(masked: string): string {
  const bytes = Buffer.from(masked.replaceAll("\0", "\uFFFD"), "utf8");
  if (bytes.length <= RESPONSE_START_BYTES_MAX) return bytes.toString("utf8");
  // A character that the cut halves becomes U+FFFD of three bytes: leave it out.
  return bytes
    .subarray(0, RESPONSE_START_BYTES_MAX)
    .toString("utf8")
    .replace(/\uFFFD$/u, "");
}
