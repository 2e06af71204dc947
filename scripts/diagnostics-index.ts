/** The index page of the codes, built from the catalogue: docs/diagnostics/README.md. Knows no file. */
import type { CatalogueEntry } from "../src/diagnostics/index.ts";

const families: readonly (readonly [prefix: string, title: string])[] = [
  ["R10", "Text and tokens"],
  ["R11", "Sentences"],
  ["R12", "Names"],
  ["R13", "Kinds of values"],
  ["R14", "Not in this version"],
  ["R20", "What the whole set means (warnings)"],
];

export function indexPage(catalogue: readonly CatalogueEntry[]): string {
  const blocks = families.map(([prefix, title]) => {
    const rows = catalogue
      .filter(({ code }) => code.startsWith(prefix))
      .map((entry) => `| [${entry.code}](${entry.code}.md) | ${entry.severity} | ${entry.title} |`);
    return [`## ${title}`, "", "| Code | | What it says |", "|---|---|---|", ...rows].join("\n");
  });
  return [
    "# What `tocsin check` says",
    [
      "Each message has a code, and each code has a page: what it means, what to avoid, what to prefer and why.",
      "`tocsin explain-code R1203` prints the page in your terminal, without a network.",
      "`tocsin check --fix` applies the fixes that cannot change what you meant; `--format sarif` writes SARIF 2.1.0 for code scanning.",
    ].join("\n"),
    [
      "Errors stop publishing. Warnings do not, unless you ask for `--strict`; a comment silences one, with a reason:",
      "`# allow R2010 because ...`, on the line or on the line before.",
    ].join("\n"),
    ...blocks,
    "<!-- Built by `node scripts/new-diagnostic.ts --index` from src/diagnostics/catalogue.ts. -->",
    "",
  ].join("\n\n");
}
