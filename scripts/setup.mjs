// Sets up what `npm start` and `npm test` need in a bare clone: packages, Node 24, the Temporal CLI. Plain JavaScript for
// Node 18. Says a line before each long step and nothing when all is there. Knows nothing of what runs afterwards.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { ensureTemporalCli } from "./temporal-cli.mjs";

const NODE_MAJOR_MIN = 18;
const INSTALL_TIMEOUT_MS = 10 * 60_000;
const LOCK_POLL_MS = 500;

export const root = resolve(fileURLToPath(new URL("..", import.meta.url)));
const stampFile = join(root, "node_modules", ".tocsin-setup");
const require = createRequire(import.meta.url);

/** One sentence for the person; the scripts print it without a stack and end with code 2. */
export class SetUpError extends Error {
  name = "SetUpError";
  exitCode = 2;
}

/** Returns the path of Node 24. `temporal: false` leaves the Temporal CLI out. Throws SetUpError or TemporalCliMissing. */
export async function setUp({ say = sayOnStderr, temporal = true } = {}) {
  const major = Number(process.versions.node.split(".")[0]);
  if (major < NODE_MAJOR_MIN) {
    throw new SetUpError(
      `This is Node ${process.versions.node}, but ${NODE_MAJOR_MIN} or later is needed: install it from your system's packages or nodejs.org.`,
    );
  }
  if (!isInstalled()) await whileAlone(say, () => (isInstalled() ? undefined : install(say)));
  const node = await ensurePinnedNode(say);
  if (temporal && !process.env.TEMPORAL_ADDRESS) await ensureTemporalCli(say);
  return node;
}

function sayOnStderr(line) {
  process.stderr.write(`${line}\n`);
}

/** The stamp is the quick way; without it npm's own record of what it installed is compared with the lock file. */
function isInstalled() {
  const wanted = stampOf(readFileSync(join(root, "package-lock.json")));
  if (existsSync(stampFile) && readFileSync(stampFile, "utf8") === wanted) return true;
  if (!matchesLockFile()) return false;
  writeFileSync(stampFile, wanted);
  return true;
}

function stampOf(lockFile) {
  return createHash("sha256").update(lockFile).update(`${process.platform}-${process.arch}`).digest("hex");
}

function matchesLockFile() {
  const record = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(record)) return false;
  const installed = JSON.parse(readFileSync(record, "utf8")).packages;
  const wanted = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === "") return true;
    const found = installed[path];
    return found === undefined ? entry.optional === true : found.version === entry.version;
  });
}

async function install(say) {
  say("Installing packages (about a minute, once) ...");
  const quiet = ["--no-audit", "--no-fund", "--loglevel=error"];
  let result = await npm(["ci", ...quiet], root);
  // A lock file that lacks some other platform's package is no reason to refuse this one; its versions hold all the same.
  if (result.code !== 0 && /in sync/u.test(result.output))
    result = await npm(["install", "--no-save", ...quiet], root);
  if (result.code !== 0) {
    throw new SetUpError(
      `The packages could not be installed; npm said:\n${npmErrors(result.output)}\nCorrect that (no network, no space, no rights?) and start again.`,
    );
  }
  writeFileSync(stampFile, stampOf(readFileSync(join(root, "package-lock.json"))));
}

function npmErrors(output) {
  const lines = output.split("\n").filter((line) => line.trim() !== "" && line.trim() !== "npm error");
  return lines.slice(0, 8).join("\n");
}

/** The npm that runs us, where one does; else the one on PATH. */
function npm(args, cwd) {
  const ours = process.env.npm_execpath;
  const isScript = ours !== undefined && ours.endsWith("npm-cli.js") && existsSync(ours);
  return isScript ? run(process.execPath, [ours, ...args], cwd) : run("npm", args, cwd);
}

/** npm may have been told to run no install scripts; Node 24 comes by one. */
async function ensurePinnedNode(say) {
  const { findPinnedNode, NODE_MAJOR } = require("../bin/pinned-node.js");
  const found = findPinnedNode(root);
  if (found !== undefined) return found;
  say(`Installing Node ${NODE_MAJOR} (once) ...`);
  const folder = join(root, "node_modules", "node");
  const { output } = await run(process.execPath, ["installArchSpecificPackage.js"], folder).catch(
    (error) => ({ output: error.message }),
  );
  const made = findPinnedNode(root);
  if (made !== undefined) return made;
  throw new SetUpError(
    `Node ${NODE_MAJOR} could not be installed (npm's install scripts may be switched off: npm config get ignore-scripts): run \`npm rebuild node\`, or start with a Node ${NODE_MAJOR} of your own.${lastLine(output)}`,
  );
}

function lastLine(output) {
  const line = output.trim().split("\n").at(-1) ?? "";
  return line === "" ? "" : ` npm said: ${line.slice(0, 300)}`;
}

function run(command, args, cwd) {
  return new Promise((done, fail) => {
    const child = spawn(command, args, {
      cwd,
      stdio: ["ignore", "pipe", "pipe"],
      timeout: INSTALL_TIMEOUT_MS,
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text) => (output = (output + text).slice(-20_000)));
    child.once("error", (error) =>
      fail(
        new SetUpError(`${command} does not start (${error.message}): install npm, which comes with Node.`),
      ),
    );
    child.once("close", (code) => done({ code, output }));
  });
}

/** `npm start` and `npm test` of one clone may set up at once; the second waits. A lock whose owner is dead counts for nothing. */
async function whileAlone(say, work) {
  const name = createHash("sha256").update(root).digest("hex").slice(0, 16);
  const lock = join(tmpdir(), `tocsin-setup-${name}.lock`);
  for (let said = false; !takeLock(lock);) {
    if (!said) say("Another set-up of this clone is under way; waiting for it ...");
    said = true;
    await sleep(LOCK_POLL_MS);
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

function takeLock(lock) {
  try {
    writeFileSync(lock, String(process.pid), { flag: "wx" });
    return true;
  } catch {
    try {
      const old = Date.now() - statSync(lock).mtimeMs > INSTALL_TIMEOUT_MS;
      if (old || !isAlive(Number(readFileSync(lock, "utf8")))) rmSync(lock, { force: true });
    } catch {
      // gone meanwhile
    }
    return false;
  }
}

function isAlive(pid) {
  // Written in one go, but perhaps read before it was: an empty file is one that is being made.
  if (pid === 0) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}
