/**
 * The connections that callouts and webhooks leave by: each address is checked after resolving and before connecting,
 * and the checked address is the one connected to (no second look-up that could answer otherwise).
 */
import { lookup as systemLookup } from "node:dns";
import type { LookupAddress, LookupOptions } from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import { Agent, buildConnector } from "undici";
import type { EgressPolicy } from "./egress-policy.ts";

/** Policy, not an outage: never tried again. */
export class EgressRefused extends Error {
  override readonly name = "EgressRefused";
  readonly code = "egress_refused";
  readonly retryable = false;
}

export type Resolve = (
  host: string,
  options: LookupOptions & { all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

export interface DispatcherOptions {
  readonly policy: EgressPolicy;
  /** Default: the system's resolver. */
  readonly resolve?: Resolve;
  /** Certificates that are trusted beside the system's. */
  readonly trustedCertificates?: readonly string[];
}

/** Units: milliseconds. A connection left open is used again for later attempts at the same receiver. */
const KEEP_ALIVE_MS = 4000;
const CONNECTIONS_PER_RECEIVER_MAX = 16;

export function buildGuardedDispatcher(options: DispatcherOptions): Agent {
  const resolve = options.resolve ?? systemLookup;
  const ca = options.trustedCertificates;
  return new Agent({
    connect: guardedConnector(options.policy, resolve, ca === undefined ? {} : { ca: [...ca] }),
    connections: CONNECTIONS_PER_RECEIVER_MAX,
    keepAliveTimeout: KEEP_ALIVE_MS,
    keepAliveMaxTimeout: KEEP_ALIVE_MS,
    pipelining: 1,
  });
}

function guardedConnector(
  policy: EgressPolicy,
  resolve: Resolve,
  tls: { readonly ca?: string[] },
): buildConnector.connector {
  return (target, callback) => {
    const host = target.hostname.replace(/^\[|\]$/gu, "");
    const port = target.port === "" ? (target.protocol === "https:" ? 443 : 80) : Number(target.port);
    // Node connects to a literal address without asking the look-up, so it is judged here.
    if (isIP(host) !== 0) {
      const decision = policy.decide({ host, port, address: host });
      if (decision.kind === "refused") {
        callback(refusal(decision.reason), null);
        return;
      }
    }
    const connect = buildConnector({ ...tls, lookup: guardedLookup(policy, resolve, port) });
    connect(target, callback);
  };
}

/** Hands on only addresses that may be called; with none left the connection fails before a packet leaves. */
function guardedLookup(policy: EgressPolicy, resolve: Resolve, port: number): LookupFunction {
  return (host, options, callback) => {
    resolve(host, { ...options, all: true }, (error, addresses) => {
      if (error !== null) {
        callback(error, "");
        return;
      }
      const judged = addresses.map((entry) => ({
        entry,
        decision: policy.decide({ host, port, address: entry.address }),
      }));
      const allowed = judged.filter(({ decision }) => decision.kind === "allowed").map(({ entry }) => entry);
      const first = allowed[0];
      if (first === undefined) {
        const reason = judged
          .map(({ decision }) => (decision.kind === "refused" ? decision.reason : ""))
          .find(Boolean);
        callback(refusal(reason ?? "no address"), "");
      } else if (options.all === true) callback(null, allowed);
      else callback(null, first.address, first.family);
    });
  };
}

function refusal(reason: string): EgressRefused {
  return new EgressRefused(`egress refused: ${reason}; TOCSIN_EGRESS_ALLOW does not name it`);
}
