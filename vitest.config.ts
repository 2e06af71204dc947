/**
 * The tiers of the test suite as vitest projects: pure (no service), postgres, temporal, end-to-end.
 * `pool: "forks"`: Temporal's native module crashes in worker threads.
 */
import { defineConfig, type UserWorkspaceConfig } from "vitest/config";

function tier(
  name: string,
  rooms: readonly string[],
  globalSetup: string[],
  fileParallelism = true,
): UserWorkspaceConfig {
  return {
    test: {
      name,
      include: rooms.map((room) => `test/${room}/**/*.test.ts`),
      globalSetup,
      pool: "forks",
      fileParallelism,
      testTimeout: name === "pure" ? 20_000 : 60_000,
      hookTimeout: 120_000,
    },
  };
}

const postgres = "test/postgres.global-setup.ts";
const temporal = "test/temporal.global-setup.ts";

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      tier(
        "pure",
        [
          "house",
          "domain",
          "calendar",
          "grammar",
          "diagnostics",
          "checker",
          "compilation",
          "compiler",
          "matcher",
          "analysis",
          "decision",
          "explain",
          "interop",
          "simulation",
          "property",
          "config",
          "cli",
          "lsp",
          "mail",
          "smtp",
          "docs",
          "editors",
        ],
        [],
      ),
      tier("postgres", ["store", "engine", "ingest", "api", "server"], [postgres]),
      tier(
        "temporal",
        ["callouts", "notify", "workflows", "dispatch", "worker", "replay"],
        [postgres, temporal],
      ),
      tier("end-to-end", ["supervisor", "end-to-end"], [], false),
    ],
  },
});
