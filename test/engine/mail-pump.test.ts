/** When mail is decided: after a storm of receipts, but not behind it for ever, and never while closing waits. */
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { createPump, type Pump } from "../../src/engine/mail/pump.ts";

let pump: Pump | undefined;
afterEach(async () => await pump?.close());

function openPump(storm: { isOn: boolean }): { readonly rounds: () => number; readonly failures: unknown[] } {
  let rounds = 0;
  const failures: unknown[] = [];
  pump = createPump({
    round: () => {
      rounds += 1;
      return Promise.resolve({ again: false, atLatestMs: undefined });
    },
    stormAt: () => (storm.isOn ? performance.now() : -Infinity),
    onFailure: (error) => failures.push(error),
  });
  return { rounds: () => rounds, failures };
}

describe("deciding", () => {
  test("waits while mail storms in, and goes on when that is over", async () => {
    const storm = { isOn: true };
    const { rounds } = openPump(storm);
    pump?.wake();
    await sleep(200);
    expect(rounds()).toBe(0);
    storm.isOn = false;
    await expect.poll(rounds).toBe(1);
  });

  test("goes on beside a storm that does not end", async () => {
    const { rounds } = openPump({ isOn: true });
    pump?.wake();
    await expect.poll(rounds, { timeout: 40_000 }).toBe(1);
  });

  test("does not hold up closing", async () => {
    const { rounds, failures } = openPump({ isOn: true });
    pump?.wake();
    await pump?.close();
    expect([rounds(), failures]).toEqual([0, []]);
  });
});
