/** Reads pages whose samples are run: their sections, and the rule files and tests in them. Knows no rule. */

export interface Section {
  /** The text of the heading; empty above the first one. */
  readonly title: string;
  /** All ```` ```rules ```` of the section, one behind the other. */
  readonly rules: string;
  /** All ```` ```rules file=NAME.test.rules ````. */
  readonly tests: string;
}

export interface Block {
  /** What stands behind the fence: `rules`, `rules file=sample.test.rules`, `console`. */
  readonly info: string;
  readonly text: string;
  /** The heading that it stands under. */
  readonly section: string;
  /** The line above it that is not blank. */
  readonly above: string;
}

/** Fenced blocks of a Markdown page, in order. A heading inside a block is none. */
export function blocksOf(page: string): readonly Block[] {
  const blocks: Block[] = [];
  let section = "";
  let above = "";
  let open: { info: string; lines: string[] } | undefined;
  for (const line of page.split("\n")) {
    if (open !== undefined) {
      if (line === "```") {
        blocks.push({ info: open.info, text: open.lines.map((one) => `${one}\n`).join(""), section, above });
        open = undefined;
      } else open.lines.push(line);
    } else if (line.startsWith("```")) open = { info: line.slice(3).trim(), lines: [] };
    else if (line.trim() !== "") {
      above = line;
      if (/^#{1,6} /.test(line)) section = line.replace(/^#+ /, "");
    }
  }
  return blocks;
}

/** Sections that have a sample. */
export function sectionsOf(page: string): readonly Section[] {
  const blocks = blocksOf(page).filter(({ info }) => /^rules( |$)/.test(info));
  const titles = [...new Set(blocks.map(({ section }) => section))];
  return titles.map((title) => {
    const here = blocks.filter(({ section }) => section === title);
    const isTest = ({ info }: Block): boolean => info.endsWith(".test.rules");
    const joined = (wanted: boolean): string =>
      here
        .filter((block) => isTest(block) === wanted)
        .map(({ text }) => text)
        .join("\n");
    return { title, rules: joined(false), tests: joined(true) };
  });
}

/** Headings outside of blocks. */
export function headingsOf(page: string): readonly string[] {
  return [...withoutBlocks(page).matchAll(/^#{1,6} (.*)$/gm)].map(([, title = ""]) => title.trim());
}

export function withoutBlocks(page: string): string {
  return page.replace(/^```[\s\S]*?^```$/gm, "");
}
