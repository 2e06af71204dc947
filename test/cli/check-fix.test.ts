/** `tocsin check --fix`, `--format sarif` and `explain-code`, as a person types them. */
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { checkFiles } from "../../src/checker/index.ts";
import { diagnostic, SourceText } from "../../src/diagnostics/index.ts";
import { fixFiles } from "../../src/cli/fix-files.ts";
import { replaceFile } from "../../src/cli/replace-file.ts";
import { VERSION } from "../../src/cli/version.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
let parent = "";
let folder = "";
let n = 0;
beforeAll(() => {
  parent = mkdtempSync(join(tmpdir(), "tocsin-fix-"));
});
afterAll(() => {
  rmSync(parent, { recursive: true, force: true });
});
beforeEach(() => {
  folder = join(parent, String(++n));
  mkdirSync(folder);
});

function tocsin(...args: readonly string[]) {
  const ended = spawnSync(process.execPath, [join(root, "bin", "tocsin"), ...args], {
    cwd: folder,
    encoding: "utf8",
    env: { PATH: process.env["PATH"]!, HOME: process.env["HOME"]! },
  });
  return { code: ended.status, out: ended.stdout, err: ended.stderr };
}

const write = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const read = (name: string): string => readFileSync(join(folder, name), "utf8");

const broken = `rule "x"
  when alert received
  if alert.source == “Datto RMM” && alert.titel contians "disk"
  create ticket
    dedup within 5m by alert.title
end
`;
const mended = `rule "x"
  when alert received
  if alert.source is "Datto RMM" and alert.title contains "disk"
  then create ticket
    dedup within 5 minutes by alert.title
end
`;

