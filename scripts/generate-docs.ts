/** `node scripts/generate-docs.ts`: writes the pages of docs/ that are made from the sources, after a change of those. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { generatedPages } from "./docs/generated-pages.ts";

for (const [path, text] of generatedPages()) {
  const file = fileURLToPath(new URL(`../${path}`, import.meta.url));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
