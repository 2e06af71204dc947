/** Reads the pages of docs/diagnostics: their headings and their samples. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export interface Sample {
  readonly path: string;
  readonly text: string;
}

export interface Page {
  readonly code: string;
  readonly title: string;
  readonly headings: readonly string[];
  /** The samples under a heading; a page may say in words what no short sample shows. */
  readonly avoid: readonly Sample[];
  readonly prefer: readonly Sample[];
}

const folder = fileURLToPath(new URL("../../docs/diagnostics/", import.meta.url));

export function pageCodes(): readonly string[] {
  return readdirSync(folder)
    .filter((name) => /^R\d{4}\.md$/.test(name))
    .map((name) => name.slice(0, 5))
    .sort();
}

export function readPage(code: string): Page {
  const text = readFileSync(`${folder}${code}.md`, "utf8");
  const [, title = ""] = new RegExp(`^# ${code}: (.*)$`, "m").exec(text) ?? [];
  const sections = new Map(
    text
      .split(/^## /m)
      .slice(1)
      .map((part) => [part.split("\n", 1)[0]!, part] as const),
  );
  return {
    code,
    title,
    headings: [...sections.keys()],
    avoid: samplesOf(sections.get("Avoid") ?? ""),
    prefer: samplesOf(sections.get("Prefer") ?? ""),
  };
}

/** ```` ```rules ```` is a rule file; ```` ```rules file=sample.test.rules ```` one with that name. */
function samplesOf(section: string): readonly Sample[] {
  return [...section.matchAll(/^```rules(?: file=(\S+))?\n([\s\S]*?)^```$/gm)].map(
    ([, path = "sample.rules", text = ""]) => ({ path, text }),
  );
}
