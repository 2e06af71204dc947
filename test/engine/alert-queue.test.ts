import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "vitest";
import { BATCH_ALERTS_MAX } from "../../src/domain/index.ts";
import { AlertQueue } from "../../src/engine/alert-queue.ts";
import { at, incoming } from "./running-desk.ts";

/** A queue whose batches end when they are told to, and what is under way: by batch, the ids in it. */
function openQueue() {
  const underWay: { readonly ids: readonly string[]; readonly end: () => void }[] = [];
  const queue = new AlertQueue(async (batch) => {
    const ids = batch.map(({ id }) => id);
    await new Promise<void>((resolve) => underWay.push({ ids, end: resolve }));
    return ids.map((id) => ({ id, outcome: "unmatched", firings: [] }));
  });
  const add = (name: string, count: number, group?: symbol) =>
    Array.from({ length: count }, (_, i) =>
      queue.add({ id: `${name}${i}`, incoming: incoming(at("23:05")) }, group),
    );
  const sizes = () => underWay.map(({ ids }) => ids.length);
  return { underWay, add, sizes };
}

test("ends a batch before an array that it would not hold whole", async () => {
  const { underWay, add, sizes } = openQueue();
  const waits = [add("single", BATCH_ALERTS_MAX - 1), add("array", 3, Symbol("array"))].flat();
  await turn();
  expect(sizes()).toEqual([BATCH_ALERTS_MAX - 1, 3]);
  expect(underWay[1]?.ids).toEqual(["array0", "array1", "array2"]);
  for (const { end } of underWay) end();
  await Promise.all(waits);
});

test("gathers whole arrays into one batch as far as it holds them", async () => {
  const { underWay, add, sizes } = openQueue();
  const third = BATCH_ALERTS_MAX / 2 - 1;
  const waits = ["a", "b", "c"].flatMap((name) => add(name, third, Symbol(name)));
  await turn();
  expect(sizes()).toEqual([2 * third, third]);
  for (const { end } of underWay) end();
  await Promise.all(waits);
});

test("lets the rest of an array longer than a batch wait for its start, and what is behind it as well", async () => {
  const { underWay, add, sizes } = openQueue();
  const waits = [add("long", BATCH_ALERTS_MAX + 2, Symbol("long")), add("single", 1)].flat();
  await turn();
  expect(sizes()).toEqual([BATCH_ALERTS_MAX]);
  underWay[0]?.end();
  await turn();
  expect(underWay[1]?.ids).toEqual([`long${BATCH_ALERTS_MAX}`, `long${BATCH_ALERTS_MAX + 1}`, "single0"]);
  underWay[1]?.end();
  await Promise.all(waits);
});
