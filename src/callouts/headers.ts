/** Header lists that can be sent: the rule file's first, ours over them. A value that would break out of its line is refused, not mended. */

const USER_AGENT = "Tocsin/1";

/** Set by the connection; a rule file that names them would only break the request. */
const CONNECTION_HEADERS = new Set([
  "host",
  "content-length",
  "transfer-encoding",
  "connection",
  "keep-alive",
  "upgrade",
  "expect",
  "te",
  "trailer",
]);

/** The headers, or the sentence that says which one cannot be sent. */
export function buildHeaders(
  asked: readonly { readonly name: string; readonly value: string }[],
  own: readonly (readonly [string, string])[],
): Headers | string {
  // Answers are read only to their start: an uncompressed one needs no unpacking.
  const headers = new Headers({ "user-agent": USER_AGENT, accept: "*/*", "accept-encoding": "identity" });
  const all = [...asked.map(({ name, value }) => [name, value] as const), ...own];
  for (const [name, value] of all) {
    if (CONNECTION_HEADERS.has(name.toLowerCase())) continue;
    try {
      headers.set(name, toByteString(value));
    } catch {
      return `header "${name.slice(0, 100)}" has a value that cannot be sent`;
    }
  }
  return headers;
}

/** UTF-8 bytes as fetch takes them: a name with an umlaut goes out as it stands. */
function toByteString(value: string): string {
  return Buffer.from(value, "utf8").toString("latin1");
}

export function basicCredential(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`, "utf8").toString("base64")}`;
}
