/** How much room a folder's disk has, and the sentence for when it has none. Knows nothing of what is kept there. */
import { statfsSync } from "node:fs";
import { dirname } from "node:path";
import { DISK_FREE_BYTES_FULL } from "../domain/index.ts";

const MEBIBYTE = 1024 * 1024;

export interface DiskSpace {
  /** For those who are not root. */
  readonly freeBytes: number;
  readonly totalBytes: number;
}

/** Of the nearest folder that is there; undefined where the system does not tell. */
export function diskSpace(path: string): DiskSpace | undefined {
  try {
    const { bavail, blocks, bsize } = statfsSync(path);
    return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
  } catch {
    const parent = dirname(path);
    return parent === path ? undefined : diskSpace(parent);
  }
}

/** What made a process end or not start is often this, and then its log could not be written either. Empty: there is room. */
export function fullDiskNotice(path: string): string {
  const space = diskSpace(path);
  if (space === undefined || space.totalBytes === 0 || space.freeBytes >= DISK_FREE_BYTES_FULL) return "";
  return ` The disk of ${path} is full (${describeBytes(space.freeBytes)} left): make room, all goes on by itself.`;
}

export function describeBytes(bytes: number): string {
  const mebibytes = bytes / MEBIBYTE;
  return mebibytes < 1024 ? `${Math.floor(mebibytes)} MiB` : `${(mebibytes / 1024).toFixed(1)} GiB`;
}
