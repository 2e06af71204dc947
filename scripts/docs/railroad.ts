/** Draws the productions of the grammar as railroad diagrams: one SVG a production and a page that shows them in order. */
import railroad from "railroad-diagrams";
import { productions, type Production } from "../../grammar/productions.ts";

type Drawn = Parameters<typeof railroad.Diagram>[number];

/** Which productions a section begins with; what they use follows, unless an earlier section has shown it. */
const sections: readonly (readonly [title: string, first: readonly string[]])[] = [
  ["Rules", ["rule"]],
  ["Events", ["event"]],
  ["Conditions", ["condition"]],
  ["Actions", ["action"]],
  ["Values, paths and times", ["expression", "moment", "duration", "fieldLine"]],
  ["Tests", ["test"]],
  ["Callouts", ["calloutDeclaration"]],
  ["Mailboxes", ["mailboxDeclaration"]],
  ["Calendars and maintenance", ["calendarDeclaration", "maintenanceDeclaration"]],
  ["Other declarations", ["declaration"]],
];

const style = `
path{stroke-width:2;stroke:#57606a;fill:none}
text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;text-anchor:middle;fill:#1f2328}
rect{stroke-width:1.5;stroke:#57606a;fill:#fff}
rect[rx]{fill:#ddf4ff;stroke:#0969da}
.value rect{fill:#dafbe1;stroke:#1a7f37}
text.comment{font:italic 12px sans-serif}
svg{background:#fff}`;

/** Files of docs/grammar by name. */
export function railroadPages(): ReadonlyMap<string, string> {
  const all = productions();
  const pages = new Map<string, string>();
  for (const [name, production] of all) pages.set(`${name}.svg`, drawProduction(production));
  pages.set("README.md", indexPage(all));
  return pages;
}

function drawProduction(production: Production): string {
  const diagram = railroad.Diagram(draw(production));
  const { width, height } = sized(diagram);
  const body = diagram
    .toString()
    .replace(/^<svg[^>]*>/, "")
    .replace(/<\/svg>\s*$/, "")
    .trim();
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">\n<style>${style}\n</style>\n<rect x="0" y="0" width="100%" height="100%" style="fill:#fff;stroke:none"/>\n${body}\n</svg>\n`;
}

function sized(diagram: ReturnType<typeof railroad.Diagram>): { width: string; height: string } {
  diagram.format();
  return { width: String(diagram.attrs["width"]), height: String(diagram.attrs["height"]) };
}

function draw(production: Production): Drawn {
  switch (production.kind) {
    case "sequence":
      return railroad.Sequence(...production.of.map(draw));
    case "choice":
      return railroad.Choice(0, ...production.of.map(draw));
    case "optional":
      return railroad.Optional(draw(production.of));
    case "repeated":
      return railroad.OneOrMore(draw(production.of), separator(production.separator));
    case "any number":
      return railroad.ZeroOrMore(draw(production.of), separator(production.separator));
    case "word":
      return railroad.Terminal(production.text);
    case "value":
      return railroad.Comment(production.text.replaceAll("`", ""));
    case "named":
      return railroad.NonTerminal(spaced(production.name));
  }
}

function separator(label: string | undefined): Drawn | undefined {
  return label === undefined ? undefined : railroad.Terminal(label.replaceAll("`", ""));
}

/** `createTicket` reads better as `create ticket`. */
function spaced(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function indexPage(all: ReadonlyMap<string, Production>): string {
  // The productions that other sections begin with wait for their own.
  const kept = new Set(sections.flatMap(([, first]) => first));
  const shown = new Set<string>();
  const users = usedBy(all);
  const parts = sections.map(([title, first]) => {
    for (const name of first) kept.delete(name);
    const names = first.flatMap((name) => reach(all, name, shown, kept));
    return [`## ${title}`, ...names.map((name) => productionPart(name, users.get(name) ?? []))].join("\n\n");
  });
  const missing = [...all.keys()].filter((name) => !shown.has(name));
  if (missing.length > 0) throw new Error(`no section shows ${missing.join(", ")}`);
  return `${header}\n${parts.join("\n\n")}\n`;
}

const header = `# The grammar, drawn

Made from the grammar itself by \`node scripts/generate-docs.ts\`; not to be edited. Rounded boxes are words to type, square
boxes lead to another diagram, plain text is a kind of value. What the words mean is told in the
[language reference](../../grammar/README.md).
`;

function productionPart(name: string, users: readonly string[]): string {
  const links = users.map((user) => `[${spaced(user)}](#${spaced(user).replaceAll(" ", "-")})`).join(", ");
  const used = users.length === 0 ? "" : `\n\nUsed by ${links}.`;
  return `### ${spaced(name)}\n\n![${spaced(name)}](${name}.svg)${used}`;
}

function reach(
  all: ReadonlyMap<string, Production>,
  name: string,
  shown: Set<string>,
  kept: ReadonlySet<string>,
): readonly string[] {
  const production = all.get(name);
  if (production === undefined || shown.has(name) || kept.has(name)) return [];
  shown.add(name);
  return [name, ...namesIn(production).flatMap((next) => reach(all, next, shown, kept))];
}

function usedBy(all: ReadonlyMap<string, Production>): ReadonlyMap<string, readonly string[]> {
  const users = new Map<string, string[]>();
  for (const [name, production] of all)
    for (const used of new Set(namesIn(production))) users.set(used, [...(users.get(used) ?? []), name]);
  return users;
}

function namesIn(production: Production): readonly string[] {
  switch (production.kind) {
    case "named":
      return [production.name];
    case "sequence":
    case "choice":
      return production.of.flatMap(namesIn);
    case "optional":
    case "repeated":
    case "any number":
      return namesIn(production.of);
    case "word":
    case "value":
      return [];
  }
}
