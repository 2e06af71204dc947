/** Turns of hosts in one process: pure, time comes in. */
import { describe, expect, it } from "vitest";
import { buildHostTurns, hostOf, type HostTurns } from "../../src/callouts/index.ts";

const NOW = Date.parse("2026-11-22T10:00:00Z");
const turns = (limits: Parameters<typeof buildHostTurns>[0] = {}): HostTurns =>
  buildHostTurns({ atOnce: 3, perSecond: 100, ofAllAtOnce: 6, chance: () => 0.5, ...limits });

/** How many of so many that ask get their turn, and never leave. */
function enter(hosts: HostTurns, name: string, times: number, now = NOW): number {
  let entered = 0;
  for (let i = 0; i < times; i += 1) if (hosts.enter(name, now).kind === "turn") entered += 1;
  return entered;
}

describe("a host", () => {
  it("has so many requests at once, and another one for each that ends", () => {
    const hosts = turns();
    const first = hosts.enter("dead", NOW);
    expect(enter(hosts, "dead", 10)).toBe(2);
    if (first.kind === "turn") first.leave();
    if (first.kind === "turn") first.leave();
    expect(enter(hosts, "dead", 10)).toBe(1);
    expect(enter(hosts, "well", 10)).toBe(3);
  });

  it("under many names, or many that hang, leave a turn for each host that has none", () => {
    const hosts = turns();
    for (const name of ["dead1", "dead2", "dead3", "dead4", "dead5"]) enter(hosts, name, 100);
    for (const name of ["well1", "well2", "well3"]) {
      for (let i = 0; i < 20; i += 1) {
        const turn = hosts.enter(name, NOW);
        expect(turn.kind).toBe("turn");
        if (turn.kind === "turn") turn.leave();
      }
    }
  });

  it("is asked again later the more wait, and soon again when those have gone elsewhere", () => {
    const hosts = turns();
    enter(hosts, "dead", 3);
    const waitOf = (now: number): number => {
      const turn = hosts.enter("dead", now);
      return turn.kind === "wait" ? turn.waitMs : 0;
    };
    const first = waitOf(NOW);
    let last = first;
    for (let i = 0; i < 60; i += 1) last = waitOf(NOW);
    expect(last).toBeGreaterThan(10 * first);
    // Another process took them: nobody came back here.
    expect(waitOf(NOW + last + 1)).toBe(first);
  });

  it.each([
    ["https://RMM.example/x", "rmm.example"],
    ["https://rmm.example./x", "rmm.example"],
    ["https://rmm.example.:8443/x", "rmm.example:8443"],
    ["https://rmm.example:443/", "rmm.example"],
    ["http://2130706433/", "127.0.0.1"],
    ["no address", ""],
  ])("of %s is %s", (url, host) => {
    expect(hostOf(url)).toBe(host);
  });
});
