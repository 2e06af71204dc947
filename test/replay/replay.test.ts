/**
 * Holds today's workflow code against histories of real runs: a workflow that began before a change must be able to go
 * on after it. Recorded by scripts/record-histories.ts.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundleWorkflowCode, Worker, type WorkflowBundleWithSourceMap } from "@temporalio/worker";
import { beforeAll, describe, expect, it } from "vitest";
import { workflowBundle } from "../../src/worker/bundle.ts";
import { installRuntime } from "../../src/worker/runtime.ts";
import { silent } from "../workflows/desk.ts";

const folder = fileURLToPath(new URL(".", import.meta.url));
const names = readdirSync(folder).filter((file) => file.endsWith(".json"));
const quiet = { log() {}, trace() {}, debug() {}, info() {}, warn() {}, error() {} };

function history(name: string): unknown {
  return JSON.parse(readFileSync(join(folder, name), "utf8")) as unknown;
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
    const types = new Set(
      names.map((name) => {
        const { events } = history(name) as {
          events: { workflowExecutionStartedEventAttributes?: { workflowType: { name: string } } }[];
        };
        return events[0]?.workflowExecutionStartedEventAttributes?.workflowType.name;
      }),
    );
    expect([...types].toSorted()).toEqual(Object.keys(await import("../../workflows/index.ts")).toSorted());
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
