import { spawnSync } from "node:child_process";
import { closeSync, existsSync, openSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const logger = fileURLToPath(new URL("../../src/cli/logger.ts", import.meta.url));

/** Says on standard error that it came to its end. */
const program = (name: string): string => `
  const { openLogger } = await import(${JSON.stringify(logger)});
  const log = openLogger(${JSON.stringify(name)});
  for (let n = 0; n < 200; n += 1) log.error({ n, filler: "x".repeat(500) }, "a line");
  await new Promise((resolve) => setTimeout(resolve, 50));
  log.error("one more");
  await new Promise((resolve) => setTimeout(resolve, 50));
  process.stderr.write("went on");
  process.exit(0);
`;

it.skipIf(!existsSync("/dev/full"))(
  "ends no process when its log cannot be written, as on a full disk",
  () => {
    const full = openSync("/dev/full", "w");
    const args = ["--input-type=module", "--eval", program("server")];
    const { status, stderr } = spawnSync(process.execPath, args, {
      stdio: ["ignore", full, "pipe"],
      encoding: "utf8",
      timeout: 15_000,
    });
    closeSync(full);
    expect([status, stderr]).toEqual([0, "went on"]);
  },
);
