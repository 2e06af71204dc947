/** Makes a folder with those above it. Knows nothing of what they are for. */
import { mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";

/**
 * One folder at a time. Node's `recursive` goes round for ever where a parent is there and takes no child but says that
 * it is missing, as /proc does.
 */
export function makeFolders(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return;
  const parent = dirname(path);
  if (parent !== path) makeFolders(parent);
  try {
    mkdirSync(path, { mode: 0o755 });
  } catch (cause) {
    const isThere = cause instanceof Error && "code" in cause && cause.code === "EEXIST";
    if (!isThere) throw cause;
  }
}
