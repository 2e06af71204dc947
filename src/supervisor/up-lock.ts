/**
 * One `up` per data folder. The lock is the kernel's (a transaction on a SQLite file), so it ends with the process in whatever way
 * that ends, and a stale one cannot be. Beside it stands who has it, for people and for the next start.
 * Rejected: a pid file, which must guess whether its pid is still that process and which two starts at once can both replace.
 *
 *   up.lock        the lock
 *   up.json        UpRecord
 */
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { makeFolders } from "./make-folders.ts";
import type { ProcessIdentity } from "./process-identity.ts";
import { SupervisorError } from "./supervisor-error.ts";

export interface UpRecord {
  readonly up: ProcessIdentity;
  readonly since: string;
  readonly url: string;
  readonly children: Readonly<Record<string, ProcessIdentity>>;
}

export interface UpLock {
  /** What an `up` that did not end in good order left; undefined after one that did. */
  readonly left: UpRecord | undefined;
  /** As well as it can: the record is for people, and one of several ways to find what was left. */
  write(record: UpRecord): void;
  /** Only once every child is gone. */
  release(): void;
}

/** Throws: SupervisorError (already_running, data_dir). */
export function takeUpLock(dataDir: string): UpLock {
  makeDataDir(dataDir);
  const database = new DatabaseSync(join(dataDir, "up.lock"));
  try {
    database.exec("PRAGMA journal_mode = memory; PRAGMA locking_mode = exclusive; BEGIN EXCLUSIVE");
  } catch (cause) {
    database.close();
    throw refusal(dataDir, cause);
  }
  const file = join(dataDir, "up.json");
  return {
    left: readUpRecord(dataDir),
    write: (record) => {
      try {
        writeFileSync(`${file}.new`, `${JSON.stringify(record, undefined, 2)}\n`);
        renameSync(`${file}.new`, file);
      } catch {
        // On a full disk the record stays behind. A child that runs must not be taken for one that did not start.
        rmSync(`${file}.new`, { force: true });
      }
    },
    release: () => {
      rmSync(file, { force: true });
      database.close();
    },
  };
}

export function readUpRecord(dataDir: string): UpRecord | undefined {
  try {
    const record: unknown = JSON.parse(readFileSync(join(dataDir, "up.json"), "utf8"));
    return isUpRecord(record) ? record : undefined;
  } catch {
    return undefined;
  }
}

function makeDataDir(dataDir: string): void {
  try {
    makeFolders(join(dataDir, "logs"));
  } catch (cause) {
    throw new SupervisorError(
      "data_dir",
      `The data folder ${dataDir} cannot be made or written: set TOCSIN_DATA_DIR to a folder of your own.`,
      { cause },
    );
  }
}

function refusal(dataDir: string, cause: unknown): SupervisorError {
  const isHeld = cause instanceof Error && "errcode" in cause && cause.errcode === 5;
  if (!isHeld) {
    const why = cause instanceof Error ? cause.message : String(cause);
    return new SupervisorError(
      "data_dir",
      `The data folder ${dataDir} cannot be locked (${why}): set TOCSIN_DATA_DIR to a folder of your own.`,
      { cause },
    );
  }
  const holder = readUpRecord(dataDir);
  const who =
    holder === undefined
      ? "one that is just starting or ending"
      : `pid ${holder.up.pid}, since ${holder.since}, at ${holder.url}`;
  return new SupervisorError(
    "already_running",
    `Another \`tocsin up\` has the data folder ${dataDir} (${who}): stop that one, or set TOCSIN_DATA_DIR to another folder.`,
  );
}

function isUpRecord(value: unknown): value is UpRecord {
  if (typeof value !== "object" || value === null) return false;
  if (!("up" in value && "since" in value && "url" in value && "children" in value)) return false;
  const { up, children } = value;
  if (typeof children !== "object" || children === null) return false;
  return [up, ...Object.values(children)].every(isIdentity);
}

function isIdentity(value: unknown): value is ProcessIdentity {
  return (
    typeof value === "object" &&
    value !== null &&
    "pid" in value &&
    typeof value.pid === "number" &&
    "startedAt" in value &&
    typeof value.startedAt === "string"
  );
}
