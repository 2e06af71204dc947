/** Which URLs of rule files are refused for certain, before anything is sent. Knows no DNS: names are judged when they are resolved. */
import type { EgressPolicy } from "./egress-policy.ts";
import { parseAddress } from "./address.ts";

const DEFAULT_PORTS: Readonly<Record<string, number>> = { "http:": 80, "https:": 443 };

/** What the address is that the policy refuses; undefined where it is allowed, or a name that must be resolved first. */
export function refusedAddress(policy: EgressPolicy, text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const address = literalAddress(url.hostname);
  if (address === undefined) return undefined;
  const port = url.port === "" ? (DEFAULT_PORTS[url.protocol] ?? 0) : Number(url.port);
  const decision = policy.decide({ host: url.hostname, port, address });
  return decision.kind === "refused" ? decision.reason : undefined;
}

/** `localhost` and names below it are loopback by RFC 6761, whatever a resolver says. */
function literalAddress(host: string): string | undefined {
  if (/^(?:.*\.)?localhost\.?$/iu.test(host)) return "127.0.0.1";
  return parseAddress(host)?.toString();
}
