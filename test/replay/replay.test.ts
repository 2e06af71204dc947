/**
 * Holds today's workflow code against histories of real runs: a workflow that began before a change must be able to go
 * on after it. Recorded by scripts/record-histories.ts.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { bundleWorkflowCode, Worker, type WorkflowBundleWithSourceMap } from "@temporalio/worker";
import { beforeAll, describe, expect, it } from "vitest";
import { workflowBundle } from "../../src/worker/bundle.ts";
import { installRuntime } from "../../src/worker/runtime.ts";
import { silent } from "../workflows/desk.ts";

const folder = fileURLToPath(new URL(".", import.meta.url));
const names = readdirSync(folder).filter((file) => /\.json(?:\.gz)?$/u.test(file));
const quiet = { log() {}, trace() {}, debug() {}, info() {}, warn() {}, error() {} };

interface History {
  readonly events: readonly {
    readonly workflowExecutionStartedEventAttributes?: { readonly workflowType: { readonly name: string } };
    readonly workflowExecutionContinuedAsNewEventAttributes?: {
      readonly input: { readonly payloads: readonly { readonly data: string }[] };
    };
  }[];
}

function history(name: string): History {
  const bytes = readFileSync(join(folder, name));
  const text = (name.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
  return JSON.parse(text) as History;
}

const typeOf = (name: string): string | undefined =>
  history(name).events[0]?.workflowExecutionStartedEventAttributes?.workflowType.name;

/** What the next run begins with; undefined where the history does not end with one. */
function handedOver(name: string): object | undefined {
  const { input } = history(name).events.at(-1)?.workflowExecutionContinuedAsNewEventAttributes ?? {};
  const data = input?.payloads[0]?.data;
  return data === undefined
    ? undefined
    : (JSON.parse(Buffer.from(data, "base64").toString("utf8")) as object);
}

installRuntime(silent);

describe("workflow code", () => {
  let bundle: WorkflowBundleWithSourceMap;
  beforeAll(async () => {
    bundle = await workflowBundle();
  });

  it("has a history of each workflow to be held against", () => {
    for (const workflow of [
      "callout",
      "notification",
      "window",
      "clock",
      "hold",
      "absence",
      "maintenance",
      "replay",
    ]) {
      expect(names.filter((name) => name.startsWith(`${workflow}-`)).length, workflow).toBeGreaterThanOrEqual(2);
    }
  });

  it("has histories from before and after a patched change", () => {
    const marked = (name: string): boolean => JSON.stringify(history(name)).includes("core_patch");
    const callouts = names.filter((name) => name.startsWith("callout-"));
    expect(callouts.filter(marked)).not.toEqual([]);
    expect(callouts.filter((name) => !marked(name))).not.toEqual([]);
  });

  it("of every type that the bundle has is held against a history", async () => {
    const types = new Set(names.map(typeOf));
    expect([...types].toSorted()).toEqual(Object.keys(await import("../../workflows/index.ts")).toSorted());
  });

  it.each([
    ["ticketClock", { ticketNumber: expect.stringMatching(/^T/u), next: { rule: "open" } }],
    ["absenceWatch", { absenceId: expect.stringMatching(/^ab_/u), dueAt: expect.any(Number) }],
    [
      "rearmTickets",
      { soFar: { round: 1, looked: expect.any(Number), told: 0, after: expect.stringMatching(/^tk_/u) } },
    ],
    [
      "calloutDelivery",
      { deliveryId: expect.stringMatching(/^dl_/u), schedule: { attemptsBegun: 0, attemptsMax: 1 } },
    ],
    ["replayDeliveries", { callout: "fails", perSecond: 1, replayed: expect.any(Number) }],
    [
      "maintenanceEnd",
      { endId: expect.stringMatching(/^me_/u), sums: { alerts: expect.any(Number), putOffAgain: 0 } },
    ],
  ])("of %s goes on in a new run with what it had: a history of it is replayed", (type, carried) => {
    const [renewed] = names.filter((name) => typeOf(name) === type).flatMap((name) => handedOver(name) ?? []);
    expect(renewed).toMatchObject(carried);
  });

  it("goes on at once where a maintenance window was deleted long before its end", () => {
    const name = names.find((one) => one.startsWith("maintenance-renewed")) ?? "";
    const [first] = history(name).events as unknown as [{ eventTime: string }];
    const { dueAt } = handedOver(name) as { dueAt: number };
    expect(dueAt - Date.parse(first.eventTime)).toBeLessThan(10 * 60_000);
  });

  it.each(names)("replays %s", async (name) => {
    await Worker.runReplayHistory({ workflowBundle: bundle }, history(name));
  });

  it("that decides otherwise than it did is found out", async () => {
    const workflowsPath = fileURLToPath(new URL("broken-workflows.ts", import.meta.url));
    const broken = await bundleWorkflowCode({ workflowsPath, logger: quiet });
    await expect(
      Worker.runReplayHistory({ workflowBundle: broken }, history("callout-succeeded.json")),
    ).rejects.toThrow(/nondetermin|Nondeterminism/iu);
  });
});

describe("the bundler", () => {
  it.each([
    ["Node's modules", `import { readFileSync } from "node:fs"; export const read = () => readFileSync("x");`],
    [
      "activities by value",
      `import { createActivities } from ${JSON.stringify(fileURLToPath(new URL("../../activities/index.ts", import.meta.url)))};
       export async function broken() { createActivities(undefined); }`,
    ],
  ])("refuses %s in workflow code", async (_what, code) => {
    const there = mkdtempSync(join(tmpdir(), "tocsin-bundle-"));
    const workflowsPath = join(there, "workflows.ts");
    writeFileSync(workflowsPath, code);
    try {
      await expect(bundleWorkflowCode({ workflowsPath, logger: quiet })).rejects.toThrow();
    } finally {
      rmSync(there, { recursive: true });
    }
  });
});
