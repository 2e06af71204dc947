/** What `tocsin doctor` tells of running workflows after an upgrade, on a real Temporal: workers of other code take over what waits. */
import { fileURLToPath } from "node:url";
import { bundleWorkflowCode, NativeConnection, Worker } from "@temporalio/worker";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inspectWorkflowCode } from "../../src/dispatch/index.ts";
import { buildIdOf, workflowBundle } from "../../src/worker/bundle.ts";
import { taskQueues } from "../../workflows/ids.ts";
import { openDesk, openSink, until, type Desk, type Sink } from "../workflows/desk.ts";
import { services } from "../workflows/services.ts";

let desk: Desk;
let sink: Sink;
beforeAll(async () => {
  desk = await openDesk(services());
  sink = await openSink(() => 500);
}, 60_000);
afterAll(async () => {
  await sink?.close();
  await desk?.close();
});

const quiet = { log() {}, trace() {}, debug() {}, info() {}, warn() {}, error() {} };

describe("inspecting the code of running workflows", () => {
  it("counts what runs, what only older code has met, and what the code of now does not fit", async () => {
    const inspect = async (): ReturnType<typeof inspectWorkflowCode> => {
      // Temporal counts for everybody only so often a second.
      await new Promise((resolve) => setTimeout(resolve, 1000));
      return await inspectWorkflowCode(desk.config.temporal, desk.prefix);
    };
    expect(await inspect()).toEqual({ current: [], running: 0, older: 0, stuck: 0 });

    const ticket = await desk.addTicket();
    const schedule = { retryEveryMs: 600_000 };
    const id = await desk.addDelivery({ ticketId: ticket.id, request: { url: sink.url }, schedule });
    const dispatch = await desk.openDispatch();
    dispatch.startRelay();
    const workers = desk.runWorkers();
    await workers.polling;
    await until(async () => (await desk.delivery(id)).state === "waiting", "it waits");
    const build = buildIdOf(await workflowBundle());
    await until(async () => (await inspect()).running === 1, "Temporal lists it");
    expect(await inspect()).toEqual({ current: [build], running: 1, older: 0, stuck: 0 });

    await workers.close();
    const broken = await bundleWorkflowCode({
      workflowsPath: fileURLToPath(new URL("../replay/broken-workflows.ts", import.meta.url)),
      logger: quiet,
    });
    const connection = await NativeConnection.connect({ address: desk.config.temporal.address ?? "" });
    const other = await Worker.create({
      connection,
      taskQueue: taskQueues(desk.prefix).rules,
      workflowBundle: broken,
      activities: {},
      workerDeploymentOptions: {
        useWorkerVersioning: false,
        version: { deploymentName: "tocsin", buildId: buildIdOf(broken) },
      },
    });
    await other.runUntil(async () => {
      await until(
        async () => (await inspect()).current.includes(buildIdOf(broken)),
        "the other worker polls",
      );
      await dispatch.retryNow(id, 1);
      await until(
        async () => (await inspect()).stuck === 1,
        "it is told that the workflow does not go on",
        100_000,
      );
    });
    await connection.close();
  }, 180_000);

  it("gives the same id to the same code, and another to other code", async () => {
    const bundle = await workflowBundle();
    const map = bundle.code.replace(/^\/\/# sourceMappingURL=.*$/mu, "//# sourceMappingURL=other");
    expect(buildIdOf({ code: map })).toBe(buildIdOf(bundle));
    expect(buildIdOf({ code: `;${bundle.code}` })).not.toBe(buildIdOf(bundle));
  });
});
