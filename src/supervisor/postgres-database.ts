/**
 * Makes the database folder: whole or not at all, since it is built beside and renamed. Uses single-user mode where a server
 * would need SQL over a connection. Knows initdb; nothing of our tables.
 */
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { bareEnvironment } from "../config/index.ts";
import type { SystemUser } from "./postgres-user.ts";
import { SupervisorError } from "./supervisor-error.ts";

export interface DatabasePlan {
  readonly dataDir: string;
  /** The database folder. */
  readonly database: string;
  /** The folder with `bin`. */
  readonly programs: string;
  readonly user: SystemUser | undefined;
  readonly onNotice: (sentence: string) => void;
}

const PART_SUFFIX = ".new-";
const STEP_TIMEOUT_MS = 120_000;
/** Asked of its words: it takes away what it had written when it fails, so the disk has room again. */
const FULL = /No space left on device|Disk quota exceeded|wrote only \d+ of \d+ bytes/u;
/** Of the server that the package holds; another one's files cannot be opened by it. */
const MAJOR_VERSION = "18";

/** Returns the password of user `tocsin`. Throws: SupervisorError. */
export async function makeDatabase(plan: DatabasePlan): Promise<string> {
  removeParts(plan.database);
  setAsideHalfMade(plan);
  const kept = readPassword(plan);
  if (existsSync(plan.database)) {
    checkVersion(plan);
    checkOwner(plan);
    return kept ?? (await resetPassword(plan));
  }
  const password = kept ?? writePassword(plan);
  plan.onNotice("Making the database folder (a few seconds, once) ...");
  await initialise(plan, password);
  return password;
}

function removeParts(database: string): void {
  const parent = dirname(database);
  for (const name of readdirSync(parent)) {
    if (name.startsWith(`postgres${PART_SUFFIX}`))
      rmSync(join(parent, name), { recursive: true, force: true });
  }
}

/** A folder without its control file never held data, but it is not ours to delete: somebody may have restored half a copy. */
function setAsideHalfMade({ database, onNotice }: DatabasePlan): void {
  if (!existsSync(database)) return;
  if (existsSync(join(database, "PG_VERSION")) && existsSync(join(database, "global", "pg_control"))) return;
  const aside = `${database}.half-made-${new Date().toISOString().replace(/[:.]/gu, "-")}`;
  renameSync(database, aside);
  onNotice(`${database} was only half made, so a new one is made; the old one is now ${aside}.`);
}

function checkVersion({ database }: DatabasePlan): void {
  const version = readFileSync(join(database, "PG_VERSION"), "utf8").trim();
  if (version === MAJOR_VERSION) return;
  throw new SupervisorError(
    "data_dir",
    `The database in ${database} was made by PostgreSQL ${version} and this is PostgreSQL ${MAJOR_VERSION}: move its data with pg_dump, or set TOCSIN_DATA_DIR to a new folder.`,
  );
}

/** A copy put in place by root, or by another user: the server would say `Permission denied` of some file. */
function checkOwner({ database, user }: DatabasePlan): void {
  const owner = statSync(database).uid;
  const uid = user?.uid ?? process.getuid?.() ?? owner;
  if (owner === uid) return;
  const who = user === undefined ? `uid ${uid}` : `${user.name} (uid ${uid})`;
  throw new SupervisorError(
    "data_dir",
    `The database in ${database} belongs to uid ${owner} and PostgreSQL runs here as ${who}: \`chown -R ${user?.name ?? uid} ${database}\`, or start as its owner.`,
  );
}

async function initialise(plan: DatabasePlan, password: string): Promise<void> {
  const part = `${plan.database}${PART_SUFFIX}${randomBytes(6).toString("hex")}`;
  const passwordFile = `${part}.pw`;
  try {
    mkdirSync(part, { mode: 0o700 });
    writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
    if (plan.user !== undefined)
      for (const path of [part, passwordFile]) chownSync(path, plan.user.uid, plan.user.gid);
    await run(plan, "initdb", [
      ...[
        "-D",
        part,
        "--username=tocsin",
        `--pwfile=${passwordFile}`,
        "--auth=scram-sha-256",
        "--encoding=UTF8",
      ],
      // The collation that needs no library of the operating system: sorting stays the same on every machine.
      ...["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--no-instructions"],
    ]);
    await run(plan, "postgres", ["--single", "-D", part, "postgres"], "CREATE DATABASE tocsin\n");
    renameSync(part, plan.database);
  } finally {
    rmSync(part, { recursive: true, force: true });
    rmSync(passwordFile, { force: true });
  }
}

function passwordPath({ dataDir }: DatabasePlan): string {
  return join(dataDir, "postgres.password");
}

function readPassword(plan: DatabasePlan): string | undefined {
  try {
    const text = readFileSync(passwordPath(plan), "utf8").trim();
    return text === "" ? undefined : text;
  } catch {
    return undefined;
  }
}

function writePassword(plan: DatabasePlan): string {
  const password = randomBytes(24).toString("hex");
  writeFileSync(passwordPath(plan), `${password}\n`, { mode: 0o600 });
  chmodSync(passwordPath(plan), 0o600);
  return password;
}

/** Somebody removed the file: the data must not be lost for that. */
async function resetPassword(plan: DatabasePlan): Promise<string> {
  plan.onNotice("The database's password file was missing, so a new password is set.");
  const password = writePassword(plan);
  await run(
    plan,
    "postgres",
    ["--single", "-D", plan.database, "postgres"],
    `ALTER ROLE tocsin PASSWORD '${password}'\n`,
  );
  return password;
}

function run(
  plan: DatabasePlan,
  program: "initdb" | "postgres",
  args: readonly string[],
  input = "",
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(join(plan.programs, "bin", program), args, {
      cwd: "/",
      env: { ...bareEnvironment(), LC_ALL: "C", TZ: "UTC" },
      stdio: "pipe",
      timeout: STEP_TIMEOUT_MS,
      ...(plan.user === undefined ? {} : { uid: plan.user.uid, gid: plan.user.gid }),
    });
    let said = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        said += text;
      });
    }
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0 && !/ERROR:|FATAL:/u.test(said)) resolve();
      else
        reject(
          new SupervisorError(
            "postgres_failed",
            `The database folder could not be made by ${program}: ${lastLine(said)}${FULL.test(said) ? ` The disk of ${plan.dataDir} is full: make room, a new database takes some 60 MiB.` : ""}`,
          ),
        );
    });
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
  });
}

function lastLine(text: string): string {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return (lines.find((line) => /error|FATAL|ERROR/u.test(line)) ?? lines.at(-1) ?? "it said nothing").trim();
}
