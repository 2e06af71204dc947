/**
 * One embedded Postgres for a whole test run, in a folder of its own on a free port, removed with its folder at the end.
 * In vitest's configuration: `globalSetup: ["test/postgres.global-setup.ts"]`. In a test:
 *
 *   import { inject } from "vitest";
 *   const url = inject("postgresUrl"); // postgres://tocsin:...@127.0.0.1:PORT/tocsin, a superuser: make a database of your own
 *
 * fsync is off, so that tests are quick. If the run is killed, the server ends by itself; only the folder under the system's
 * temporary folder is left.
 */
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { startEmbeddedPostgres } from "../src/supervisor/index.ts";

declare module "vitest" {
  interface ProvidedContext {
    postgresUrl: string;
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = mkdtempSync(join(tmpdir(), "tocsin-test-postgres-"));
  chmodSync(dataDir, 0o711);
  try {
    const postgres = await startEmbeddedPostgres({ dataDir, port: 0, durability: "none" });
    project.provide("postgresUrl", postgres.url);
    return async () => {
      await postgres.stop();
      rmSync(dataDir, { recursive: true, force: true });
    };
  } catch (error) {
    rmSync(dataDir, { recursive: true, force: true });
    throw error;
  }
}
