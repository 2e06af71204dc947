/** Reads the rule files that a person names: files as they are, folders recursively. Knows names and folders; nothing of rules. */
import { readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
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
const FOLDERS_MAX = 10_000;
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
  return [...filesUnder(path, new Set())]
    .filter((file) => file.endsWith(".rules") && (tests || !file.endsWith(".test.rules")))
    .map((file) => ({ path: file, name: relative(path, file) }));
}

/**
 * Links are followed, as where a cluster mounts its files through them, but each folder once, so that one that leads back
 * ends. What begins with a dot is not looked at: editors and such mounts keep their own things there.
 */
function* filesUnder(folder: string, seen: Set<string>): Generator<string> {
  const real = realpathSync(folder);
  if (seen.has(real)) return;
  seen.add(real);
  if (seen.size > FOLDERS_MAX) throw new UsageError(`${folder}: more than ${FOLDERS_MAX} folders.`);
  for (const name of readEntries(folder)) {
    const path = join(folder, name);
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat?.isDirectory() === true) yield* filesUnder(path, seen);
    // A link that leads nowhere is told when it is read.
    else if (stat === undefined || stat.isFile()) yield path;
  }
}

function readEntries(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => !name.startsWith("."))
      .sort();
  } catch (cause) {
    throw new UsageError(`${folder} cannot be read.`, { cause });
  }
}

function readText(path: string): string {
  try {
    const stat = statSync(path);
    // A pipe would be waited for, a device has no end.
    if (!stat.isFile()) throw new UsageError(`${path} is no file.`);
    if (stat.size > FILE_BYTES_MAX) throw new UsageError(`${path} is longer than ${FILE_BYTES_MAX} bytes.`);
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
