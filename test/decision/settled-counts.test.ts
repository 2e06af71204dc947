import fc from "fast-check";
import { expect, it } from "vitest";
import { isSettled } from "../../src/decision/index.ts";
import { rulesFromText } from "./compiled-rules.ts";

const MINUTE = 60_000;
const NOW = Date.parse("2026-11-22T12:00:00Z");
const KEY = JSON.stringify(["count", ["alert.source", "Probe"]]);

const { ir } = rulesFromText(`
rule "Short" when alert received if more than 3 alerts in 1 minute per alert.source then stop end
rule "Long" when alert received if more than 5 alerts in 10 minutes per alert.source then stop end
`);

const within = (times: readonly number[], at: number, ms: number): number =>
  times.filter((time) => time >= at - ms).length;

it("calls a count settled only where no receipt that comes or is missing could change what a rule says", () => {
  const times = fc
    .array(fc.integer({ min: NOW - 2 * MINUTE, max: NOW }), { maxLength: 16 })
    .map((all) => all.toSorted((a, b) => a - b));
  const more = fc.array(fc.integer({ min: NOW - 12 * MINUTE, max: NOW + MINUTE }), { maxLength: 5 });
  fc.assert(
    fc.property(times, more, fc.integer({ min: 0, max: 2 * MINUTE }), (known, unknown, earlier) => {
      if (!isSettled(ir, KEY, known, NOW)) return;
      for (const seen of [known, [...known, ...unknown]])
        for (const at of [NOW, NOW - earlier])
          expect([within(seen, at, MINUTE) > 3, within(seen, at, 10 * MINUTE) > 5]).toEqual([true, true]);
    }),
  );
});

it("is settled above every threshold of the key, and not at one of them", () => {
  const at = (count: number): number[] => Array.from({ length: count }, () => NOW - 1000);
  expect([5, 6].map((count) => isSettled(ir, KEY, at(count), NOW))).toEqual([false, true]);
  expect(isSettled(ir, KEY, at(6), NOW + 59_001)).toBe(false);
});
