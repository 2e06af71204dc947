import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { toStoreFailure } from "../../src/store/classify-failure.ts";
import { Room } from "../../src/store/room.ts";
import { troubleOf } from "../../src/store/store-unavailable.ts";

const failure = (code: string, message: string): Error => Object.assign(new Error(message), { code });

describe("room on the disk of Postgres", () => {
  it("is missing from the first write that found none until a try to grow finds some, each told once", async () => {
    const told: boolean[] = [];
    let tries = 0;
    const room = new Room({
      tryToGrow: async () => {
        tries += 1;
        if (tries < 3) throw new Error("no room");
        await Promise.resolve();
      },
      onChange: (isFull) => told.push(isFull),
      checkMs: 1,
    });
    expect(room.isFull).toBe(false);
    room.foundNone();
    room.foundNone();
    expect(room.isFull).toBe(true);
    await expect.poll(() => room.isFull).toBe(false);
    expect([tries, told]).toEqual([3, [true, false]]);
  });

  it("is no longer looked for once the store is closed", async () => {
    let tries = 0;
    const room = new Room({
      tryToGrow: async () => {
        tries += 1;
        await Promise.resolve();
      },
      checkMs: 1,
    });
    room.foundNone();
    room.close();
    await sleep(20);
    expect([tries, room.isFull]).toEqual([0, true]);
  });
});

describe("a failure of Postgres", () => {
  it.each([
    ["53100", 'could not extend file "base/1/2": No space left on device', "full"],
    ["58030", "could not write to file: No space left on device", "full"],
    ["XX000", "could not write block 7: Disk quota exceeded", "full"],
    ["58030", "could not read block 7: Input/output error", "broken"],
    ["53300", "sorry, too many clients already", "exhausted"],
    ["57P03", "the database system is starting up", "unreachable"],
    ["57014", "canceling statement due to statement timeout", "late"],
    ["25006", "cannot execute INSERT in a read-only transaction", "read-only"],
    ["28P01", "password authentication failed", "refused"],
    ["ECONNREFUSED", "connect ECONNREFUSED 127.0.0.1:1", "unreachable"],
  ])("%s %s means that the store is %s", (code, message, trouble) => {
    const told = toStoreFailure(failure(code, message));
    expect(troubleOf(told)).toBe(trouble);
    expect(told).toMatchObject({ code: "unavailable", retryable: true });
  });

  it("that is a mistake of ours stays what it is", () => {
    const ours = failure("42703", 'column "x" does not exist');
    expect(toStoreFailure(ours)).toBe(ours);
  });
});
