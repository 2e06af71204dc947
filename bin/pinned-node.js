/**
 * Finds the Node 24 that the project pins and runs a program with it, passing signals and the exit code on. CommonJS without
 * dependencies, for Node 18 and later, because it runs before Node 24 is there. Knows nothing of what it runs.
 */
"use strict";
const { spawn } = require("node:child_process");
const { existsSync } = require("node:fs");
const { dirname, join } = require("node:path");

const NODE_MAJOR = 24;
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"];

/** The path of Node 24, or undefined. `from` is a folder of the package: npm may have put `node` beside or above it. */
function findPinnedNode(from) {
  if (Number(process.versions.node.split(".")[0]) === NODE_MAJOR) return process.execPath;
  try {
    const folder = dirname(require.resolve("node/package.json", { paths: [from] }));
    const path = join(folder, "bin", process.platform === "win32" ? "node.exe" : "node");
    return existsSync(path) ? path : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Runs it in our place and ends as it ends. The channel tells it when we are killed, so that nothing lives on without us.
 * A Ctrl-C reaches both of us by the terminal and once more by us: whoever is run takes a repeated signal as one.
 */
function runInOurPlace(program, args, options = {}) {
  const child = spawn(program, args, { ...options, stdio: ["inherit", "inherit", "inherit", "ipc"] });
  for (const signal of SIGNALS) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => {
    process.stderr.write(`${program} does not start (${error.message}): install again with npm ci.\n`);
    process.exitCode = 2;
  });
  child.on("exit", (code, signal) => {
    process.exitCode = code ?? (signal === "SIGINT" ? 130 : 1);
    if (process.connected) process.disconnect();
  });
  // Whoever runs us so wants to be outlived no more than we do.
  process.on("disconnect", () => child.kill("SIGTERM"));
}

module.exports = { NODE_MAJOR, findPinnedNode, runInOurPlace };
