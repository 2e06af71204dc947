/**
 * Makes a new code: its line in the catalogue, its page, the skeleton of a corpus case, and the index.
 *
 *   node scripts/new-diagnostic.ts R2024 "rule that nobody reads"
 *   node scripts/new-diagnostic.ts --index        writes the index page anew
 *
 * What is left to do is printed. The tests of test/diagnostics fail until it is done.
 */
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { indexPage } from "./diagnostics-index.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const cataloguePath = `${root}src/diagnostics/catalogue.ts`;
const pages = `${root}docs/diagnostics/`;

/** The family's block in the catalogue, and the corpus in which its cases are. */
const families: Readonly<Record<string, { readonly block: string; readonly corpus: string }>> = {
  R10: { block: "textCodes", corpus: "test/corpus/syntax/" },
  R11: { block: "syntaxCodes", corpus: "test/corpus/syntax/" },
  R12: { block: "nameCodes", corpus: "test/corpus/checker/names.txt" },
  R13: { block: "typeCodes", corpus: "test/corpus/checker/kinds.txt" },
  R14: { block: "versionCodes", corpus: "test/corpus/checker/not-yet.txt" },
  R20: { block: "analysisCodes", corpus: "test/corpus/checker/texts.txt" },
};

const [first, title] = process.argv.slice(2);
if (first === "--index") await writeIndex();
else if (first === undefined || title === undefined)
  fail('say a code and its title: R2024 "rule that nobody reads"');
else await makeDiagnostic(first, title);

async function makeDiagnostic(code: string, text: string): Promise<void> {
  const family = families[code.slice(0, 3)];
  if (!/^R\d{4}$/.test(code) || family === undefined)
    return fail(`${code} is in no family: ${Object.keys(families).join("xx, ")}xx`);
  if (!/^[^A-Z].*[^.]$/.test(text)) return fail("a title is lower case, without a full stop");
  const severity = code.startsWith("R20") ? "warning" : "error";
  if (readFileSync(cataloguePath, "utf8").includes(`  ${code}:`))
    return fail(`${code} is in the catalogue already; a code keeps its meaning for ever`);
  addToCatalogue(family.block, `  ${code}: ["${severity}", ${JSON.stringify(text)}],`);
  writeFileSync(`${pages}${code}.md`, pageSkeleton(code, text, severity));
  const corpusCase = addCase(code, text, family.corpus);
  await writeIndex();
  process.stdout.write(
    [
      `Made ${code}. Left to do:`,
      `  docs/diagnostics/${code}.md     write the page; its samples are run`,
      `  ${corpusCase}   write the case, then UPDATE_CORPUS=1 vitest run test/checker test/grammar, and read what it says`,
      "  the check that reports it, in src/checker, src/analysis or grammar",
      "",
    ].join("\n"),
  );
}

function addToCatalogue(block: string, line: string): void {
  const text = readFileSync(cataloguePath, "utf8");
  const start = text.indexOf(`const ${block} = {`);
  const end = text.indexOf("\n} as const;", start);
  const lines = text.slice(start, end).split("\n");
  const at = lines.findIndex((other) => /^ {2}R\d{4}:/.test(other) && other.trim() > line.trim());
  lines.splice(at < 0 ? lines.length : at, 0, line);
  writeFileSync(cataloguePath, text.slice(0, start) + lines.join("\n") + text.slice(end));
}

function pageSkeleton(code: string, text: string, severity: string): string {
  const sample = '```rules\nrule "sample"\n  when alert received\n  then create ticket\nend\n```';
  const sections = [
    `# ${code}: ${text}`,
    "What it means, in two sentences.",
    "## Avoid",
    sample,
    "## Prefer",
    sample,
    "## Why",
    "Why, for a dispatcher at night.",
    ...(severity === "warning"
      ? [
          "## When to allow it",
          `When. Write \`# allow ${code} because ...\` on the line, or on the line before.`,
        ]
      : []),
  ];
  return `${sections.join("\n\n")}\n`;
}

function addCase(code: string, text: string, corpus: string): string {
  if (corpus.endsWith("/")) {
    const path = `${corpus}${text.replace(/[^a-z0-9]+/gi, "-").replace(/^-|-$/g, "")}.rules`;
    if (!existsSync(root + path)) writeFileSync(root + path, `# ${code}\n`);
    return path;
  }
  appendFileSync(root + corpus, `\n=== ${text}\nrule "r"\n  when alert received\n  then stop\nend\n---\n`);
  return corpus;
}

/** The catalogue is read after it was written. */
async function writeIndex(): Promise<void> {
  const { catalogue } = await import("../src/diagnostics/index.ts");
  writeFileSync(`${pages}README.md`, indexPage(catalogue));
}

function fail(why: string): void {
  process.stderr.write(`${why}\n`);
  process.exitCode = 2;
}
