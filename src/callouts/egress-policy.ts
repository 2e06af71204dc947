/** Who may be called: everybody on the public internet, and what TOCSIN_EGRESS_ALLOW names. Pure; decides about one resolved address. */
import ipaddr from "ipaddr.js";
import { describePrivate, parseAddress, type Address } from "./address.ts";

/** One entry of TOCSIN_EGRESS_ALLOW: `rmm.corp.example`, `rmm.corp.example:8443`, `10.1.2.3`, `[::1]:80`, `10.0.0.0/8`. */
type AllowEntry =
  | { readonly kind: "host"; readonly host: string; readonly port: number | undefined }
  | { readonly kind: "address"; readonly address: string; readonly port: number | undefined }
  | { readonly kind: "network"; readonly base: Address; readonly bits: number };

export interface EgressPolicy {
  decide(target: EgressTarget): EgressDecision;
}

export interface EgressTarget {
  /** As in the URL. */
  readonly host: string;
  readonly port: number;
  /** What it resolved to. */
  readonly address: string;
}

export type EgressDecision =
  { readonly kind: "allowed" } | { readonly kind: "refused"; readonly reason: string };

/** Entries that cannot be read allow nothing; config refuses them (`parseEgressAllow`). */
export function buildEgressPolicy(allow: readonly string[]): EgressPolicy {
  const entries = allow.map(parseEntry).filter((entry) => entry !== undefined);
  return {
    decide(target) {
      const address = parseAddress(target.address);
      if (address === undefined) return { kind: "refused", reason: "it is not an address" };
      const why = describePrivate(address);
      if (why === undefined || entries.some((entry) => matches(entry, target, address)))
        return { kind: "allowed" };
      return { kind: "refused", reason: why };
    },
  };
}

/** For the test that holds config's reading of entries to this one. */
export function unreadableEntries(allow: readonly string[]): readonly string[] {
  return allow.filter((entry) => parseEntry(entry) === undefined);
}

function matches(entry: AllowEntry, target: EgressTarget, address: Address): boolean {
  switch (entry.kind) {
    case "host":
      return entry.host === toHost(target.host) && (entry.port ?? target.port) === target.port;
    case "address":
      return entry.address === address.toString() && (entry.port ?? target.port) === target.port;
    case "network":
      return entry.base.kind() === address.kind() && address.match(entry.base, entry.bits);
  }
}

function parseEntry(text: string): AllowEntry | undefined {
  const entry = text.trim();
  if (entry.includes("/")) return parseNetwork(entry);
  const whole = parseAddress(entry);
  if (whole !== undefined) return { kind: "address", address: whole.toString(), port: undefined };
  const [, host, port] = /^(\[[^\]]+\]|[^:\s]+)(?::(\d{1,5}))?$/u.exec(entry) ?? [];
  if (host === undefined) return undefined;
  const number = port === undefined ? undefined : Number(port);
  const address = parseAddress(host);
  if (address !== undefined) return { kind: "address", address: address.toString(), port: number };
  return host.startsWith("[") ? undefined : { kind: "host", host: toHost(host), port: number };
}

function parseNetwork(entry: string): AllowEntry | undefined {
  if (!ipaddr.isValidCIDR(entry)) return undefined;
  const [base, bits] = ipaddr.parseCIDR(entry);
  const inner = parseAddress(base.toString());
  // ::ffff:10.0.0.0/104 means 10.0.0.0/8.
  if (inner === undefined || inner.kind() === base.kind()) return { kind: "network", base, bits };
  return bits >= 96 ? { kind: "network", base: inner, bits: bits - 96 } : undefined;
}

/** Host names compare without case, without the root's dot. */
function toHost(host: string): string {
  return host.toLowerCase().replace(/\.$/u, "");
}
