// After `npm install` of anything: puts the packages of other platforms back into package-lock.json. npm leaves out an optional
// package that the registry at hand does not have, and then refuses `npm ci` for everybody, because the lock file lacks it.
// What is added has its exact version, but no checksum, since nobody here can compute it. `--check` only tells. Node 18.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const file = fileURLToPath(new URL("../package-lock.json", import.meta.url));
const lock = JSON.parse(readFileSync(file, "utf8"));
const { packages } = lock;

const SYSTEMS = [
  "aix",
  "android",
  "darwin",
  "freebsd",
  "linux",
  "netbsd",
  "openbsd",
  "openharmony",
  "sunos",
  "win32",
];
const PROCESSORS = [
  "arm64",
  "arm",
  "ia32",
  "loong64",
  "mips64el",
  "ppc64",
  "riscv64",
  "s390x",
  "x64",
  "wasm32",
];
const LIBRARIES = [
  [/(?:-|^)gnu/u, "glibc"],
  [/(?:-|^)musl/u, "musl"],
];

function main() {
  const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {}, dev }]) =>
    Object.entries(optionalDependencies)
      .filter(([name]) => !isThere(path, name))
      .map(([name, version]) => [`node_modules/${name}`, entryOf(name, version, dev)]),
  );
  if (process.argv.includes("--check")) {
    for (const lacking of missing)
      console.error(
        `package-lock.json lacks ${JSON.stringify(lacking[0])}: run node scripts/complete-lock.mjs`,
      );
    process.exitCode = missing.length === 0 ? 0 : 1;
    return;
  }
  for (const [path, entry] of missing) packages[path] = entry;
  const root = Object.entries(packages).filter(([path]) => path === "");
  const rest = Object.entries(packages).filter(([path]) => path !== "");
  lock.packages = Object.fromEntries([...root, ...rest.sort(([a], [b]) => a.localeCompare(b, "en"))]);
  writeFileSync(file, `${JSON.stringify(lock, undefined, 2)}\n`);
  console.log(`${missing.length} packages of other platforms were added.`);
}

/** As Node looks for it: beside, then above. */
function isThere(path, name) {
  for (let folder = path; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf("/node_modules/")))) {
    if (packages[`${folder === "" ? "" : `${folder}/`}node_modules/${name}`] !== undefined) return true;
    if (folder === "") return false;
  }
}

function entryOf(name, version, dev) {
  if (!/^\d+\.\d+\.\d+\S*$/u.test(version))
    throw new Error(`${name} is asked for as ${version}: only an exact version can be added`);
  const parts = name.split("/").at(-1);
  const os = SYSTEMS.find((one) => parts.includes(one));
  const cpu = PROCESSORS.find((one) => parts.includes(`-${one}`));
  // A package of WebAssembly names its processor alone.
  if (cpu === undefined || (os === undefined && cpu !== "wasm32"))
    throw new Error(`${name} names no platform`);
  const libc = os === "linux" ? LIBRARIES.find(([pattern]) => pattern.test(parts))?.[1] : undefined;
  return {
    version,
    cpu: [cpu],
    ...(dev === true ? { dev } : {}),
    ...(libc === undefined ? {} : { libc: [libc] }),
    optional: true,
    ...(os === undefined ? {} : { os: [os] }),
  };
}

main();
