/** A receiver that says when to come again: what it says is read as HTTP has it, and kept within the declared schedule. */
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { boundRetryAfter } from "../../activities/retry-after.ts";
import { openReceiver, send, type Receiver } from "./receiver.ts";

const open: Receiver[] = [];
afterAll(async () => {
  await Promise.all(open.map((receiver) => receiver.close()));
});

async function asked(
  header: string | readonly string[],
  honourRetryAfter = true,
): Promise<number | undefined> {
  const sink = await openReceiver((_, response) =>
    response.writeHead(503, { "retry-after": header as string }).end(),
  );
  open.push(sink);
  const outcome = await send({
    request: { url: `http://127.0.0.1:${sink.port}/` },
    schedule: { honourRetryAfter },
  });
  if (outcome.kind !== "failed") throw new Error(outcome.kind);
  return outcome.retryAfterMs;
}

const DAY = 86_400_000;

describe("Retry-After", () => {
  it.each([
    ["7", 7000],
    ["0", 0],
    ["007", 7000],
    ["86400", DAY],
    // Ten years, and more digits than a number has.
    ["315360000", DAY],
    ["9".repeat(400), DAY],
    ["Fri, 01 Jan 2100 00:00:00 GMT", DAY],
    ["Sunday, 06-Nov-94 08:49:37 GMT", 0],
    ["Sun, 06 Nov 1994 08:49:37 GMT", 0],
    ["Sun Nov  6 08:49:37 1994", 0],
  ])("%s is %d ms", async (header, ms) => {
    expect(await asked(header)).toBe(ms);
  });

  it.each([
    "-5",
    "+7",
    "7.5",
    "1e3",
    "soon",
    "",
    " ",
    "7, 9",
    "0x10",
    "NaN",
    "Infinity",
    "2100-01-01",
    "12/31/2100",
    "Fri, 99 Foo 2100 00:00:00 GMT",
  ])("%j is as if nothing were said", async (header) => {
    expect(await asked(header)).toBeUndefined();
  });

  it("is a date of this hour, whichever of HTTP's forms it has", async () => {
    const at = new Date(Date.now() + 1_800_000).toUTCString();
    const [, day = "", month = "", year = "", time = ""] = /, (\d+) (\w+) (\d+) ([\d:]+) GMT/u.exec(at) ?? [];
    for (const header of [at, `${at.slice(0, 3)} ${month} ${day} ${time} ${year}`]) {
      const ms = await asked(header);
      expect(ms).toBeGreaterThan(0);
      expect(ms).toBeLessThanOrEqual(1_800_000);
    }
  });

  it("said twice is as if nothing were said", async () => {
    expect(await asked(["7", "9"])).toBeUndefined();
  });

  it("is not read where the callout does not honour it", async () => {
    expect(await asked("7", false)).toBeUndefined();
  });
});

describe("what a receiver asks for", () => {
  it("moves the next attempt no nearer than the interval and no further than all waits that are left", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, noNaN: true }),
        fc.integer({ min: 1, max: DAY }),
        fc.integer({ min: 1, max: 100 }),
        fc.nat(100),
        (askedMs, retryEveryMs, attemptsMax, nth) => {
          const attempt = Math.min(nth + 1, attemptsMax);
          const waitMs = boundRetryAfter(askedMs, { retryEveryMs }, { attempt, attemptsMax }) ?? Number.NaN;
          expect(waitMs).toBeGreaterThanOrEqual(retryEveryMs);
          expect(waitMs).toBeLessThanOrEqual(Math.max(attemptsMax - attempt, 1) * retryEveryMs);
          if (askedMs >= retryEveryMs && askedMs <= (attemptsMax - attempt) * retryEveryMs)
            expect(waitMs).toBe(askedMs);
        },
      ),
    );
  });

  it("is nothing where it asks for nothing", () => {
    expect(
      boundRetryAfter(undefined, { retryEveryMs: 1000 }, { attempt: 1, attemptsMax: 11 }),
    ).toBeUndefined();
  });
});
