/** Files that no admin means to give: each is told in clear words, in bounded time, and no command falls over. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const bin = fileURLToPath(new URL("../../bin/tocsin", import.meta.url));
/** A hang is ended here; it then has no exit code. */
const HANG_MS = 60_000;
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tocsin-bad-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function tocsin(...args: readonly string[]) {
  const { PATH, HOME } = process.env;
  const ended = spawnSync(process.execPath, [bin, ...args], {
    cwd: folder,
    encoding: "utf8",
    timeout: HANG_MS,
    env: { PATH, HOME },
  });
  return { code: ended.status, out: ended.stdout, err: ended.stderr };
}

const rule = (name: string): string => `rule "${name}"\n  when alert received\n  then stop\nend\n`;

describe("a file that nobody means to give", () => {
  it.each<readonly [what: string, bytes: string | Buffer, code: number, told: string]>([
    ["10 MB", rule("r").repeat(220_000), 2, "is longer than 4194304 bytes"],
    ["a million brackets", `rule "r"\n when alert received\n if ${"(".repeat(1_000_000)}\nend\n`, 1, "R1113"],
    [
      "a line of 1 MB",
      `list a = [${Array.from({ length: 150_000 }, (_, i) => `"${i}"`).join(",")}]\n`,
      1,
      "R1011",
    ],
    ["NUL", rule("r\0"), 1, "an invisible character (U+0000)"],
    ["a lone surrogate", Buffer.from('list a = ["\xed\xa0\x80"]\n', "latin1"), 2, "is not UTF-8"],
    ["Latin-1", Buffer.from(rule("Störung"), "latin1"), 2, "is not UTF-8"],
    ["ten thousand errors", "rule\n then stp\nend\n".repeat(5_000), 1, "50 errors"],
  ])("of %s is told", (what, bytes, code, told) => {
    const file = join(folder, `${what.replaceAll(" ", "-")}.rules`);
    writeFileSync(file, bytes);
    const ended = tocsin("check", file);
    expect(ended).toMatchObject({ code });
    expect(ended.out + ended.err).toContain(told);
    expect(ended.out.length + ended.err.length).toBeLessThan(100_000);
    rmSync(file);
  });

  it("with more warnings than are shown still tells the error behind them", () => {
    const lists = Array.from({ length: 60 }, (_, i) => `list unused_${i} = ["a"]\n`).join("");
    writeFileSync(join(folder, "crowded.rules"), `${lists}${rule("r")}${rule("r")}`);
    const ended = tocsin("check", "crowded.rules");
    expect(ended.code).toBe(1);
    expect(ended.out).toContain("R1202");
    rmSync(join(folder, "crowded.rules"));
  });

  it("with mixed line ends and a byte order mark is read as it looks", () => {
    const text = `\ufeffrule "r"\r\n  when alert received\r  if alert.title is "x"\n  then stop\r\nend\r\n`;
    writeFileSync(join(folder, "mixed.rules"), text);
    expect(tocsin("check", "mixed.rules")).toMatchObject({ code: 0 });
  });

  it("that is not there, leads nowhere or is no file is told with its name", () => {
    symlinkSync("nowhere.rules", join(folder, "dangling.rules"));
    execFileSync("mkfifo", [join(folder, "pipe.rules")]);
    for (const name of ["missing.rules", "dangling.rules", "pipe.rules"]) {
      const ended = tocsin("check", name);
      expect(ended).toMatchObject({ code: 2 });
      expect(ended.err).toContain(name);
    }
    rmSync(join(folder, "pipe.rules"));
    rmSync(join(folder, "dangling.rules"));
  });
});

describe("a folder", () => {
  it("whose name ends like a file's is still a folder", () => {
    mkdirSync(join(folder, "dir.rules"));
    writeFileSync(join(folder, "dir.rules/in.rules"), rule("in it"));
    const ended = tocsin("check", "--json", "dir.rules");
    expect(ended).toMatchObject({ code: 0 });
    expect(JSON.parse(ended.out)).toMatchObject({ diagnostics: [] });
  });

  it("that leads back into itself is read once", () => {
    mkdirSync(join(folder, "loop"));
    symlinkSync("../loop", join(folder, "loop/again"));
    writeFileSync(join(folder, "loop/a.rules"), rule("once"));
    expect(tocsin("check", "loop")).toMatchObject({ code: 0, out: expect.stringContaining("1 file,") });
  });

  it("of links, as a cluster mounts its files, is read through them", () => {
    mkdirSync(join(folder, "mount/..2026"), { recursive: true });
    writeFileSync(join(folder, "mount/..2026/a.rules"), rule("mounted"));
    symlinkSync("..2026", join(folder, "mount/..data"));
    symlinkSync("..data/a.rules", join(folder, "mount/a.rules"));
    expect(tocsin("check", "mount")).toMatchObject({ code: 0, out: expect.stringContaining("1 file,") });
  });

  it("with one name declared in two files names both", () => {
    mkdirSync(join(folder, "two"));
    for (const name of ["a", "b"]) writeFileSync(join(folder, `two/${name}.rules`), rule("same"));
    const ended = tocsin("check", "two");
    expect(ended.code).toBe(1);
    expect(ended.out).toContain("two/b.rules:1:6");
    expect(ended.out).toContain("two/a.rules:1:6");
  });
});
