/** `tocsin fmt` as a person types it: in place, checked, shown as a difference, through a pipe. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const bin = fileURLToPath(new URL("../../bin/tocsin", import.meta.url));
const untidy = 'PARTNER   "P"\r\n\r\n\r\nlist a=["b" ,"c"]';
const tidy = 'partner "P"\n\nlist a = ["b", "c"]\n';
const untidyTest = 'test "t" expect nothing end';
const tidyTest = 'test "t"\n  expect nothing\nend\n';
const broken = 'rule "r"\n  when alert recieved\n';

let folder = "";
const write = (name: string, text: string | Buffer): void => writeFileSync(join(folder, name), text);
const read = (name: string): string => readFileSync(join(folder, name), "utf8");

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tocsin-fmt-"));
  mkdirSync(join(folder, "rules", "deep"), { recursive: true });
  write("rules/a.rules", untidy);
  write("rules/deep/a.test.rules", untidyTest);
  write("rules/tidy.rules", tidy);
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function fmt(args: readonly string[], input = ""): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, "fmt", ...args], {
    cwd: folder,
    input,
    encoding: "utf8",
    env: { PATH: process.env["PATH"]!, HOME: process.env["HOME"]! },
  });
  return { code: status, out: stdout, err: stderr };
}

describe("tocsin fmt", () => {
  it("writes the files of a folder in place, tests too, and names those that it changed", () => {
    const first = fmt(["rules", "--json"]);
    expect(first).toMatchObject({ code: 0, err: "" });
    expect(JSON.parse(first.out)).toEqual({ changed: ["rules/a.rules", "rules/deep/a.test.rules"] });
    expect(read("rules/a.rules")).toBe(tidy);
    expect(read("rules/deep/a.test.rules")).toBe(tidyTest);
    expect(fmt(["--check"])).toEqual({ code: 0, out: "", err: "" });
  });

  it("tells with --check what is not in its form, and writes nothing", () => {
    expect(fmt(["--check", "rules"])).toEqual({
      code: 1,
      out: "rules/a.rules\nrules/deep/a.test.rules\n",
      err: "",
    });
    expect(read("rules/a.rules")).toBe(untidy);
  });

  it("shows with --diff what would change, and writes nothing", () => {
    const { code, out } = fmt(["--diff", "rules/deep"]);
    expect(code).toBe(0);
    expect(out).toBe(
      [
        "--- rules/deep/a.test.rules",
        "+++ rules/deep/a.test.rules",
        "@@ -1,1 +1,3 @@",
        `-${untidyTest}`,
        "\\ No newline at end of file",
        '+test "t"',
        "+  expect nothing",
        "+end",
        "",
      ].join("\n"),
    );
    expect(read("rules/deep/a.test.rules")).toBe(untidyTest);
    expect(fmt(["--diff", "--check", "rules/deep"]).code).toBe(1);
  });

  it("leaves a file that does not parse as it is, says why, and goes on with the others", () => {
    write("rules/broken.rules", broken);
    const { code, out, err } = fmt(["rules"]);
    expect(code).toBe(1);
    expect(out).toBe("rules/a.rules\nrules/deep/a.test.rules\n");
    expect(err).toMatch(/^error R1\d{3}/m);
    expect(err).toContain("rules/broken.rules does not parse; it stays as it is.");
    expect(read("rules/broken.rules")).toBe(broken);
  });

  it("touches nothing when a file is not UTF-8, since writing it back would lose what was there", () => {
    write("rules/latin.rules", Buffer.from('partner   "M\xfcller"', "latin1"));
    expect(fmt(["rules"])).toMatchObject({ code: 2, out: "" });
    expect(readFileSync(join(folder, "rules/latin.rules"), "latin1")).toBe('partner   "M\xfcller"');
    expect(read("rules/a.rules")).toBe(untidy);
  });

  it("formats standard input, rules or tests, and writes nothing when it does not parse", () => {
    expect(fmt(["-"], untidy)).toEqual({ code: 0, out: tidy, err: "" });
    expect(fmt(["-"], untidyTest)).toEqual({ code: 0, out: tidyTest, err: "" });
    expect(fmt(["-", "--check"], untidy)).toEqual({ code: 1, out: "", err: "" });
    expect(fmt(["-"], broken)).toMatchObject({ code: 1, out: "" });
    expect(fmt(["-", "rules"], untidy).code).toBe(2);
    expect(fmt(["not-there"]).code).toBe(2);
  });
});
