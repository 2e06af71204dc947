/**
 * What the receiving mail server found about the sender (RFC 8601): the topmost `Authentication-Results` of the trusted host and no other.
 * Whoever sends can write such a header; the trusted host must remove what claims to be its own. Knows nothing of tickets.
 */
import { splitOutsideQuotes, type HeaderField } from "./header-fields.ts";
import type { MailAuthentication } from "./types.ts";

interface MethodResult {
  readonly method: string;
  readonly result: string;
  /** `header.d`, `smtp.mailfrom`, `header.from`, lower case. */
  readonly properties: ReadonlyMap<string, string>;
}

const COMMENT_DEPTH_MAX = 10;
const RESULTS_MAX = 50;

/** `fromDomain`: undefined when there is not exactly one sender, then nothing passes. */
export function readAuthentication(
  fields: readonly HeaderField[],
  trustedAuthserv: string | undefined,
  fromDomain: string | undefined,
): MailAuthentication | undefined {
  const trusted = trustedAuthserv?.trim().toLowerCase() ?? "";
  if (trusted === "") return undefined;
  for (const field of fields) {
    if (field.name !== "authentication-results") continue;
    const [head = "", ...rest] = splitOutsideQuotes(withoutComments(field.value), ";");
    const [authserv = "", version = "1"] = head.trim().split(/\s+/u);
    if (unquoted(authserv).toLowerCase() !== trusted) continue;
    const results = version === "1" ? rest.slice(0, RESULTS_MAX).flatMap(readResult) : [];
    return judge(trusted, results, fromDomain?.toLowerCase());
  }
  return undefined;
}

function judge(
  host: string,
  results: readonly MethodResult[],
  domain: string | undefined,
): MailAuthentication {
  const dkim = results.filter((it) => it.method === "dkim");
  const dkimPassed = dkim.find((it) => it.result === "pass" && speaksFor(dkimDomain(it), domain));
  const spf = results.find((it) => it.method === "spf");
  const dmarc = results.find((it) => it.method === "dmarc");
  const spfPassed =
    spf?.result === "pass" && speaksFor(domainOf(spf.properties.get("smtp.mailfrom")), domain);
  const dmarcFrom = dmarc?.properties.get("header.from");
  const dmarcPassed =
    dmarc?.result === "pass" &&
    domain !== undefined &&
    (dmarcFrom === undefined || domainOf(dmarcFrom) === domain);
  return {
    host,
    dkim: (dkimPassed ?? dkim[0])?.result,
    spf: spf?.result,
    dmarc: dmarc?.result,
    passed: dmarc?.result === "fail" ? false : dmarcPassed || spfPassed || dkimPassed !== undefined,
  };
}

/** The domain itself or one below it: who signs for `mail.acme.example` is part of Acme; who signs for `example` is anybody. */
function speaksFor(signer: string | undefined, domain: string | undefined): boolean {
  if (signer === undefined || domain === undefined || domain === "") return false;
  return signer === domain || signer.endsWith(`.${domain}`);
}

function dkimDomain(result: MethodResult): string | undefined {
  return result.properties.get("header.d") ?? domainOf(result.properties.get("header.i"));
}

function domainOf(address: string | undefined): string | undefined {
  return address?.slice(address.lastIndexOf("@") + 1).replace(/[<>]/gu, "");
}

/** `dkim/1=pass reason="..." header.d=acme.example`. `none` alone is no result. */
function readResult(statement: string): readonly MethodResult[] {
  const words = tokens(statement);
  const [, method = "", result = ""] = /^([a-z][\w-]*)(?:\/\d+)?=([a-z]\w*)$/iu.exec(words[0] ?? "") ?? [];
  if (method === "") return [];
  const properties = new Map<string, string>();
  for (const text of words.slice(1)) {
    const equals = text.indexOf("=");
    const name = text.slice(0, Math.max(0, equals)).toLowerCase();
    if (name !== "" && !properties.has(name))
      properties.set(name, unquoted(text.slice(equals + 1)).toLowerCase());
  }
  return [{ method: method.toLowerCase(), result: result.toLowerCase(), properties }];
}

/** `header.d = x` is one word, and so is `reason="two words"`. */
function tokens(statement: string): readonly string[] {
  const tight = statement
    .replace(/\s{1,20}=/gu, "=")
    .replace(/=\s{1,20}/gu, "=")
    .replace(/\s/gu, " ");
  return splitOutsideQuotes(tight, " ").filter((word) => word !== "");
}

function withoutComments(text: string): string {
  let out = "";
  let depth = 0;
  let isQuoted = false;
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === "\\") {
      if (depth === 0) out += text.slice(at, at + 2);
      at += 1;
    } else if (character === '"' && depth === 0) {
      isQuoted = !isQuoted;
      out += character;
    } else if (character === "(" && !isQuoted) depth = Math.min(COMMENT_DEPTH_MAX, depth + 1);
    else if (character === ")" && !isQuoted && depth > 0) depth -= 1;
    else if (depth === 0) out += character;
  }
  return out;
}

function unquoted(text: string): string {
  return text.startsWith('"') ? text.replace(/^"|"$/gu, "").replace(/\\(.)/gu, "$1") : text;
}
