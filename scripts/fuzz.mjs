// `npm run fuzz [TARGET] [-- --count N --seed N]`: sets up and runs fuzz/run.ts with Node 24. Plain JavaScript for Node 18.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { setUp } from "./setup.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
await setUp();
const node = join(root, "node_modules", ".bin", "node");
const { status } = spawnSync(node, [join("fuzz", "run.ts"), ...process.argv.slice(2)], {
  cwd: root,
  stdio: "inherit",
});
process.exitCode = status ?? 1;
