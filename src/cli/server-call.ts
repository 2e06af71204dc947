/** Calls of the commands to a running server: where, with which key, and what its refusals mean. Knows HTTP; nothing of the answers. */
import { loadConfig } from "../config/index.ts";
import { readAdminKey } from "../supervisor/index.ts";
import { UsageError } from "./exit-code.ts";

export interface ServerAnswer {
  readonly status: number;
  readonly body: unknown;
}

const CALL_TIMEOUT_MS = 60_000;

/** Throws: UsageError when there is no key, no server, or the server does not know the key. */
export async function callServer(
  method: "GET" | "POST",
  path: string,
  body?: unknown,
  contentType = "application/json",
): Promise<ServerAnswer> {
  const { url, apiKey, dataDir } = loadConfig();
  const key = apiKey ?? readAdminKey(dataDir);
  if (key === undefined) {
    throw new UsageError(
      `No key: set TOCSIN_API_KEY, or TOCSIN_DATA_DIR to the data folder whose admin.key is to be used (${dataDir} has none).`,
    );
  }
  let response: Response;
  try {
    response = await fetch(`${url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body === undefined ? {} : { "content-type": contentType }),
      },
      ...(body === undefined ? {} : { body: toBytes(body) }),
      signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
    });
  } catch (cause) {
    throw new UsageError(
      `No server answers at ${url} (${reasonOf(cause)}): start it with \`tocsin up\`, or set TOCSIN_URL.`,
      { cause },
    );
  }
  const text = await response.text();
  if (response.status === 401)
    throw new UsageError(
      `The server at ${url} does not know this key: set TOCSIN_API_KEY to one of its keys.`,
    );
  if (response.status === 403)
    throw new UsageError(`This key may not do that: set TOCSIN_API_KEY to a key with a higher role.`);
  return { status: response.status, body: parseBody(text) };
}

/** Text and bytes go as they are. */
function toBytes(body: unknown): string | Uint8Array<ArrayBuffer> {
  if (typeof body === "string") return body;
  return body instanceof Uint8Array ? new Uint8Array(body) : JSON.stringify(body);
}

/** The sentence of a problem document, with its errors. */
export function problemText({ status, body }: ServerAnswer): string {
  if (typeof body !== "object" || body === null) return `The server answered ${status}.`;
  const title = memberText(body, "title");
  const detail = memberText(body, "detail");
  const errors = "errors" in body && Array.isArray(body.errors) ? body.errors : [];
  // A single one stands in the detail already.
  const lines = (errors.length > 1 ? errors : []).map((error: unknown) => {
    if (typeof error !== "object" || error === null) return `  ${String(error)}`;
    return `  ${memberText(error, "path") ?? ""}: ${memberText(error, "message") ?? ""}`;
  });
  return [
    `The server refused it (${status}): ${[title, detail].filter((part) => part !== undefined).join(": ")}`,
    ...lines,
  ].join("\n");
}

function memberText(value: object, name: string): string | undefined {
  const member: unknown = Object.entries(value).find(([key]) => key === name)?.[1];
  return typeof member === "string" ? member : undefined;
}

function parseBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return `no answer within ${CALL_TIMEOUT_MS / 1000} s`;
  const { cause } = error;
  return cause instanceof Error && "code" in cause ? String(cause.code) : error.message;
}
