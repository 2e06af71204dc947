/** Reads the rule files that a person names: files as they are, folders recursively. Knows names and folders; nothing of rules. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join, relative, resolve } from "node:path";
import { UsageError } from "./exit-code.ts";

export interface NamedFile {
  /** As typed, for people at this terminal. */
  readonly path: string;
  /** Relative to the folder that was named, or to the rules folder: what the server knows it by. */
  readonly name: string;
  readonly text: string;
}

/** An odd byte is told: quietly replaced, "Müller" of a Latin-1 file would compare with no organization. */
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

const FILES_MAX = 10_000;
const FILE_BYTES_MAX = 4 * 1024 * 1024;

/** Sorted by path, so that the same folder is the same set on every machine. Throws: UsageError. */
export function readRuleFiles(
  paths: readonly string[],
  rulesDir: string,
  options: { readonly tests: boolean },
): readonly NamedFile[] {
  const typed = paths.length === 0 ? [shortest(rulesDir)] : paths;
  const files = typed.flatMap((path) => listOne(path, rulesDir, options.tests));
  const byPath = new Map(files.map((file) => [resolve(file.path), file]));
  if (byPath.size > FILES_MAX) throw new UsageError(`More than ${FILES_MAX} rule files.`);
  const unique = [...byPath.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  return unique.map((file) => ({ ...file, text: readText(file.path) }));
}

function listOne(
  path: string,
  rulesDir: string,
  tests: boolean,
): readonly { readonly path: string; readonly name: string }[] {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) throw new UsageError(`${path} is not there.`);
  if (!stat.isDirectory()) {
    const inRules = relative(rulesDir, resolve(path));
    return [{ path, name: inRules.startsWith("..") ? basename(path) : inRules }];
  }
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter(
      (entry) =>
        entry.isFile() && entry.name.endsWith(".rules") && (tests || !entry.name.endsWith(".test.rules")),
    )
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => ({ path: file, name: relative(path, file) }));
}

function readText(path: string): string {
  try {
    if (statSync(path).size > FILE_BYTES_MAX)
      throw new UsageError(`${path} is longer than ${FILE_BYTES_MAX} bytes.`);
    return utf8.decode(readFileSync(path));
  } catch (cause) {
    if (cause instanceof UsageError) throw cause;
    if (cause instanceof TypeError)
      throw new UsageError(`${path} is not UTF-8: save it as UTF-8, or its words compare with nothing.`);
    throw new UsageError(`${path} cannot be read.`, { cause });
  }
}

function shortest(path: string): string {
  const fromHere = relative(process.cwd(), path);
  return fromHere === "" ? "." : fromHere.startsWith("..") ? path : fromHere;
}
