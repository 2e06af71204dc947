// `npm run bench [NAME...]`: runs bench/*.bench.ts in turn with Node 24. Not part of CI; plain JavaScript for Node 18.
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { setUp } from "./setup.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
await setUp();
const wanted = process.argv.slice(2);
const files = readdirSync(join(root, "bench"))
  .filter((file) => file.endsWith(".bench.ts"))
  .filter((file) => wanted.length === 0 || wanted.includes(file.replace(".bench.ts", "")))
  .sort();
if (files.length === 0) {
  console.error(
    `no such bench; there are: ${readdirSync(join(root, "bench"))
      .filter((f) => f.endsWith(".bench.ts"))
      .map((f) => f.replace(".bench.ts", ""))
      .join(", ")}`,
  );
  process.exit(2);
}
for (const file of files) {
  console.log(`\n=== ${file.replace(".bench.ts", "")}`);
  const { status } = spawnSync(
    join(root, "node_modules", ".bin", "node"),
    ["--expose-gc", join("bench", file)],
    { cwd: root, stdio: "inherit" },
  );
  if (status !== 0) process.exitCode = 1;
}
