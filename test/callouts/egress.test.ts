/** Which addresses the guard lets through: pure decisions. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { unreadableEntries } from "../../src/callouts/egress-policy.ts";
import { buildEgressPolicy } from "../../src/callouts/index.ts";

const refused: readonly (readonly [string, string])[] = [
  ["127.0.0.1", "a loopback address"],
  ["127.8.9.1", "a loopback address"],
  ["10.1.2.3", "a private address"],
  ["172.31.255.1", "a private address"],
  ["192.168.1.1", "a private address"],
  ["169.254.169.254", "a link-local address"],
  ["100.64.0.1", "a carrier's private address"],
  ["0.0.0.0", "no address of a host"],
  ["224.0.0.1", "a multicast address"],
  ["255.255.255.255", "a broadcast address"],
  ["240.0.0.1", "a reserved address"],
  ["198.18.0.1", "a reserved address"],
  ["::1", "a loopback address"],
  ["::", "no address of a host"],
  ["fe80::1", "a link-local address"],
  ["fd00:ec2::254", "a private address"],
  ["ff02::1", "a multicast address"],
  ["::ffff:127.0.0.1", "a loopback address"],
  ["::ffff:169.254.169.254", "a link-local address"],
  ["::ffff:a00:1", "a private address"],
  ["::127.0.0.1", "a loopback address"],
  ["64:ff9b::7f00:1", "a loopback address"],
  ["64:ff9b::169.254.169.254", "a link-local address"],
  ["64:ff9b:1::1", "a reserved address"],
  ["2002:7f00:1::", "a loopback address"],
  ["2002:a9fe:a9fe::1", "a link-local address"],
  ["::ffff:0:127.0.0.1", "a loopback address"],
  ["2001:db8::1", "a reserved address"],
  ["2001::1", "a reserved address"],
];

function decide(address: string, allow: readonly string[] = [], host = "rmm.example", port = 443): string {
  const decision = buildEgressPolicy(allow).decide({ host, port, address });
  return decision.kind === "allowed" ? "allowed" : decision.reason;
}

describe("the egress guard", () => {
  it.each(refused)("refuses %s: %s", (address, reason) => {
    expect(decide(address)).toBe(reason);
  });

  it.each(["93.184.216.34", "2606:4700::1", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8"])(
    "lets %s through",
    (address) => {
      expect(decide(address)).toBe("allowed");
    },
  );

  it("judges an IPv4 address in each IPv6 coat as that IPv4 address", () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        const [a = 0, b = 0, c = 0, d = 0] = address.split(".").map(Number);
        const hex = `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
        const bare = decide(address);
        for (const coat of [`::ffff:${address}`, `64:ff9b::${hex}`, `2002:${hex}::1`]) {
          if (decide(coat) !== bare) throw new Error(`${coat}: ${decide(coat)}, but ${bare}`);
        }
      }),
    );
  });

  it("takes a host, whatever it resolves to, with and without a port", () => {
    expect(decide("10.0.0.7", ["RMM.example"])).toBe("allowed");
    expect(decide("10.0.0.7", ["rmm.example:443"])).toBe("allowed");
    expect(decide("10.0.0.7", ["rmm.example:8443"])).toBe("a private address");
    expect(decide("10.0.0.7", ["other.example"])).toBe("a private address");
  });

  it("takes addresses and networks, in either family's coat", () => {
    expect(decide("10.0.0.7", ["10.0.0.0/8"])).toBe("allowed");
    expect(decide("::ffff:10.0.0.7", ["10.0.0.0/8"])).toBe("allowed");
    expect(decide("10.0.0.7", ["::ffff:10.0.0.0/104"])).toBe("allowed");
    expect(decide("127.0.0.2", ["127.0.0.1/32"])).toBe("a loopback address");
    expect(decide("127.0.0.1", ["127.0.0.1:443"])).toBe("allowed");
    expect(decide("127.0.0.1", ["127.0.0.1:80"])).toBe("a loopback address");
    expect(decide("::1", ["[::1]:443"])).toBe("allowed");
    expect(decide("fd00::5", ["fd00::/8"])).toBe("allowed");
  });

  it("names entries that it cannot read, and takes them for nothing", () => {
    expect(unreadableEntries(["10.0.0.0/8", "10.0.0.0/99", "a b", "rmm.example:http"])).toEqual([
      "10.0.0.0/99",
      "a b",
      "rmm.example:http",
    ]);
  });
});
