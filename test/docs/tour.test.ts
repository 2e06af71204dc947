/** The tour is true: its files are written and its commands run in a folder of their own, and they print what the page says. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { blocksOf } from "../../scripts/docs/page-samples.ts";
import { readDoc } from "./run-samples.ts";

const program = fileURLToPath(new URL("../../bin/tocsin", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "tocsin-tour-"));

/** `$ command` and what it prints, up to the next command. */
function commandsOf(text: string): readonly { readonly command: string; readonly output: string }[] {
  return text
    .split(/^\$ /m)
    .slice(1)
    .map((part) => {
      const end = part.indexOf("\n");
      return { command: part.slice(0, end), output: part.slice(end + 1).trim() };
    });
}

const untimed = (text: string): string => text.replace(/\(\d+ ms\)/g, "(N ms)");

function run(command: string): string {
  const [name = "", ...words] = command.split(" ");
  if (name === "mkdir") {
    mkdirSync(join(folder, words[0]!));
    return "";
  }
  expect(name).toBe("bin/tocsin");
  const { stdout, stderr } = spawnSync(process.execPath, [program, ...words], {
    cwd: folder,
    encoding: "utf8",
    env: { PATH: process.env["PATH"], NO_COLOR: "1" },
  });
  return `${stdout}${stderr}`.trim();
}

const seen: { readonly command: string; readonly printed: string; readonly written: string }[] = [];

beforeAll(() => {
  for (const { info, text } of blocksOf(readDoc("docs/tour.md"))) {
    const [, file] = / file=(\S+)$/.exec(info) ?? [];
    if (file !== undefined) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    }
    if (info !== "console") continue;
    for (const { command, output } of commandsOf(text)) {
      seen.push({ command, printed: untimed(run(command)), written: untimed(output) });
    }
  }
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe("the tour", () => {
  it("prints for every command what the page shows", () => {
    expect(seen.length).toBeGreaterThan(9);
    expect(seen.map(({ command, printed }) => `$ ${command}\n${printed}`)).toEqual(
      seen.map(({ command, written }) => `$ ${command}\n${written}`),
    );
  });
});
