/** The package as npm would hand it out: packed, installed beside nothing else, and run by whatever Node npm uses. */
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../..", import.meta.url));
const quiet = ["--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"];

describe("the packed file", () => {
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "tocsin-packed-"));
    await run("npm", ["pack", "--pack-destination", folder, "--loglevel=error"], { cwd: root });
    const packed = readdirSync(folder).find((file) => file.endsWith(".tgz"));
    writeFileSync(join(folder, "package.json"), '{ "name": "user", "private": true }');
    await run("npm", ["install", ...quiet, join(folder, packed!)], { cwd: folder });
  }, 300_000);

  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const tocsin = async (...args: string[]): Promise<string> =>
    (await run(join(folder, "node_modules", ".bin", "tocsin"), args, { cwd: folder })).stdout;

  it("runs its commands from JavaScript, with the sample rules beside it", async () => {
    expect(await tocsin("--version")).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(await tocsin("check", join("node_modules", "tocsin", "rules"))).toContain("0 errors, 0 warnings");
  });

  it("carries no TypeScript, and the migrations and workflows that it runs", () => {
    const files = readdirSync(join(folder, "node_modules", "tocsin"), { recursive: true, encoding: "utf8" });
    expect(files.filter((file) => file.endsWith(".ts") && !file.endsWith(".d.ts"))).toEqual([]);
    expect(files).toContain("dist/src/store/migrations/0001_desk.sql");
    expect(files).toContain("dist/workflows/index.js");
  });

  it("exports what compiled rules need in the plain library, to `import` and to TypeScript", async () => {
    const rules = join("node_modules", "tocsin", "rules");
    writeFileSync(
      join(folder, "rules.json"),
      await tocsin("compile", "--target", "json-rules-engine", rules),
    );
    // The sample of the page, as it stands there.
    const page = readFileSync(join(root, "docs", "json-rules-engine.md"), "utf8");
    const sample = /```js\n([\s\S]*?)```/.exec(page)?.[1] ?? "";
    writeFileSync(join(folder, "run.mjs"), sample);
    const { stdout } = await run(process.execPath, ["run.mjs"], { cwd: folder });
    expect(stdout).toContain("Ticket for a new alert");
    const types = readFileSync(
      join(folder, "node_modules", "tocsin", "dist", "src", "matcher", "json-rules", "published.d.ts"),
      "utf8",
    );
    expect(types).toContain("export declare function toFacts");
  });

  it("leaves nothing built in the checkout", () => {
    expect(existsSync(join(root, "dist"))).toBe(false);
  });
});
