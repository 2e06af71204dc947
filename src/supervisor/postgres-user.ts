/**
 * Who the database server runs as, since PostgreSQL refuses to run as root, and what that user can reach.
 * Knows users and folders; nothing of databases.
 */
import { spawnSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { SupervisorError } from "./supervisor-error.ts";

export interface SystemUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

const CREATED_USER = "tocsin";

/**
 * Undefined: as who we are. A data folder that exists keeps its owner, whatever users came later.
 * Throws: SupervisorError (tool_missing).
 */
export function findPostgresUser(existingDatabase: string | undefined): SystemUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const users = readUsers();
  const owner = existingDatabase === undefined ? 0 : ownerOf(existingDatabase);
  const kept = users.find((user) => user.uid === owner && user.uid !== 0);
  if (kept !== undefined) return kept;
  const found =
    users.find((user) => user.name === CREATED_USER) ?? users.find((user) => user.name === "postgres");
  return found ?? createUser() ?? lastResort(users);
}

/** Asks the kernel by going there as that user, so that access lists and mounts count, not only mode bits. */
export function canEnter(user: SystemUser | undefined, folder: string): boolean {
  if (user === undefined) return true;
  const { status } = spawnSync("/bin/sh", ["-c", 'cd "$1" 2>/dev/null', "sh", folder], {
    uid: user.uid,
    gid: user.gid,
    cwd: "/",
    env: {},
  });
  return status === 0;
}

export function canRun(user: SystemUser | undefined, program: string): boolean {
  const { status } = spawnSync(program, ["--version"], {
    ...(user === undefined ? {} : { uid: user.uid, gid: user.gid }),
    cwd: "/",
    env: {},
    stdio: "ignore",
  });
  return status === 0;
}

function readUsers(): readonly SystemUser[] {
  let text = "";
  try {
    text = readFileSync("/etc/passwd", "utf8");
  } catch {
    return [];
  }
  return text.split("\n").flatMap((line) => {
    const [name, , uid, gid] = line.split(":");
    if (name === undefined || uid === undefined || gid === undefined) return [];
    return [{ name, uid: Number(uid), gid: Number(gid) }];
  });
}

function ownerOf(folder: string): number {
  try {
    return statSync(folder).uid;
  } catch {
    return 0;
  }
}

/** Debian and Red Hat have useradd, Alpine has adduser; two set-ups at once may both try, so we look again after each. */
function createUser(): SystemUser | undefined {
  const ways: readonly (readonly [string, readonly string[]])[] = [
    [
      "useradd",
      [
        "--system",
        "--user-group",
        "--no-create-home",
        "--home-dir",
        "/nonexistent",
        "--shell",
        "/usr/sbin/nologin",
        CREATED_USER,
      ],
    ],
    ["adduser", ["-S", "-D", "-H", "-h", "/nonexistent", "-s", "/sbin/nologin", CREATED_USER]],
  ];
  for (const [command, args] of ways) {
    spawnSync(command, args, { stdio: "ignore" });
    const made = readUsers().find((user) => user.name === CREATED_USER);
    if (made !== undefined) return made;
  }
  return undefined;
}

function lastResort(users: readonly SystemUser[]): SystemUser {
  const nobody = users.find((user) => user.name === "nobody" && user.uid !== 0);
  if (nobody !== undefined) return nobody;
  throw new SupervisorError(
    "tool_missing",
    "PostgreSQL does not run as root and no other user could be made: add one with `useradd --system postgres`, or start as an ordinary user, or set DATABASE_URL.",
  );
}
