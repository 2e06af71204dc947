/** The rules folder as the files of a rule set: `*.rules` in all folders below, without `*.test.rules`. Knows nothing of rules. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import type { RuleFile } from "../store/desk/index.ts";

export class RulesNotReadable extends Error {
  override readonly name = "RulesNotReadable";
  readonly code = "rules_not_readable";
}

/** Throws: RulesNotReadable (`rules_not_readable`). Undefined: there is no such folder. */
export function readRulesFolder(folder: string): readonly RuleFile[] | undefined {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return undefined;
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".rules") && !entry.name.endsWith(".test.rules"))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => ({
      path: relative(folder, file).split(sep).join("/"),
      text: readText(file).replaceAll("\0", "\ufffd"),
    }))
    .toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** Odd bytes are refused rather than replaced: a name with U+FFFD in it would never match. */
function readText(file: string): string {
  const bytes = readFileSync(file);
  try {
    return utf8.decode(bytes);
  } catch (error) {
    throw new RulesNotReadable(`${file} is not UTF-8: save it as UTF-8`, { cause: error });
  }
}
