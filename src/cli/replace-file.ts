/**
 * Puts a new text in place of a file's old one, whole or not at all: written beside it, flushed, renamed over it. A crash
 * or a full disk leaves the old file. Keeps mode and owner, follows links to the file itself. Knows nothing of rules.
 */
import {
  chmodSync,
  chownSync,
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
  type Stats,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { UsageError } from "./exit-code.ts";

/** Throws: UsageError when the file is not what was read any more, or cannot be written. */
export function replaceFile(path: string, before: string, after: string): void {
  try {
    const target = realpathSync(path);
    if (!readFileSync(target).equals(Buffer.from(before)))
      throw new UsageError(`${path} was changed meanwhile; it stays as it is. Run this again.`);
    writeBeside(target, after);
  } catch (cause) {
    if (cause instanceof UsageError) throw cause;
    const reason = cause instanceof Error && "code" in cause ? ` (${String(cause.code)})` : "";
    throw new UsageError(`${path} cannot be written${reason}; it stays as it is.`, { cause });
  }
}

function writeBeside(target: string, text: string): void {
  const stat = statSync(target);
  const beside = join(dirname(target), `.${basename(target)}.${process.pid}.tmp`);
  try {
    writeDurably(beside, text, stat);
    renameSync(beside, target);
  } catch (cause) {
    rmSync(beside, { force: true });
    throw cause;
  }
  syncFolder(dirname(target));
}

function writeDurably(path: string, text: string, { mode, uid, gid }: Stats): void {
  const bytes = Buffer.from(text);
  const file = openSync(path, "wx", 0o600);
  try {
    for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  const made = statSync(path);
  // Somebody else's file stays theirs; only root may do that, and for others the rename would have changed it in silence.
  if (made.uid !== uid || made.gid !== gid) chownSync(path, uid, gid);
  chmodSync(path, mode & 0o7777);
}

/** The rename itself outlives a power cut. Not every file system lets a folder be flushed, and the file is whole without it. */
function syncFolder(folder: string): void {
  let handle: number | undefined;
  try {
    handle = openSync(folder, "r");
    fsyncSync(handle);
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}
