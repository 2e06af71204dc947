/** Times as people and programs write them. */
import { describe, expect, it } from "vitest";
import { readInstant } from "../../src/domain/index.ts";

describe("readInstant", () => {
  it.each([
    ["2026-12-24", "2026-12-24T00:00:00.000Z"],
    ["2026-12-24 18:00", "2026-12-24T18:00:00.000Z"],
    ["2026-12-24T18:00:05.25", "2026-12-24T18:00:05.250Z"],
    ["2026-12-24T18:00:00+01:00", "2026-12-24T17:00:00.000Z"],
    [1_795_322_398_000, "2026-11-22T04:39:58.000Z"],
  ])("reads %s, in UTC where no zone is said", (value, expected) => {
    expect(new Date(readInstant(value) ?? NaN).toISOString()).toBe(expected);
  });

  it.each([
    "1",
    "May",
    "",
    "2026-02-31",
    "2026-02-31 08:00",
    "2026-02-30T08:00:00Z",
    "2026-13-01",
    1e300,
    NaN,
    true,
    undefined,
  ])("reads no time in %s", (value) => {
    expect(readInstant(value)).toBeUndefined();
  });
});
