/** A few thousand inputs of each target of `npm run fuzz`, others on every run; what breaks a law is shown whole. */
import { describe, expect, it } from "vitest";
import { targets } from "../../fuzz/all-targets.ts";
import { randomOf } from "../../fuzz/random.ts";
import { seedOf } from "../../fuzz/worker.ts";

const INPUTS = 2_000;
const seed = Number(process.env["TOCSIN_FUZZ_SEED"] ?? Date.now() % 1_000_000_000);

describe("made-up input", () => {
  it.each([...targets.values()])("of $name holds every law", { timeout: 120_000 }, async (target) => {
    for (let index = 0; index < INPUTS; index++) {
      const input = target.make(randomOf(seedOf(seed, index)));
      try {
        await target.hold(input);
      } catch (error) {
        throw new Error(
          `seed ${String(seed)}, input ${String(index)}: ${JSON.stringify(target.textOf(input))}`,
          {
            cause: error,
          },
        );
      }
    }
    expect(INPUTS).toBeGreaterThan(1_000);
  });

  it("is the same from the same seed, and as a rule another from another", () => {
    for (const target of targets.values()) {
      const texts = [1, 1, 2].map((one) => target.textOf(target.make(randomOf(seedOf(one, 5)))));
      expect(texts[0]).toBe(texts[1]);
      expect(texts[0]).not.toBe(texts[2]);
    }
  });
});
