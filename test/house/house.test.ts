/** The house keeps its own rules: what no linter checks is checked here, over the files that git tracks. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), "utf8");
// Untracked files count too (but not ignored ones), so that a new file is judged before it is committed.
const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
  cwd: root,
  encoding: "utf8",
})
  .split("\n")
  .filter((path) => path !== "" && existsSync(join(root, path)));
const sources = files.filter(
  (path) =>
    /^(grammar|src|workflows|activities)\/.*\.ts$/.test(path) &&
    !path.includes("/gen/") &&
    !path.endsWith(".d.ts"),
);
const pureRooms =
  /^(grammar|src\/(domain|calendar|diagnostics|checker|compiler|matcher|decision|explain|interop|simulation))\//;

/** Source lines without comments and string contents, so that prose may name what code must not use. */
function code(path: string): string {
  return read(path)
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .replace(/(^|[^:"'`])\/\/.*$/gm, "$1");
}

function offenders(paths: readonly string[], pattern: RegExp): string[] {
  return paths.filter((path) => pattern.test(code(path)));
}

describe("the house", () => {
  it("begins every source file with a sentence about what the file is for", () => {
    expect(sources.filter((path) => !/^(#!.*\n)?\/(\*\*|\/)/.test(read(path)))).toEqual([]);
  });

  it("keeps source files under 500 lines", () => {
    const exceptions = new Set(["grammar/ast.ts"]);
    expect(sources.filter((path) => !exceptions.has(path) && read(path).split("\n").length > 501)).toEqual(
      [],
    );
  });

  it("has a door in every room", () => {
    const rooms = new Set(
      sources
        .filter((path) => /^src\/[^/]+\//.test(path))
        .map((path) => path.split("/").slice(0, 2).join("/")),
    );
    for (const room of ["grammar", "activities"])
      if (sources.some((path) => path.startsWith(`${room}/`))) rooms.add(room);
    expect([...rooms].filter((room) => !existsSync(join(root, room, "index.ts")))).toEqual([]);
  });

  it("names no drawers: utils, helpers, common, misc, lib, manager", () => {
    expect(
      files.filter((path) => /(^|[/-])(utils?|helpers?|common|misc|lib|managers?)([/.-]|$)/.test(path)),
    ).toEqual([]);
  });

  it("reads the environment in config only", () => {
    const allowed = /^src\/config\//;
    expect(
      offenders(
        sources.filter((path) => !allowed.test(path)),
        /process\.env\b/,
      ),
    ).toEqual([]);
  });

  it("keeps clock and chance out of the pure rooms", () => {
    const pure = sources.filter((path) => pureRooms.test(path));
    expect(
      offenders(
        pure,
        /Date\.now\(|new Date\(\s*\)|Math\.random\(|performance\.now\(|randomUUID|setTimeout\(/,
      ),
    ).toEqual([]);
  });

  it("swallows no error in silence", () => {
    expect(
      offenders(sources, /catch\s*(\([^)]*\))?\s*\{\s*\}|\.catch\(\(\)\s*=>\s*(\{\s*\}|undefined|null)\)/),
    ).toEqual([]);
  });

  it("leaves no unfinished business in the code", () => {
    const text = files.filter(
      (path) => /\.(ts|mjs|cjs|js|sql|sh)$/.test(path) && !path.startsWith("test/house/"),
    );
    expect(text.filter((path) => /\b(TODO|FIXME|XXX|HACK)\b/.test(read(path)))).toEqual([]);
    const tests = files.filter((path) => path.endsWith(".test.ts") && !path.startsWith("test/house/"));
    expect(tests.filter((path) => /\b(it|test|describe)\.(skip|only|todo)\b/.test(read(path)))).toEqual([]);
  });

  it("keeps download addresses out of the lock file", () => {
    expect(read("package-lock.json")).not.toMatch(/"resolved": "http/);
  });

  it("lists each word of the environment in the README", () => {
    const settings = new Set(
      sources
        .filter((path) => path.startsWith("src/config/"))
        .flatMap((path) => read(path).match(/\bTOCSIN_[A-Z_]+[A-Z]\b/g) ?? []),
    );
    const readme = read("README.md");
    expect([...settings].filter((name) => !readme.includes(name))).toEqual([]);
  });

  it("links only to files that are there", () => {
    const pages = files.filter((path) => path.endsWith(".md") && !path.startsWith("test/"));
    const broken = pages.flatMap((page) =>
      [...read(page).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)(?:#[^)]*)?\)/g)]
        .map((match) => match[1]!)
        .filter((target) => !existsSync(join(root, dirname(page), target)))
        .map((target) => `${page}: ${target}`),
    );
    expect(broken).toEqual([]);
  });
});
