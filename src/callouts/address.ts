/** Which addresses are nobody's business outside: loopback, private, link-local, metadata and all that embeds one. Pure; knows no DNS. */
import ipaddr from "ipaddr.js";

export type Address = ipaddr.IPv4 | ipaddr.IPv6;

/**
 * The address that packets would reach: IPv4 inside IPv6 (mapped, compatible, NAT64, 6to4, Teredo, translated) is
 * judged as that IPv4 address. Undefined for text that is no address.
 */
export function parseAddress(text: string): Address | undefined {
  const bare = text.replace(/^\[|\]$/gu, "").replace(/%.*$/u, "");
  if (!ipaddr.isValid(bare)) return undefined;
  const address = ipaddr.parse(bare);
  return address instanceof ipaddr.IPv4 ? address : (embeddedIpv4(address) ?? address);
}

/** `undefined` when anybody may be called there, else what the address is. */
export function describePrivate(address: Address): string | undefined {
  const range = address.range();
  if (range === "unicast") return undefined;
  return NAMES[range] ?? "a reserved address";
}

const NAMES: Readonly<Record<string, string>> = {
  loopback: "a loopback address",
  private: "a private address",
  linkLocal: "a link-local address",
  uniqueLocal: "a private address",
  carrierGradeNat: "a carrier's private address",
  unspecified: "no address of a host",
  multicast: "a multicast address",
  broadcast: "a broadcast address",
  deprecatedSiteLocal: "a private address",
};

function embeddedIpv4(address: ipaddr.IPv6): ipaddr.IPv4 | undefined {
  const bytes = address.toByteArray();
  const at = (start: number): ipaddr.IPv4 => new ipaddr.IPv4(bytes.slice(start, start + 4));
  switch (address.range()) {
    case "ipv4Mapped":
    case "rfc6145":
      return at(12);
    case "rfc6052":
      // 64:ff9b::/96. The local-use 64:ff9b:1::/48 places the address elsewhere: it stays reserved, so refused.
      return bytes[4] === 0 && bytes[5] === 0 ? at(12) : undefined;
    case "6to4":
      return at(2);
    default:
      // IPv4-compatible ::a.b.c.d, but not :: and ::1.
      return bytes.slice(0, 12).every((byte) => byte === 0) && bytes.slice(12, 14).some((byte) => byte !== 0)
        ? at(12)
        : undefined;
  }
}
