/** The pages of the codes, as they come with the program: `docs/diagnostics/R1203.md`. Knows where they lie; nothing of what they say. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** In a checkout two folders above this file, in a packed copy three. */
const FOLDERS_ABOVE_MAX = 4;

/** Undefined where the pages did not come along. */
export const pagesFolder = findFolder(dirname(fileURLToPath(import.meta.url)), FOLDERS_ABOVE_MAX);

export function readPage(code: string): string | undefined {
  if (pagesFolder === undefined) return undefined;
  const path = join(pagesFolder, `${code}.md`);
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

function findFolder(from: string, left: number): string | undefined {
  const here = join(from, "docs", "diagnostics");
  if (existsSync(join(here, "README.md"))) return here;
  return left === 0 ? undefined : findFolder(dirname(from), left - 1);
}
