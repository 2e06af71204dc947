/** The first admin key: the one that is set, else one generated once and kept in the data folder, mode 0600. Knows no database. */
import { randomBytes } from "node:crypto";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeFolders } from "./make-folders.ts";

export interface AdminKey {
  readonly key: string;
  /** Generated just now: to be printed, this once. */
  readonly isNew: boolean;
  /** Where it is kept; undefined when it was set. */
  readonly file: string | undefined;
}

export function keepAdminKey(dataDir: string, set: string | undefined): AdminKey {
  if (set !== undefined) return { key: set, isNew: false, file: undefined };
  const file = join(dataDir, "admin.key");
  const kept = readAdminKey(dataDir);
  if (kept !== undefined) return { key: kept, isNew: false, file };
  makeFolders(dataDir);
  const key = `tocsin_${randomBytes(24).toString("base64url")}`;
  try {
    writeFileSync(file, `${key}\n`, { mode: 0o600, flag: "wx" });
    return { key, isNew: true, file };
  } catch (error) {
    // Another process was quicker, or the file is there and empty.
    const theirs = readAdminKey(dataDir);
    if (theirs !== undefined) return { key: theirs, isNew: false, file };
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    writeFileSync(file, `${key}\n`);
    chmodSync(file, 0o600);
    return { key, isNew: true, file };
  }
}

export function readAdminKey(dataDir: string): string | undefined {
  try {
    const text = readFileSync(join(dataDir, "admin.key"), "utf8").trim();
    return text === "" ? undefined : text;
  } catch {
    return undefined;
  }
}