describe("tocsin check --fix", () => {
  it("mends round by round until nothing safe is left, and says what", () => {
    write("a.rules", broken);
    const { code, out } = tocsin("check", "--fix", "a.rules");
    expect(read("a.rules")).toBe(mended);
    expect(code).toBe(0);
    expect(out).toContain("fixed  a.rules:3:19 R1105 write `is`");
    expect(out).toContain("fixes applied");
    expect(out).toContain("1 file, 0 errors, 0 warnings");
    expect(readdirSync(folder)).toEqual(["a.rules"]);
  });

  it("keeps line ends, mode and the link, and touches no file that needs nothing", () => {
    const real = write("real.rules", broken.replaceAll("\n", "\r\n"));
    chmodSync(real, 0o640);
    symlinkSync("real.rules", join(folder, "link.rules"));
    const fine = write("fine.rules", 'list quiet = ["a"]\n');
    const inode = statSync(fine).ino;
    tocsin("check", "--fix", "link.rules", "fine.rules");
    expect(read("real.rules")).toBe(mended.replaceAll("\n", "\r\n"));
    expect(lstatSync(join(folder, "link.rules")).isSymbolicLink()).toBe(true);
    expect(statSync(real).mode & 0o777).toBe(0o640);
    expect(statSync(fine).ino).toBe(inode);
  });

  it("tells what it mended in the one JSON document, beside the diagnostics that are left", () => {
    write("a.rules", broken.replace("create ticket", "create ticket\n    queue = nonsense"));
    const { code, out } = tocsin("check", "--fix", "--json", "a.rules");
    const document = JSON.parse(out);
    expect(code).toBe(1);
    expect(document.diagnostics.map(({ code }: { code: string }) => code)).toEqual(["R1107"]);
    expect(document.fixed).toContainEqual({
      file: "a.rules",
      code: "R1105",
      title: "write `is`",
      line: 3,
      column: 19,
    });
    expect(document.left).toEqual([]);
  });

  it("writes SARIF of what is left, and tells the fixes beside it", () => {
    write("a.rules", broken);
    const { out, err } = tocsin("check", "--fix", "--format", "sarif", "a.rules");
    const document = JSON.parse(out);
    expect(document).toMatchObject({ version: "2.1.0", runs: [{ results: [] }] });
    expect(document.runs[0].tool.driver.version).toBe(VERSION);
    expect(err).toContain("fixed  a.rules:3:19 R1105");
  });

  it("leaves a fix that would bring more errors than it mends, says so, and applies the others", () => {
    /** A check that knows words: each `bad` has a safe fix, and that of `worse` brings four errors. */
    const check = (files: readonly { readonly path: string; readonly text: string }[]) =>
      files.flatMap(({ path, text }) => {
        const source = new SourceText(path, text);
        return [...text.matchAll(/bad|worse|error/g)].map(({ 0: word, index }) => {
          const span = source.span(index, index + word.length);
          const newText = word === "bad" ? "good" : "error error error error";
          const fixes = word === "error" ? [] : [{ title: newText, safe: true, edits: [{ span, newText }] }];
          return diagnostic("R1104", span, word, { fixes });
        });
      });
    const { files, fixed, left } = fixFiles([{ path: "a.rules", text: "bad worse bad" }], check);
    expect(files).toEqual([{ path: "a.rules", text: "good worse good" }]);
    expect(fixed.map(({ title }) => title)).toEqual(["good", "good"]);
    expect(left).toEqual([
      { file: "a.rules", code: "R1104", title: "error error error error", line: 1, column: 5 },
    ]);
  });

  it("never gives a broken file of the corpus more errors, and finds nothing the second time", () => {
    const corpus = join(root, "test/corpus/syntax");
    const names = readdirSync(corpus).filter((name) => name.endsWith(".rules"));
    const errors = (text: string, path: string): number =>
      checkFiles([{ path, text }]).diagnostics.filter(({ severity }) => severity === "error").length;
    let mendedOnes = 0;
    for (const path of names) {
      const text = readFileSync(join(corpus, path), "utf8");
      const { files, fixed } = fixFiles([{ path, text }]);
      const after = files[0]!.text;
      expect(errors(after, path), path).toBeLessThanOrEqual(errors(text, path));
      expect(fixFiles(files).fixed, path).toEqual([]);
      if (fixed.length > 0) mendedOnes++;
    }
    expect(mendedOnes).toBeGreaterThan(30);
  });

  it("refuses a file that was changed after it was read", () => {
    const path = write("a.rules", "new\n");
    expect(() => replaceFile(path, "old\n", "mended\n")).toThrow("was changed meanwhile");
    expect(read("a.rules")).toBe("new\n");
  });

  it("leaves the old file whole where none can be written beside it", () => {
    const path = write("a.rules", "old\n");
    mkdirSync(join(folder, `.a.rules.${process.pid}.tmp`));
    expect(() => replaceFile(path, "old\n", "new\n")).toThrow("it stays as it is");
    expect(read("a.rules")).toBe("old\n");
  });
});

describe("tocsin explain-code", () => {
  it("prints the page of a code, in any case of letters", () => {
    const page = readFileSync(join(root, "docs/diagnostics/R1203.md"), "utf8");
    expect(tocsin("explain-code", "r1203")).toMatchObject({ code: 0, out: page });
    expect(JSON.parse(tocsin("explain-code", "R1203", "--json").out)).toEqual({ code: "R1203", text: page });
  });

  it("lists all codes when none is named", () => {
    const { code, out } = tocsin("explain-code");
    expect(code).toBe(0);
    expect(out).toMatch(/^R1001 {2}error {4}text without its closing quote$/m);
    expect(JSON.parse(tocsin("explain-code", "--json").out).codes.length).toBe(out.trim().split("\n").length);
  });

  it.each([
    ["R1230", "Did you mean R1203"],
    ["R120", "Did you mean R1201"],
    ["dedup", "Did you mean R2008 (dedup key can be empty)?"],
    ["nonsense", "`tocsin explain-code` lists them all."],
  ])("asks back about %s", (asked, answer) => {
    const { code, out, err } = tocsin("explain-code", asked);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain(answer);
  });

  it("has its pages in the package", () => {
    const { version, files } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    expect(files).toContain("docs/diagnostics");
    expect(version).toBe(VERSION);
  });
});
