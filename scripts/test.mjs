// `npm test`: sets up what is missing, then checks and tests in the order in which mistakes are cheapest to learn of.
// Stops at the first red stage and always closes with `N passed, N failed`. Runs on Node 18, so plain JavaScript.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { setUp } from "./setup.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const bin = join(root, "node_modules", ".bin");
const reports = mkdtempSync(join(tmpdir(), "tocsin-test-"));
const tally = { passed: 0, failed: 0 };
let running;

const checks = [
  ["format", "prettier", ["--check", "--log-level", "warn", "."]],
  ["lint", "oxlint", ["--type-aware"]],
  ["types", "tsc", ["-p", "."]],
  ["types of the editor extension", "tsc", ["-p", "editors/vscode"]],
  [
    "layers",
    "depcruise",
    [
      "--config",
      ".dependency-cruiser.cjs",
      "--output-type",
      "err",
      "grammar",
      "src",
      "workflows",
      "activities",
    ],
  ],
  ["unused", "knip", ["--no-progress"]],
];
const tiers = ["pure", "postgres", "temporal", "end-to-end"];

const only = process.argv.slice(2);
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => running?.kill(signal));

async function main() {
  await setUp();
  for (const [name, command, args] of checks) {
    if (only.length > 0 && !only.includes(name)) continue;
    const started = Date.now();
    const code = await run(join(bin, command), args);
    const seconds = ((Date.now() - started) / 1000).toFixed(1);
    console.log(`${code === 0 ? "ok  " : "FAIL"} ${name} (${seconds} s)`);
    if (code === 0) tally.passed++;
    else return void tally.failed++;
  }
  for (const tier of tiers) {
    if (only.length > 0 && !only.includes(tier)) continue;
    if (!(await runTier(tier))) return;
  }
}

/** One vitest project; its JSON report gives the counts, its exit code the truth. */
async function runTier(tier) {
  const report = join(reports, `${tier}.json`);
  const code = await run(join(bin, "vitest"), [
    "run",
    "--project",
    tier,
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${report}`,
  ]);
  const result = existsSync(report)
    ? JSON.parse(readFileSync(report, "utf8"))
    : { numPassedTests: 0, numFailedTests: 0 };
  tally.passed += result.numPassedTests;
  tally.failed += result.numFailedTests;
  // A file that does not load, or an error outside any test, fails the run without failing a test.
  if (code !== 0 && result.numFailedTests === 0) tally.failed++;
  return code === 0;
}

/** Runs a tool with Node 24 first on PATH; resolves to its exit code, 1 when a signal ended it. */
function run(command, args) {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ""}` };
    running = spawn(command, args, { cwd: root, stdio: "inherit", env });
    running.once("error", reject);
    running.once("exit", (code) => resolve(code ?? 1));
  });
}

try {
  await main();
} catch (error) {
  tally.failed++;
  console.error(error instanceof Error ? error.message : error);
} finally {
  rmSync(reports, { recursive: true, force: true });
}
console.log(`${tally.passed} passed, ${tally.failed} failed`);
process.exitCode = tally.failed === 0 ? 0 : 1;
