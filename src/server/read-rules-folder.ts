/** The rules folder as the files of a rule set: `*.rules` in all folders below, without `*.test.rules`. Knows nothing of rules. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import type { RuleFile } from "../store/desk/index.ts";

/** Undefined: there is no such folder. */
export function readRulesFolder(folder: string): readonly RuleFile[] | undefined {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return undefined;
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".rules") && !entry.name.endsWith(".test.rules"))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => ({
      path: relative(folder, file).split(sep).join("/"),
      text: readFileSync(file, "utf8").replaceAll("\0", "\ufffd"),
    }))
    .toSorted((a, b) => (a.path < b.path ? -1 : 1));
}
