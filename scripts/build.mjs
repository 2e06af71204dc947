// `npm run build`, and before packing: TypeScript -> dist/, beside it what the program reads at run time.
// A checkout needs none of this (Node runs the TypeScript); Node strips no types under node_modules, so a package does.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const dist = join(root, "dist");

rmSync(dist, { recursive: true, force: true });
// After packing: a checkout runs its TypeScript, and a stale dist would only confuse.
if (process.argv.includes("--remove")) process.exit(0);
const { status } = spawnSync(join(root, "node_modules", ".bin", "tsc"), ["-p", "tsconfig.build.json"], {
  cwd: root,
  stdio: "inherit",
});
if (status !== 0) process.exit(1);
for (const asset of ["src/store/migrations", "scripts/temporal-cli.mjs"]) {
  if (existsSync(join(root, asset))) cpSync(join(root, asset), join(dist, asset), { recursive: true });
}
