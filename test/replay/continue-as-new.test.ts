/**
 * What is asked for at the very moment at which a workflow goes on as a new run. Workflow, worker and Temporal are the real ones; the
 * desk is played by the test, since it must answer at that moment and neither before nor after.
 */
import { randomUUID } from "node:crypto";
import { Client, Connection, type WorkflowHandle } from "@temporalio/client";
import { NativeConnection, Worker } from "@temporalio/worker";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { CLOCK_WAKES_MAX } from "../../src/domain/index.ts";
import { workflowBundle } from "../../src/worker/bundle.ts";
import { installRuntime } from "../../src/worker/runtime.ts";
import { silent } from "../workflows/desk.ts";

const HOUR = 3_600_000;
/** Longer than a workflow task may last here: the answer of the desk comes in a later one than the signal. */
const SLOW_MS = 4500;
const TASK_MS = 4000;
/** Of its own for each test. */
let queue = "";
let connection: Connection;
let native: NativeConnection;
let client: Client;

installRuntime(silent);
beforeAll(async () => {
  const address = inject("temporalAddress");
  connection = await Connection.connect({ address });
  native = await NativeConnection.connect({ address });
  client = new Client({ connection });
}, 60_000);
afterAll(async () => {
  await connection?.close();
  await native?.close();
});

/** A worker whose activities are the test's, for as long as the test runs. */
async function withDesk(
  activities: Record<string, (...input: never[]) => Promise<unknown>>,
  run: () => Promise<void>,
): Promise<void> {
  queue = `renewed-${randomUUID().slice(0, 8)}`;
  const worker = await Worker.create({
    connection: native,
    taskQueue: queue,
    workflowBundle: await workflowBundle(),
    activities,
  });
  await worker.runUntil(run);
}

async function start(type: string, input: object): Promise<WorkflowHandle> {
  const handle = await client.workflow.start(type, {
    taskQueue: queue,
    workflowId: `${queue}-${type}-${randomUUID().slice(0, 8)}`,
    args: [input],
    staticSummary: "kept",
    workflowTaskTimeout: TASK_MS,
  });
  return client.workflow.getHandle(handle.workflowId);
}

async function runOf(handle: WorkflowHandle): Promise<string> {
  return (await handle.describe()).runId;
}

describe.each(["at once", "slowly"] as const)("a look that is asked for while the last one of a run is answered %s", (how) => {
  const answer = async (): Promise<void> => {
    if (how === "slowly") await new Promise((resolve) => setTimeout(resolve, SLOW_MS));
  };

  it("is taken by the clock of a ticket", async () => {
    let looks = 0;
    let handle: WorkflowHandle | undefined;
    let askedAt = 0;
    const rule = { rule: "r", clock: "ticket-open" };
    await withDesk(
      {
        lookAtTicket: async () => {
          looks += 1;
          const seen = { judged: [], isCompleted: false };
          if (askedAt > 0) return { ...seen, next: undefined };
          const isLast = looks >= CLOCK_WAKES_MAX;
          const next = { ...rule, at: Date.now() + HOUR, waitMs: isLast ? HOUR : 0 };
          if (isLast) {
            await handle?.signal("lookAgain");
            askedAt = looks;
            await answer();
          }
          return { ...seen, next };
        },
      },
      async () => {
        handle = await start("ticketClock", { ticketNumber: "T1", next: { ...rule, at: Date.now() } });
        expect(await handle.result()).toEqual({ ended: "nothing left to wait for" });
        expect(looks).toBeGreaterThan(askedAt);
      },
    );
  }, 90_000);

  it("is taken by a watch for a silence, in its new run", async () => {
    let looks = 0;
    let handle: WorkflowHandle | undefined;
    let isAsked = false;
    await withDesk(
      {
        absenceDue: async () => {
          looks += 1;
          if (isAsked) return { kind: "told", why: "asked", ticket: undefined };
          if (looks < 400) return { kind: "waiting", dueAt: 0 };
          await handle?.signal("changed");
          isAsked = true;
          await answer();
          return { kind: "waiting", dueAt: Date.now() + HOUR };
        },
      },
      async () => {
        handle = await start("absenceWatch", { absenceId: "ab_1", dueAt: Date.now() });
        expect(await handle.result()).toMatchObject({ state: "told", why: "asked" });
      },
    );
  }, 90_000);
});

describe("a new run", () => {
  it("of a maintenance window that was deleted early decides on, with the sums of before, instead of waiting for the end", async () => {
    let steps = 0;
    await withDesk(
      {
        maintenanceEnded: async () => {
          steps += 1;
          return steps <= 420
            ? { kind: "decided", alerts: 50, putOffAgain: 0, tickets: 1 }
            : { kind: "over" };
        },
      },
      async () => {
        const handle = await start("maintenanceEnd", { endId: "me_1", dueAt: Date.now() + HOUR });
        const first = await runOf(handle);
        await handle.signal("changed");
        expect(await handle.result()).toEqual({ alerts: 420 * 50, tickets: 420, putOffAgain: 0 });
        expect(await runOf(handle)).not.toBe(first);
        // What an admin reads of it stays.
        expect((await handle.describe()).staticSummary).toBeDefined();
      },
    );
  }, 120_000);
});
