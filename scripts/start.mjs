// `npm start`: sets up what is missing, then `tocsin up` in Node 24. Plain JavaScript for Node 18. Arguments go to `up`.
import { createRequire } from "node:module";
import { join } from "node:path";
import { root, setUp } from "./setup.mjs";

const { runInOurPlace } = createRequire(import.meta.url)("../bin/pinned-node.js");

try {
  const node = await setUp();
  runInOurPlace(node, [join(root, "bin", "tocsin"), "up", ...process.argv.slice(2)]);
} catch (error) {
  console.error(error.exitCode === undefined && error.code !== "tool_missing" ? error : error.message);
  process.exitCode = 2;
}
