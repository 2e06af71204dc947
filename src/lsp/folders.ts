/**
 * Which rule set a file belongs to, and the rule files of a folder. Knows disks; nothing of rules.
 *
 *   workspace folder with `rules/`      files under it are one set, as `tocsin check rules` takes them
 *   workspace folder without            all its rule files are one set
 *   any other file                      with the rule files of its own folder
 */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { EDITOR_FILE_CHARACTERS_MAX, EDITOR_FILES_MAX } from "../domain/index.ts";

export interface DiskFile {
  readonly uri: string;
  readonly path: string;
  readonly text: string;
}

/** Never looked into: what stands there is nobody's rule set. */
const skipped: ReadonlySet<string> = new Set(["node_modules", ".git"]);

export function isRuleFile(path: string): boolean {
  return path.endsWith(".rules");
}

/** Undefined for documents that no disk holds. */
export function pathOf(uri: string): string | undefined {
  if (!uri.startsWith("file:")) return undefined;
  try {
    return fileURLToPath(uri);
  } catch {
    return undefined;
  }
}

/** The folder that is the set of a file; `named` is the rules folder of a workspace folder, `rules` when not said. */
export function setFolderOf(path: string, workspaceFolders: readonly string[], named: string): string {
  const owner = workspaceFolders
    .filter((folder) => isInside(path, folder))
    .toSorted((a, b) => b.length - a.length)[0];
  if (owner === undefined) return dirname(path);
  const rules = join(owner, named);
  if (isInside(path, rules)) return rules;
  return isFolder(rules) ? dirname(path) : owner;
}

/** The sets that a workspace folder holds before anything is open. */
export function setFolderOfWorkspace(folder: string, named: string): string {
  const rules = join(folder, named);
  return isFolder(rules) ? rules : folder;
}

/** Sorted, within limits; what cannot be read is left out. `deep`: with the folders in it. */
export function readFolder(folder: string, deep: boolean): readonly DiskFile[] {
  const found: DiskFile[] = [];
  const look = (at: string): void => {
    for (const entry of listOf(at)) {
      if (found.length >= EDITOR_FILES_MAX) return;
      const path = join(at, entry.name);
      if (entry.isDirectory() && deep && !skipped.has(entry.name)) look(path);
      else if (entry.isFile() && isRuleFile(entry.name)) found.push(...(readRuleFile(path, folder) ?? []));
    }
  };
  look(folder);
  return found;
}

/** Undefined: it is gone, or cannot be read. A list of one, so that it joins others. */
export function readRuleFile(path: string, folder: string): readonly [DiskFile] | undefined {
  try {
    // Beyond the limit only its size matters: the set tells it with one diagnostic.
    const isHuge = statSync(path).size > 4 * EDITOR_FILE_CHARACTERS_MAX;
    const text = isHuge ? " ".repeat(EDITOR_FILE_CHARACTERS_MAX + 1) : readFileSync(path, "utf8");
    return [{ uri: pathToFileURL(path).href, path: nameIn(folder, path), text }];
  } catch {
    return undefined;
  }
}

/** With `/` on every machine, as sets are published. */
export function nameIn(folder: string, path: string): string {
  return relative(folder, path).split(sep).join("/");
}

export function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== "" && !way.startsWith("..") && !way.startsWith(sep);
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function listOf(folder: string): ReturnType<typeof readEntries> {
  try {
    return readEntries(folder);
  } catch {
    return [];
  }
}

function readEntries(folder: string) {
  return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
}
