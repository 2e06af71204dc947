/** Links in the docs lead somewhere: to a file that is there, and to a heading in it. */
import { existsSync, globSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { headingsOf, withoutBlocks } from "../../scripts/docs/page-samples.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const pages = [
  "README.md",
  "ARCHITECTURE.md",
  "CHANGELOG.md",
  "grammar/README.md",
  ...globSync("docs/**/*.md", { cwd: root }).sort(),
];

/** How GitHub names a heading: small, without punctuation, blanks as `-`; the second of a name gets `-1`. */
function anchorsOf(page: string): ReadonlySet<string> {
  const seen = new Map<string, number>();
  const anchors = headingsOf(page).map((heading) => {
    const plain = heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M}_ -]/gu, "")
      .replaceAll(" ", "-");
    const times = seen.get(plain) ?? 0;
    seen.set(plain, times + 1);
    return times === 0 ? plain : `${plain}-${times}`;
  });
  return new Set(anchors);
}

/** Targets of links and pictures, without those that leave the repository. */
function targetsOf(page: string): readonly string[] {
  const text = withoutBlocks(page).replace(/`[^`\n]*`/g, "");
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = ""]) => target)
    .filter((target) => !/^[a-z]+:/.test(target));
}

function isThere(page: string, target: string): boolean {
  const [path = "", anchor] = target.split("#", 2);
  const file = path === "" ? join(root, page) : join(root, dirname(page), path);
  if (!existsSync(file)) return false;
  if (anchor === undefined) return true;
  if (!statSync(file).isFile() || !file.endsWith(".md")) return false;
  return anchorsOf(readFileSync(file, "utf8")).has(anchor);
}

describe("links in the docs", () => {
  it.each(pages)("lead to files and headings that are there: %s", (page) => {
    const targets = targetsOf(readFileSync(join(root, page), "utf8"));
    expect(targets.filter((target) => !isThere(page, target))).toEqual([]);
  });

  it("lead from docs/README.md to every page of the folder (else: give the page a line there)", () => {
    const index = new Set(
      targetsOf(readFileSync(join(root, "docs/README.md"), "utf8")).map((target) =>
        relative(root, join(root, "docs", target.split("#", 1)[0]!)),
      ),
    );
    const own = globSync("docs/*.md", { cwd: root }).filter((page) => page !== "docs/README.md");
    const folders = globSync("docs/*/README.md", { cwd: root });
    const reference = globSync("docs/reference/*.md", { cwd: root });
    expect([...own, ...folders, ...reference].filter((page) => !index.has(page))).toEqual([]);
  });
});
