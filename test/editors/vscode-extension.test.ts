/** The extension as it is packed: what VS Code looks for is in the file and says what it should. Python reads the zip. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { isBuiltin } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { declarationWords } from "../../grammar/tokens.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const script = join(root, "scripts/package-extension.mjs");
let folder: string;

function pack(name: string): string {
  execFileSync(process.execPath, [script, join(folder, name)]);
  return join(folder, name);
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tocsin-vsix-"));
  execFileSync("python3", ["-m", "zipfile", "-e", pack("one.vsix"), join(folder, "unpacked")]);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const unpacked = (name: string): string => readFileSync(join(folder, "unpacked", name), "utf8");

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly main: string;
  readonly contributes: {
    readonly languages: readonly { readonly configuration: string }[];
    readonly grammars: readonly { readonly path: string; readonly scopeName: string }[];
  };
}

describe("the packed VS Code extension", () => {
  it("holds every file that its manifest names", () => {
    const manifest = JSON.parse(unpacked("extension/package.json")) as Manifest;
    expect(unpacked("extension.vsixmanifest")).toContain(
      `Id="${manifest.name}" Version="${manifest.version}"`,
    );
    expect(unpacked(`extension/${manifest.main}`)).toContain("lsp");
    for (const { configuration } of manifest.contributes.languages)
      expect(JSON.parse(unpacked(`extension/${configuration}`))).toHaveProperty("comments");
    for (const { path, scopeName } of manifest.contributes.grammars)
      expect(JSON.parse(unpacked(`extension/${path}`))).toHaveProperty("scopeName", scopeName);
  });

  it("asks Node for nothing but what VS Code has", () => {
    const asked = [...unpacked("extension/dist/extension.js").matchAll(/\brequire\("([^"]+)"\)/g)];
    expect(
      asked.map(([, name = ""]) => name).filter((name) => name !== "vscode" && !isBuiltin(name)),
    ).toEqual([]);
  });

  it("indents behind the declarations of the language and behind no other word", () => {
    const { indentationRules } = JSON.parse(unpacked("extension/language-configuration.json")) as {
      readonly indentationRules: Readonly<Record<"increaseIndentPattern" | "decreaseIndentPattern", string>>;
    };
    const increases = new RegExp(indentationRules.increaseIndentPattern);
    const blocks = declarationWords.filter(
      (word) => !["list", "values", "define", "udf", "inactive", "partner"].includes(word),
    );
    expect(blocks.filter((word) => !increases.test(`${word} "x"`))).toEqual([]);
    expect(increases.test('list x = ["a"]')).toBe(false);
    expect(new RegExp(indentationRules.decreaseIndentPattern).test("  end")).toBe(true);
  });

  it("is the same file from the same sources", () => {
    expect(readFileSync(pack("two.vsix"))).toEqual(readFileSync(join(folder, "one.vsix")));
  });
});
