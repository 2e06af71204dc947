/** `tocsin compile` and `tocsin import` as a person types them, and the sample of their page as it stands there. */
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tocsin-interop-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function tocsin(args: readonly string[], input = ""): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, "bin", "tocsin"), ...args], {
    cwd: folder,
    env: { PATH: process.env["PATH"], HOME: process.env["HOME"] },
    encoding: "utf8",
    input,
  });
  return { code: status, out: stdout, err: stderr };
}

const compile = ["compile", "--target", "json-rules-engine"];

describe("tocsin compile", () => {
  it("writes JSON that the page's sample runs in the plain library, and says what it leaves out", () => {
    const { code, out, err } = tocsin([...compile, join(root, "rules", "msp.rules")]);
    expect(code).toBe(0);
    expect(err).toContain('warning J3203  rule "A filling disk" (msp.rules:');
    writeFileSync(join(folder, "rules.json"), out);
    mkdirSync(join(folder, "node_modules"), { recursive: true });
    symlinkSync(root, join(folder, "node_modules", "tocsin"));
    symlinkSync(
      join(root, "node_modules", "json-rules-engine"),
      join(folder, "node_modules", "json-rules-engine"),
    );
    const page = readFileSync(join(root, "docs", "json-rules-engine.md"), "utf8");
    writeFileSync(join(folder, "run.mjs"), /```js\n([\s\S]*?)```/.exec(page)![1]!);
    const run = spawnSync(process.execPath, ["run.mjs"], { cwd: folder, encoding: "utf8" });
    expect(run.stderr).toBe("");
    expect(run.stdout).toMatch(/^Ticket for a new alert \(msp\.rules:\d+\)\n$/);
    const required = spawnSync(
      process.execPath,
      ["-e", 'console.log(typeof require("tocsin/json-rules-engine").operators.is)'],
      { cwd: folder, encoding: "utf8" },
    );
    expect(required.stdout).toBe("function\n");
  });

  it("ends with 1 for rules with mistakes and with 2 without a target", () => {
    writeFileSync(
      join(folder, "broken.rules"),
      'rule "x"\n  when alert received\n  if alert.titel is "x"\n  then stop\nend\n',
    );
    const text = tocsin([...compile, "broken.rules"]);
    expect([text.code, text.out, text.err]).toEqual([
      1,
      "",
      expect.stringContaining("unknown field `alert.titel`"),
    ]);
    const json = tocsin([...compile, "--json", "broken.rules"]);
    expect(JSON.parse(json.out)).toMatchObject({ diagnostics: [{ code: "R1203" }] });
    expect(tocsin(["compile", "broken.rules"])).toMatchObject({
      code: 2,
      err: expect.stringContaining("--target json-rules-engine"),
    });
    expect(tocsin(["compile", "--target", "drools", "broken.rules"]).code).toBe(2);
  });
});

describe("tocsin import", () => {
  const rule = {
    name: "disk",
    conditions: {
      all: [
        { fact: "source", operator: "equal", value: "Zabbix" },
        { fact: "free", operator: "lessThan", value: 5 },
      ],
    },
    event: { type: "ticket", params: { queue: "Storage" } },
  };

  it("shows the rule file, or writes it once", () => {
    writeFileSync(join(folder, "theirs.json"), JSON.stringify([rule]));
    const shown = tocsin(["import", "json-rules-engine", "theirs.json"]);
    expect(shown).toMatchObject({
      code: 0,
      err: expect.stringContaining("J3103  the fact `free` is taken for `alert.fields.free`"),
    });
    expect(shown.out).toContain('  if alert.source is exactly "Zabbix" and alert.fields.free < 5\n');
    const write = ["import", "json-rules-engine", "theirs.json", "--out", "imported"];
    expect(tocsin(write)).toMatchObject({ code: 0, out: `wrote ${join("imported", "theirs.rules")}\n` });
    expect(tocsin(["check", "imported"]).code).toBe(0);
    expect(tocsin(["fmt", "--check", "imported"]).code).toBe(0);
    expect(tocsin(write)).toMatchObject({ code: 2, err: expect.stringContaining("is there already") });
    expect(existsSync(join(folder, "imported", "theirs.rules"))).toBe(true);
  });

  it("has one JSON document with files and diagnostics", () => {
    const { code, out } = tocsin(["import", "json-rules-engine", "-", "--json"], JSON.stringify(rule));
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      files: [{ path: "imported.rules", text: expect.stringContaining('rule "disk"') }],
      diagnostics: [
        {
          code: "J3103",
          span: { file: "standard input", start: { line: 1 } },
          docs: "docs/json-rules-engine.md",
        },
      ],
    });
  });

  it("ends with 1 where nothing is a rule, and with 2 where it is used wrongly", () => {
    expect(tocsin(["import", "json-rules-engine", "-"], "{")).toMatchObject({
      code: 1,
      err: expect.stringContaining("error J3101  this is not JSON"),
    });
    expect(tocsin(["import", "drools", "-"], "{}")).toMatchObject({
      code: 2,
      err: expect.stringContaining('Rules of "drools"'),
    });
    expect(tocsin(["import", "json-rules-engine", "nowhere.json"])).toMatchObject({
      code: 2,
      err: "nowhere.json cannot be read.\n",
    });
  });
});
