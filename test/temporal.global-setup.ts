/**
 * One embedded Temporal for a whole test run, in memory, without UI, on a free port.
 * In vitest's configuration: `globalSetup: ["test/temporal.global-setup.ts"]`. In a test:
 *
 *   import { inject } from "vitest";
 *   const address = inject("temporalAddress"); // 127.0.0.1:PORT, namespace "default", the product's search attributes are there
 *
 * Tests share it, so each takes a task queue and workflow ids of its own. If the run is killed, the server ends by itself.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { startTemporal } from "../src/supervisor/index.ts";

declare module "vitest" {
  interface ProvidedContext {
    temporalAddress: string;
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = mkdtempSync(join(tmpdir(), "tocsin-test-temporal-"));
  try {
    const temporal = await startTemporal({ dataDir, port: 0, uiPort: "none", durability: "none" });
    project.provide("temporalAddress", temporal.address);
    return async () => {
      await temporal.stop();
      rmSync(dataDir, { recursive: true, force: true });
    };
  } catch (error) {
    rmSync(dataDir, { recursive: true, force: true });
    throw error;
  }
}
