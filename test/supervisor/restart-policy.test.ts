/** When a child is started again: pure, so no clock. */
import { describe, expect, it } from "vitest";
import { decideRestart } from "../../src/supervisor/restart-policy.ts";

describe("the restart of a child", () => {
  it("waits twice as long after each failure of the last minute", () => {
    expect(decideRestart([0], 0)).toEqual({ kind: "restart", delayMs: 500, failures: 1 });
    expect(decideRestart([0, 1_000, 3_000], 3_000)).toEqual({ kind: "restart", delayMs: 2_000, failures: 3 });
  });

  it("is given up at the fifth failure within a minute", () => {
    expect(decideRestart([0, 1, 2, 3, 59_999], 59_999)).toEqual({ kind: "give up" });
  });

  it("forgets failures of more than a minute ago", () => {
    expect(decideRestart([0, 1, 2, 3, 60_001], 60_001)).toMatchObject({ kind: "restart", failures: 3 });
  });
});
